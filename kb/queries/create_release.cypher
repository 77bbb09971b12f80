// The release: from here on readers see it. A second one of the same number fails.
CREATE (r:Release {id: $id})
SET r += $properties
RETURN count(r) AS written
