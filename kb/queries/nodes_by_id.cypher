// The nodes of one label with these ids.
UNWIND $ids AS id
MATCH (n:__Label__ {id: id})
RETURN n {.*} AS node
