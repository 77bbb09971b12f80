// What these findings are about, and since which release.
UNWIND $ids AS id
MATCH (f:Finding {id: id})
RETURN f.id AS id, f.since AS since, f.therapies AS therapies, f.conditions AS conditions
