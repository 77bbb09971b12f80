// Make nodes of one label, each with an id and a number; an id that is taken is refused.
UNWIND $rows AS row
CREATE (p:__Label__ {id: row.id, n: row.n})
RETURN count(p) AS written
