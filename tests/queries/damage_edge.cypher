// Remove a relationship that a record asks for.
MATCH (:Study {id: 'author1trial'})-[e:STUDIES]->(:Therapy)
DELETE e
