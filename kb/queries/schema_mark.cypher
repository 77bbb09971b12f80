// The fingerprint of the schema that was applied last, if any.
MATCH (m:Meta {id: 'schema'})
RETURN m.fingerprint AS fingerprint
