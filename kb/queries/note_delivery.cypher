// Note how a delivery to a webhook went, if the webhook is still there.
MATCH (w:Webhook {id: $id})
SET w += $properties
RETURN count(w) AS noted
