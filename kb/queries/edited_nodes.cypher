// The records of one label that a release holds otherwise than they are now: it holds what a revision says.
MATCH (r:Revision)
WHERE r.until > $release AND r.first <= $release AND r.record_label = $label
RETURN DISTINCT r.record_id AS id
