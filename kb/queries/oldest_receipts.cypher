// The receipts that were given first.
MATCH (r:Receipt)
WHERE r.given >= ''
RETURN r.id AS id
ORDER BY r.given
LIMIT $count
