// Some of the approved records of one label that are in no release as they are now, nor in the one that is being made.
MATCH (n:__Label__)
WHERE n.since > $release AND n.id IS NOT NULL
WITH n
WHERE n.approval = 'APPROVED'
RETURN n.id AS id, n.content_hash AS hash, n.first_release AS first_release
LIMIT $count
