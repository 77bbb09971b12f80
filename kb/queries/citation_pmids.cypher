// The PMIDs that the graph knows, in no order.
MATCH (c:Citation)
WHERE c.pmid IS NOT NULL
RETURN c.pmid AS pmid
