// The records of one label with a relationship of one type to a citation.
MATCH (:Citation {id: $id})<-[:__TYPE__]-(n:__Label__)
RETURN n {.*} AS node
