// Relationships of one type between two labels, for nodes whose content asks for them.
UNWIND $rows AS row
MATCH (a:__Label__ {id: row.source})
MATCH (b:__Target__ {id: row.target})
WHERE a.content_hash = row.hash
CREATE (a)-[:__TYPE__]->(b)
RETURN count(*) AS written
