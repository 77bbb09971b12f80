// Change a record behind the back of ingest.
MATCH (t:Therapy {id: 'prp'})
SET t.sentence = 'It always works.'
