// Whether all of these nodes still are as they were when a change of them was decided; whoever changes one now waits.
UNWIND $rows AS row
MATCH (n:__Label__ {id: row.id})
WHERE n.content_hash = row.before AND n.since = row.since
SET n.since = row.since
WITH count(n) AS unchanged
WHERE unchanged = $expected
RETURN unchanged
