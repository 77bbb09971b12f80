// Remove nodes of one label that still are as they were when it was decided, with their relationships.
UNWIND $rows AS row
MATCH (n:__Label__ {id: row.id})
WHERE n.content_hash = row.before AND n.since = row.since
DETACH DELETE n
RETURN count(*) AS written
