// Every label that the graph knows, in use or not.
CALL db.labels() YIELD label
RETURN label
ORDER BY label
