// How many nodes one label has.
MATCH (n:__Label__)
RETURN count(n) AS nodes
