// The versions of summaries for these pairs that a release holds.
UNWIND $rows AS row
MATCH (s:Summary {therapy: row.therapy, condition: row.condition})
WHERE s.first <= $release AND s.until > $release
RETURN s {.*} AS node
