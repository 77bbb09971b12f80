// Some of what an attempt at a release began to keep, or ended, of earlier contents.
MATCH (r:Revision)
WHERE r.until >= $number AND (r.first = $number OR r.until = $number)
RETURN r.id AS id, r.first AS first, r.record_label AS label, r.record_id AS record
LIMIT $count
