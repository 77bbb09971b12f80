// Some of the versions of summaries that an attempt at a release wrote, or ended.
MATCH (s:Summary)
WHERE s.first = $number OR s.until = $number
RETURN s.id AS id, s.first AS first
LIMIT $count
