// Remove a webhook.
MATCH (w:Webhook {id: $id})
DELETE w
RETURN count(*) AS removed
