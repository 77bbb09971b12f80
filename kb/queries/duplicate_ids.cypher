// Ids that more than one node of a label has.
MATCH (n:__Label__)
WITH n.id AS id, count(n) AS nodes
WHERE nodes > 1
RETURN id, nodes
