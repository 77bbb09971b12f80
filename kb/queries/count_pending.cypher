// How many records of one label wait for a release, or carry the number of one that is not there.
MATCH (n:__Label__)
WHERE n.since IN $numbers AND n.id IS NOT NULL
RETURN count(n) AS pending
