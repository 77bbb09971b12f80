// Loads of the same bytes that were begun and did not end, the newest last.
MATCH (l:LoadRun)
WHERE l.sha256 IN $hashes AND l.state = 'RUNNING'
RETURN l {.*} AS node
ORDER BY l.started, l.id
