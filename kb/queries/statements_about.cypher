// The statements that claim something about these therapies, or conditions.
UNWIND $ids AS id
MATCH (:__Label__ {id: id})<-[:CLAIMS_ABOUT]-(s:Statement)
RETURN DISTINCT s.id AS id
