// The summaries that a release holds for one condition, every therapy.
MATCH (s:Summary {condition: $condition})
WHERE s.first <= $release AND s.until > $release
RETURN s {.*} AS node
