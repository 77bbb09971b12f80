// Note how loads ended.
UNWIND $rows AS row
MATCH (l:LoadRun {id: row.id})
SET l += row.properties
RETURN count(l) AS written
