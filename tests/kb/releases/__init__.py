"""Tests of kb/releases."""
