// Loads of the same bytes that were begun and did not end.
MATCH (l:LoadRun)
WHERE l.sha256 = $sha256 AND l.state = 'RUNNING'
RETURN l {.*} AS node
ORDER BY l.started DESC
LIMIT 1
