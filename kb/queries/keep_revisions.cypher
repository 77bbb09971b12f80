// Keep the published content of nodes that are about to be changed.
UNWIND $rows AS row
MATCH (n:__Label__ {id: row.id})
WHERE n.content_hash = row.before AND n.since = row.since
MERGE (r:Revision {id: row.revision.id})
SET r += row.revision
RETURN count(r) AS written
