// Join two records in a way that neither says.
MATCH (a:Therapy {id: 'tens'})
MATCH (b:Therapy {id: 'prp'})
CREATE (a)-[:BROADER]->(b)
