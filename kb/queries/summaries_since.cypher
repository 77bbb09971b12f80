// The summaries that a release which is being made has written so far.
MATCH (s:Summary)
WHERE s.first = $number
RETURN s.therapy AS therapy, s.condition AS condition
