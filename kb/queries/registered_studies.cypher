// The studies that have an entry in a registry.
MATCH (s:Study)
WHERE s.registered_in IS NOT NULL
RETURN s.id AS id
