// The place of every node of one label in its hierarchy, and since when its content stands: in one row.
MATCH (n:__Label__)
RETURN collect([n.id, n.broader, n.replaced_by, n.since, n.first_release]) AS places
