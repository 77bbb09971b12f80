// How many records that a release held, by label, were edited in the releases after it, up to a later one.
MATCH (r:Revision)
WHERE r.until > $since AND r.until <= $until AND r.first <= $since
RETURN r.record_label AS label, count(DISTINCT r.record_id) AS records
