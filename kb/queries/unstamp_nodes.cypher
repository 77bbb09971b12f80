// Take the number of a release that is not there off records: they wait for the next one again.
UNWIND $ids AS id
MATCH (n:__Label__ {id: id})
SET n.since = CASE WHEN n.since = $number THEN $draft ELSE n.since END,
    n.first_release = CASE WHEN n.first_release = $number THEN $draft ELSE n.first_release END
RETURN count(n) AS written
