"""Outside to records: one source per file, network apart from parsing. Knows nothing of the graph."""
