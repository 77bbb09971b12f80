// Remember the fingerprint of the schema that has just been applied.
MERGE (m:Meta {id: 'schema'})
SET m.fingerprint = $fingerprint
RETURN count(m) AS written
