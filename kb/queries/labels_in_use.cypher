// How many nodes carry a label that may not be filled into a query's text.
MATCH (n)
WHERE $label IN labels(n)
RETURN count(n) AS nodes
