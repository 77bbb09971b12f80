"""Ingest: records into the graph, planned before anything is written.

source.py    what is loaded
plan.py      decide per record: new, matched, updated, unchanged, rejected
linking.py   terms in use, medicines and trials: current_terms.py, medicines.py, trials.py
identity.py  which citations are one
identity.py  which citations are one by their identifiers
matched.py   which are one beyond them, and what is kept of a record that was merged
match_keys.py  the keys under which a graph's citations are found
merge.py     two sources of one record, field by field
apply.py     write in batches, each a transaction
load.py      all of it, chunk by chunk, with a report
"""

from kb.ingest.load import FileReport, load_sources
from kb.ingest.plan import Action
from kb.ingest.source import Source

__all__ = ["Action", "FileReport", "Source", "load_sources"]
