// Remove nodes of one label that the knowledge base made itself.
UNWIND $ids AS id
MATCH (n:__Label__ {id: id})
DETACH DELETE n
