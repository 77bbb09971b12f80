// Which of these records of one label have content that came after a release.
UNWIND $ids AS id
MATCH (n:__Label__ {id: id})
WHERE n.since > $release
RETURN n.id AS id
