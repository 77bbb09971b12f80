// Whether what is kept of merged citations still is as it was when a change of it was decided.
// It writes first: whoever is changing one is waited for before it is looked at, and whoever would then waits.
UNWIND $rows AS row
MATCH (m:MergedCitation {id: row.id})
SET m.id = row.id
WITH m, row
WHERE properties(m) = row
WITH count(m) AS unchanged
WHERE unchanged = $expected
RETURN unchanged
