// The findings that test these therapies in one of these conditions, by id, and in which conditions.
UNWIND $therapies AS therapy
MATCH (:Therapy {id: therapy})<-[:TESTS]-(f:Finding)
WHERE any(condition IN f.conditions WHERE condition IN $conditions)
RETURN therapy, f.id AS id, f.conditions AS conditions
ORDER BY id
