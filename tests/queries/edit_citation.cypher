// Edit a citation as a load does.
MATCH (n:Citation {id: $id})
SET n += $properties, n.content_hash = $hash, n.since = $draft
