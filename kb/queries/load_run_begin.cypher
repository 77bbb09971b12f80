// Note that a load has begun, once.
MERGE (l:LoadRun {id: $id})
ON CREATE SET l += $properties
RETURN count(l) AS written
