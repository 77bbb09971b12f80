// The findings that test these therapies in the conditions asked for with each (null: in any), by both.
UNWIND $rows AS row
MATCH (:Therapy {id: row.therapy})<-[:TESTS]-(f:Finding)
UNWIND f.conditions AS condition
WITH row, condition, f.id AS id
WHERE row.conditions IS NULL OR condition IN row.conditions
RETURN row.therapy AS therapy, condition, collect(id) AS ids
