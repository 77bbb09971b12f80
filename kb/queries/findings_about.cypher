// What every finding is about, in the order of their ids.
MATCH (f:Finding)
WHERE f.first_release <= $release
RETURN f.id AS id
ORDER BY f.id
