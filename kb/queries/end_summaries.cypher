// Set until which release these versions of summaries stand.
UNWIND $rows AS row
MATCH (s:Summary {id: row.id})
SET s.until = row.until
RETURN count(s) AS written
