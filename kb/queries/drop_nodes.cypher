// Remove nodes of one label, with their relationships.
UNWIND $ids AS id
MATCH (n:__Label__ {id: id})
DETACH DELETE n
