// Take the number of a release that is not there off citations that were merged while they carried it.
UNWIND $ids AS id
MATCH (m:MergedCitation {id: id})
WHERE m.first_release = $number
SET m.first_release = $draft
RETURN count(m) AS written
