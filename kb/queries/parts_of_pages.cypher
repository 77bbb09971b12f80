// The statements, or the references, of pages.
UNWIND $ids AS id
MATCH (:Page {id: id})<-[:ON_PAGE]-(n:__Label__)
RETURN n.id AS id
