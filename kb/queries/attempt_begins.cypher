// From here on this attempt at a release is the only one that may write. Says which was the one before: '' if it ended.
MERGE (m:Meta {id: 'publishing'})
SET m.writes = coalesce(m.writes, 0) + 1
WITH m, m.attempt AS former
SET m.attempt = $attempt
RETURN former
