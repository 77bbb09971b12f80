// The summaries that a release holds for one therapy, every condition.
MATCH (s:Summary {therapy: $therapy})
WHERE s.first <= $release AND s.until > $release
RETURN s {.*} AS node
