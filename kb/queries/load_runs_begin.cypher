// Note that loads have begun, each once.
UNWIND $rows AS row
MERGE (l:LoadRun {id: row.id})
ON CREATE SET l += row.properties
RETURN count(l) AS written
