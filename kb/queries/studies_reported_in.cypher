// The studies that one citation reports.
MATCH (:Citation {id: $id})<-[:REPORTED_IN]-(s:Study)
RETURN DISTINCT s.id AS id
