// The relationships of one type that start at these nodes of one label.
UNWIND $ids AS id
MATCH (n:__Label__ {id: id})-[:__TYPE__]->(m)
RETURN n.id AS source, m.id AS target
