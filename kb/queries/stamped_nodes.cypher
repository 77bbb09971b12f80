// The records of one label that carry the number of a release which is not there.
MATCH (n:__Label__)
WHERE n.since >= $number AND (n.since = $number OR n.first_release = $number)
RETURN n.id AS id
