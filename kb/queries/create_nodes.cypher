// New nodes of one label; a taken id or identifier fails the whole batch.
UNWIND $rows AS row
CREATE (n:__Label__ {id: row.id})
SET n += row.properties
