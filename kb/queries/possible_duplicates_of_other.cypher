// The pairs that have one of these citations second.
UNWIND $ids AS id
MATCH (d:PossibleDuplicate {other: id})
RETURN d {.*} AS node
