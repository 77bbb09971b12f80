// Which of these records of one label have content that came after a release, or are there no more.
UNWIND $ids AS id
OPTIONAL MATCH (n:__Label__ {id: id})
WITH id, n
WHERE n IS NULL OR n.since > $release
RETURN id
