// The ids of all citations, in their order.
MATCH (c:Citation)
RETURN c.id AS id
ORDER BY id
