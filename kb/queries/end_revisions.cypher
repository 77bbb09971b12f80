// The content of merged citations ends with the release that is being made.
UNWIND $ids AS id
MATCH (r:Revision {id: id})
SET r.until = $number
RETURN count(r) AS written
