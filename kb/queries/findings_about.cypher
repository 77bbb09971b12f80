// What every finding is about, and since which release, in the order of their ids.
MATCH (f:Finding)
WHERE f.first_release <= $release
RETURN f.id AS id, f.since AS since, f.therapies AS therapies, f.conditions AS conditions
ORDER BY f.id
