"""The graph store: named queries over Bolt, on a Neo4j server or on the embedded engine.

store.py     Store and open_store: read, stream, write
queries.py   query texts by name, with names of labels and types filled in from an allow-list
driver.py    the driver, without numpy
connection.py  reach the server, and reach it again after it was lost
faults.py    the driver's errors in our words
batches.py   rows in portions that one transaction can hold, ids in portions for one statement
schema.py    constraints and indexes
"""

from kb.store.batches import BYTES, batches, portions, weight_of
from kb.store.store import Reads, Row, Statement, Store, open_store, unless_kept

__all__ = [
    "BYTES", "Reads", "Row", "Statement", "Store", "batches", "open_store", "portions", "unless_kept", "weight_of",
]  # fmt: skip
