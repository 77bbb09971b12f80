"""Tests of kb/ingest."""
