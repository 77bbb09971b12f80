// All nodes of one label, by id.
MATCH (p:__Label__)
RETURN p.id AS id, p.n AS n
ORDER BY id
