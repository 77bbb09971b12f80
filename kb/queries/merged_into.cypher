// What was merged into these citations.
UNWIND $ids AS id
MATCH (m:MergedCitation {into: id})
WHERE m.split IS NULL
RETURN m {.*} AS node
