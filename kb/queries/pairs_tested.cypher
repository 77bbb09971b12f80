// The conditions in which therapies were tested by findings that a release holds as they are now, by both.
UNWIND $therapies AS therapy
MATCH (:Therapy {id: therapy})<-[:TESTS]-(f:Finding)
WHERE f.since <= $release
UNWIND f.conditions AS condition
RETURN DISTINCT therapy, condition
