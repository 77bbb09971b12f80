// Not a statement in any dialect.
MATCH (p:Therapy RETURN p
