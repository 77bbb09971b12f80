// Citations that name other works, in no order.
MATCH (c:Citation)
WHERE c.links IS NOT NULL
RETURN c.id AS id
