// Which of these ids of one label are in the graph.
UNWIND $ids AS id
MATCH (n:__Label__ {id: id})
RETURN n.id AS id
