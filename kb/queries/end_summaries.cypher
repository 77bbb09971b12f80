// Set until which release these versions of summaries stand.
UNWIND $ids AS id
MATCH (s:Summary {id: id})
SET s.until = $number
RETURN count(s) AS written
