// The versions of summaries that began after one release or ended after it, up to a later release.
MATCH (s:Summary)
WHERE s.first > $since AND s.first <= $until
RETURN s.id AS id, s.therapy AS therapy, s.condition AS condition, s.first AS first, s.until AS until,
       s.answer_hash AS hash
UNION
MATCH (s:Summary)
WHERE s.until > $since AND s.until <= $until
RETURN s.id AS id, s.therapy AS therapy, s.condition AS condition, s.first AS first, s.until AS until,
       s.answer_hash AS hash
