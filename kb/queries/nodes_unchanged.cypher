// Whether all of these nodes still are as they were when a change of them was decided.
// It writes first: whoever is changing one is waited for before it is looked at, and whoever would then waits.
UNWIND $rows AS row
MATCH (n:__Label__ {id: row.id})
SET n.id = row.id
WITH n, row
WHERE n.content_hash = row.before AND n.since = row.since
WITH count(n) AS unchanged
WHERE unchanged = $expected
RETURN unchanged
