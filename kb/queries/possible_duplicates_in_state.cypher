// The pairs of citations in one state: open, or decided.
MATCH (d:PossibleDuplicate)
WHERE d.state = $state
RETURN d {.*} AS node
