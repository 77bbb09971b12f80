// How many records of one label the newest release does not hold as they are now.
MATCH (n:__Label__)
WHERE n.since > $release AND n.id IS NOT NULL
RETURN count(n) AS pending
