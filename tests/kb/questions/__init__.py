"""Tests of kb/questions."""
