// The merged citations that had one of these outside identifiers of one kind.
UNWIND $values AS value
MATCH (m:MergedCitation {__property__: value})
WHERE m.split IS NULL
RETURN m.into AS into, value
