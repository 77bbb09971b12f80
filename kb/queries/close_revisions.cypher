// The earlier content of records ends with the release that is being made.
UNWIND $rows AS row
MATCH (n:__Label__ {id: row.id})
WHERE n.content_hash = row.hash
MATCH (r:Revision {record_id: row.id})
WHERE r.record_label = $label AND r.until = $draft
SET r.until = $number
RETURN count(r) AS closed
