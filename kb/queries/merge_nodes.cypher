// Nodes of one label that the knowledge base makes itself, new or replaced.
UNWIND $rows AS row
MERGE (n:__Label__ {id: row.id})
SET n = row.properties
RETURN count(n) AS written
