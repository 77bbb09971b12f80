// Approved records of one label that the newest release does not hold as they are now, in the order of their ids.
MATCH (n:__Label__)
WHERE n.since > $release AND n.approval = 'APPROVED'
RETURN n.id AS id, n.content_hash AS hash, n.first_release AS first_release
ORDER BY n.id
