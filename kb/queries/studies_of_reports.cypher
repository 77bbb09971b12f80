// Which studies each of these citations reports.
UNWIND $ids AS id
MATCH (:Citation {id: id})<-[:REPORTED_IN]-(s:Study)
RETURN id AS citation, s.id AS study
