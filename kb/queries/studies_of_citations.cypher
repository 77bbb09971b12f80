// The studies that these citations report.
UNWIND $ids AS id
MATCH (:Citation {id: id})<-[:REPORTED_IN]-(s:Study)
RETURN DISTINCT s.id AS id
