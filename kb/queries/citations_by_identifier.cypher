// The citations that hold one of these outside identifiers of one kind.
UNWIND $values AS value
MATCH (n:Citation {__property__: value})
RETURN n {.*} AS node
