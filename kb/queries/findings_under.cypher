// The findings with a relationship of one type to these records of one label.
UNWIND $ids AS id
MATCH (:__Label__ {id: id})<-[:__TYPE__]-(f:Finding)
RETURN DISTINCT f.id AS id
