// Replace the properties of nodes of one label.
UNWIND $rows AS row
MATCH (n:__Label__ {id: row.id})
SET n = row.properties
