// The versions of summaries for these pairs that a release holds.
UNWIND $rows AS row
MATCH (s:Summary {condition: row.condition})
WHERE s.therapy = row.therapy AND s.first <= $release AND s.until > $release
RETURN s {.*} AS node
