// What reviewers judged of these pairs.
UNWIND $rows AS row
MATCH (j:Judgement {therapy: row.therapy, condition: row.condition})
RETURN j {.*} AS node
