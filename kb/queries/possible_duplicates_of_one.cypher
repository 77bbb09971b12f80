// The pairs that have one of these citations first.
UNWIND $ids AS id
MATCH (d:PossibleDuplicate {one: id})
RETURN d {.*} AS node
