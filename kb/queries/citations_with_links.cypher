// Citations that name other works, by id: with what says which of them are notices, no more.
MATCH (c:Citation)
WHERE c.links IS NOT NULL
RETURN c.id AS id, c.title AS title, c.pmid AS pmid, c.doi AS doi, c.year AS year, c.published AS published,
       c.links AS links
ORDER BY c.id
