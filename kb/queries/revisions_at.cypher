// What these records said in a release, where they have been edited since.
UNWIND $ids AS id
MATCH (r:Revision {record_id: id})
WHERE r.record_label = $label AND r.first <= $release AND r.until > $release
RETURN r.record_id AS id, r.content AS content
