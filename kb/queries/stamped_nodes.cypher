// Some of the records of one label that carry the number of a release which is not there.
MATCH (n:__Label__)
WHERE n.since = $number AND n.id IS NOT NULL
RETURN n.id AS id
LIMIT $count
