// Whether all of these nodes are there.
// It writes first: whoever is removing one is waited for before it is looked for, and whoever would then waits.
UNWIND $ids AS id
MATCH (n:__Label__ {id: id})
SET n.id = id
WITH count(n) AS there
WHERE there = $expected
RETURN there
