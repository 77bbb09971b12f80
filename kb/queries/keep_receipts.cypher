// Remember receipts that were given, each once.
UNWIND $rows AS row
MERGE (r:Receipt {id: row.id})
ON CREATE SET r += row.properties
RETURN count(r) AS kept
