// What was published of records that stay drafts ends with the release that is being made, which says something else.
UNWIND $ids AS id
MATCH (r:Revision {record_id: id})
WHERE r.record_label = $label AND r.until = $draft AND r.first < $number
SET r.until = $number
RETURN count(r) AS closed
