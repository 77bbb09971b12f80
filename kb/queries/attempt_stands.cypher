// Whether this attempt at a release is still the newest one. It writes first, so that two at once wait for each other.
MATCH (m:Meta {id: 'publishing'})
SET m.writes = coalesce(m.writes, 0) + 1
WITH m
WHERE m.attempt = $attempt
RETURN m.attempt AS attempt
