// The version of the match keys that every citation has, if any.
MATCH (m:Meta {id: 'match_keys'})
RETURN m.version AS version
