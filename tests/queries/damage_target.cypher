// Remove a finding on which an answer rests.
MATCH (f:Finding {study: 'author1trial'})
DETACH DELETE f
