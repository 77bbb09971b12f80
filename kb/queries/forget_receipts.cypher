// Forget the oldest receipts.
MATCH (r:Receipt)
WHERE r.given >= ''
WITH r
ORDER BY r.given
LIMIT $count
DELETE r
