// The studies that name one of these therapies and one of these conditions, whether or not a result of theirs is held.
UNWIND $therapies AS id
MATCH (:Therapy {id: id})<-[:STUDIES]-(s:Study)-[:STUDIED_IN]->(c:Condition)
WHERE c.id IN $conditions
RETURN DISTINCT s.id AS id
