// Ids of the citations with one of these match keys: what a printed reference may mean.
UNWIND $values AS value
MATCH (n:Citation {__property__: value})
RETURN DISTINCT n.id AS id
