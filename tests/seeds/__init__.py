"""Tests of the curated content: it is tested like code."""
