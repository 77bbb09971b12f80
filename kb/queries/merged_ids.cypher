// The citations that had an outside identifier when they were merged, split again or not.
MATCH (m:MergedCitation {__property__: $value})
RETURN m.id AS id
