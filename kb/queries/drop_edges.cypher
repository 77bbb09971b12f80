// Remove the relationships of one type that changed nodes of one label asked for before.
UNWIND $rows AS row
MATCH (n:__Label__ {id: row.id})-[e:__TYPE__]->()
WHERE n.content_hash = row.hash
DELETE e
