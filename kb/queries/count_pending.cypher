// How many records of one label the newest release does not hold as they are now.
MATCH (n:__Label__)
WHERE n.since > $release
RETURN count(n) AS pending
