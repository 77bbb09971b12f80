// The attempt at a release is over, and has left nothing behind.
MATCH (m:Meta {id: 'publishing'})
SET m.attempt = '', m.ended = $attempt
RETURN count(m) AS written
