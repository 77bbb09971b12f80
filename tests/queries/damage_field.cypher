// Give a record a value that its kind does not allow.
MATCH (t:Therapy {id: 'tens'})
SET t.kind = 'MAGIC'
