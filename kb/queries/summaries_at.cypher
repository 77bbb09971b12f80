// Every summary that a release holds, in the order of its pair.
MATCH (s:Summary)
WHERE s.first <= $release AND s.until > $release
RETURN s {.*} AS node
ORDER BY s.condition, s.therapy
