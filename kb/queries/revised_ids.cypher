// The citations that had an outside identifier before they were edited or merged.
MATCH (r:Revision {__property__: $value})
WHERE r.record_label = 'Citation'
RETURN DISTINCT r.record_id AS id
