"""What may exist: record types, controlled terms, identifiers. Imports nothing of ours and does no I/O."""
