// What citations say of the works that they name, with what says which of those are notices, no more.
UNWIND $ids AS id
MATCH (c:Citation {id: id})
RETURN c.id AS id, c.title AS title, c.pmid AS pmid, c.doi AS doi, c.year AS year, c.published AS published,
       c.links AS links
