// The nodes of one label with these ids, in one row: a row for each would cost the driver more than what is in it.
UNWIND $ids AS id
MATCH (n:__Label__ {id: id})
RETURN collect(n {.*}) AS nodes
