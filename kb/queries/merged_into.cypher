// What was merged into these citations.
UNWIND $ids AS id
MATCH (m:MergedCitation {into: id})
RETURN m {.*} AS node
