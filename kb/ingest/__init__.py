"""Ingest: records into the graph, planned before anything is written.

source.py    what is loaded
chunks.py    which records are planned together, read ahead
brought.py   what the chunks before brought
content.py   what is made of a record alone: hash, properties, match keys
plan.py      decide per record: new, matched, updated, unchanged, rejected; write nothing
decision.py  what a plan is made of
deciding.py  what is decided so far
linking.py   terms in use, medicines and trials: current_terms.py, medicines.py, trials.py
citations.py which known citation each one is: identity.py by identifiers, matched.py beyond them
checks.py    names, replacements, hierarchies and references against the graph and the rest of the load
circles.py   entries that are above each other, or that take each other's place
existing.py  what the graph holds of what comes in
merge.py     two sources of one record, field by field
references.py  the citations that a record names
writing_order.py  each record after what it refers to
foreseen.py  the graph as what is not written yet will leave it: unwritten.py
apply.py     write in batches, each a transaction
runs.py      the load run of each source
report.py    what became of each source
load.py      all of it, chunk by chunk
match_keys.py  the keys under which a graph's citations are found
"""

from kb.ingest.decision import Action
from kb.ingest.load import load_sources
from kb.ingest.report import FileReport
from kb.ingest.source import Source

__all__ = ["Action", "FileReport", "Source", "load_sources"]
