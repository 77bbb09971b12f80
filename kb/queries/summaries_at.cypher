// Which answers a release holds, in no order: whoever sorts them here would need each node whole.
MATCH (s:Summary)
WHERE s.first <= $release AND s.until > $release
RETURN s.id AS id, s.condition AS condition, s.therapy AS therapy
