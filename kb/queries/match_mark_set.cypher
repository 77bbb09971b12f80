// Remember that every citation has the match keys of a version.
MERGE (m:Meta {id: 'match_keys'})
SET m.version = $version
RETURN count(m) AS written
