// Set until which release these contents of edited or merged records stand.
UNWIND $ids AS id
MATCH (r:Revision {id: id})
SET r.until = $number
RETURN count(r) AS written
