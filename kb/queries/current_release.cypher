// The number of the newest release; no row value before the first.
MATCH (r:Release)
RETURN max(r.number) AS number
