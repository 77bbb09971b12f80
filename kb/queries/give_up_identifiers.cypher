// Take the identifiers from citations that are given others next: at no moment have two of them the same.
UNWIND $ids AS id
MATCH (n:Citation {id: id})
SET n.doi = null, n.pmcid = null
