// The published content of merged citations that no release has ended yet, and where each leads.
MATCH (r:Revision)
WHERE r.until = $draft AND r.record_label = 'Citation'
MATCH (m:MergedCitation {id: r.record_id})
WHERE m.split IS NULL
RETURN r.id AS id, m.id AS citation, m.into AS into
