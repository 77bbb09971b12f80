// Remove a portion of all nodes, but for the mark of the applied schema; says how many.
MATCH (n)
WHERE NOT (n:Meta AND n.id = 'schema')
WITH n LIMIT 5000
DETACH DELETE n
RETURN count(*) AS removed
