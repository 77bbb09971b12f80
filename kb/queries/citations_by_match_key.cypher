// What citations with one of these match keys are compared by.
MATCH (n:Citation)
WHERE n.__property__ IN $values
RETURN n.id AS id, n.title AS title, n.type AS type, n.authors AS authors, n.year AS year, n.published AS published,
       n.journal AS journal, n.journal_abbreviation AS journal_abbreviation, n.issns AS issns, n.volume AS volume,
       n.issue AS issue, n.pages AS pages, n.authors_complete AS authors_complete, n.retraction AS retraction,
       n.links AS links, n.pmid AS pmid, n.doi AS doi, n.pmcid AS pmcid
