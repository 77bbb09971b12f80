// Give citations their match keys.
UNWIND $rows AS row
MATCH (n:Citation {id: row.id})
SET n.match_title = row.match_title, n.match_page = row.match_page, n.match_beginning = row.match_beginning
RETURN count(n) AS written
