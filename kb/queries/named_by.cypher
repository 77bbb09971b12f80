// Whether a node is named by as many others as when it was decided what becomes of them.
MATCH (n:__Label__ {id: $id})
SET n.id = $id
WITH n
OPTIONAL MATCH (other)-->(n)
WITH count(DISTINCT other) AS named
WHERE named = $expected
RETURN named
