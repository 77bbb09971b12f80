// The citations that hold one of these outside identifiers of one kind.
MATCH (n:Citation)
WHERE n.__property__ IN $values
RETURN n {.*} AS node
