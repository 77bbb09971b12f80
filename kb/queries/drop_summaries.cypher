// Remove versions that a release which did not come about had begun.
UNWIND $ids AS id
MATCH (s:Summary {id: id})
DETACH DELETE s
