"""The knowledge base: store, ingest, evidence, review, releases, exports, command line."""
