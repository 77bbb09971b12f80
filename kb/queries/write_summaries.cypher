// New versions of summaries, with what they are about.
UNWIND $rows AS row
MERGE (s:Summary {id: row.id})
SET s = row.properties
WITH s
MATCH (t:Therapy {id: s.therapy})
MATCH (c:Condition {id: s.condition})
MERGE (s)-[:SUMMARISES]->(t)
MERGE (s)-[:SUMMARISED_FOR]->(c)
RETURN count(s) AS written
