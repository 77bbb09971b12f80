// How many records of one label came with the releases after one, up to a later one.
MATCH (n:__Label__)
WHERE n.first_release > $since AND n.first_release <= $until
RETURN count(n) AS records
