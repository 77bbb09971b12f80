// The findings that test these therapies in these conditions, by therapy and condition.
UNWIND $therapies AS therapy
MATCH (:Therapy {id: therapy})<-[:TESTS]-(f:Finding)
UNWIND f.conditions AS condition
WITH therapy, condition, f.id AS id
WHERE condition IN $conditions
RETURN therapy, condition, collect(id) AS ids
