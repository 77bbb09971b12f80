// Some of the approved records of one label that wait for a release.
MATCH (n:__Label__)
WHERE n.since = $draft AND n.id IS NOT NULL
WITH n
WHERE n.approval = 'APPROVED'
RETURN n.id AS id, n.content_hash AS hash, n.first_release AS first_release
LIMIT $count
