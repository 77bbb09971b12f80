// A node that the schema does not know.
CREATE (:Stranger {id: 'x'})
