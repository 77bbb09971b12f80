"""Tests of the schema: identifiers, records, terms, the graph's constraints and the glossary."""
