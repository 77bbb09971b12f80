// Change many records behind the back of ingest.
MATCH (c:Citation)
WHERE c.year >= 2030
SET c.title = 'Another title'
