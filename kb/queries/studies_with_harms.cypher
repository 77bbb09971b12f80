// What every study tells of harms.
MATCH (s:Study)
WHERE s.harms IS NOT NULL
RETURN s.id AS id, s.harms AS harms
