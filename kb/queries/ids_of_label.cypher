// The ids of all nodes of one label, in no order: whoever sorts them here would need each node whole.
MATCH (n:__Label__)
RETURN n.id AS id
