// Make citations as they were before there were match keys.
MATCH (n)
WHERE n:Citation OR (n:Meta AND n.id = 'match_keys')
REMOVE n.match_title, n.match_page, n.match_beginning, n.version
RETURN count(n) AS written
