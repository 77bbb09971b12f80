// Make the probes that are missing, by key.
UNWIND $rows AS row
MERGE (t:Therapy {id: row.id})
SET t.n = coalesce(t.n, 0) + 1
RETURN count(t) AS written
