// The records of one label that a release holds otherwise than they are now.
MATCH (n:__Label__)
WHERE n.since > $release AND n.first_release <= $release
RETURN n.id AS id
