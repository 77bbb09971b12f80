// The reviews that include these studies.
UNWIND $ids AS id
MATCH (:Study {id: id})<-[:INCLUDES]-(s:Study)
RETURN DISTINCT s.id AS id
