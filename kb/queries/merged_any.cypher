// Whether any citation was ever merged into another one: most loads can do without looking for them.
MATCH (m:MergedCitation)
RETURN m.id AS id
LIMIT 1
