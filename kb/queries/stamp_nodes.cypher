// Put records into a release that is being made, if they still are as they were when it began.
// It writes first: whoever is changing one is waited for before it is looked at.
UNWIND $rows AS row
MATCH (n:__Label__ {id: row.id})
SET n.id = row.id
WITH n, row
WHERE n.content_hash = row.hash
SET n.since = $number,
    n.first_release = CASE WHEN n.first_release < $number THEN n.first_release ELSE $number END
RETURN n.id AS id
