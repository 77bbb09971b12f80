// Replace the properties of nodes that still are as they were when the change was planned.
UNWIND $rows AS row
MATCH (n:__Label__ {id: row.id})
WHERE n.content_hash = row.before AND n.since = row.since
SET n = row.properties
RETURN count(n) AS written
