// Whether this attempt at a release is the one that ended last.
MATCH (m:Meta {id: 'publishing'})
WHERE m.ended = $attempt
RETURN m.ended AS attempt
