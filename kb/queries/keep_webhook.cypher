// Keep a webhook as it is now.
MERGE (w:Webhook {id: $id})
SET w = $properties
RETURN count(w) AS kept
