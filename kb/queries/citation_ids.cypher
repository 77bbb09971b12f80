// The citation with an outside identifier: PMID, DOI or PMCID.
MATCH (c:Citation {__property__: $value})
RETURN c.id AS id
