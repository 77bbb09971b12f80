// Note how a load ended.
MATCH (l:LoadRun {id: $id})
SET l += $properties
RETURN count(l) AS written
