// The findings that test one of these therapies in one of these conditions.
UNWIND $therapies AS therapy
MATCH (:Therapy {id: therapy})<-[:TESTS]-(f:Finding)
WHERE any(condition IN f.conditions WHERE condition IN $conditions)
RETURN DISTINCT f.id AS id
