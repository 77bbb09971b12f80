// Pairs of citations for a person to look at; one that is there already stays as it is, decided or not.
UNWIND $rows AS row
MERGE (p:PossibleDuplicate {id: row.id})
ON CREATE SET p += row.properties
RETURN count(p) AS asked
