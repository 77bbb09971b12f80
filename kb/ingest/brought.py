"""The citations that a load brought so far: a second record of one file adds to the first, however far behind it is."""

import sqlite3
from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import closing, contextmanager
from dataclasses import dataclass

from kb.ingest.decision import Action, Decision, Earlier
from schema.citation import Citation

TABLE = """
CREATE TABLE brought (id TEXT PRIMARY KEY, file INTEGER, chunk INTEGER, action TEXT, revised TEXT) WITHOUT ROWID
"""
#: Further records of a citation, by chunk.
FURTHER = """
CREATE TABLE further (id TEXT, file INTEGER, chunk INTEGER, records INTEGER, PRIMARY KEY (id, file, chunk))
WITHOUT ROWID
"""


@contextmanager
def none_brought() -> "Generator[Brought]":
    """Open a memory of a load that has brought nothing; it goes to the disk when it grows."""
    with closing(sqlite3.connect("")) as database:
        database.execute(TABLE)
        database.execute(FURTHER)
        yield Brought(database)


@dataclass(frozen=True, slots=True)
class Brought:
    """What was decided of citations in the chunks so far."""

    _database: sqlite3.Connection

    def before(self, chunk: int) -> "Before":
        """Return what the chunks before this one brought; this one may be planned several times."""
        return Before(self._database, chunk)

    def add(self, chunk: int, decisions: Iterable[Decision]) -> None:
        """Remember the citations of a chunk: of several records of one, the first."""
        told = [one for one in decisions if isinstance(one.record, Citation)]
        further = Counter((one.record.id, one.incoming.file) for one in told if one.double or one.again)
        rows = [(id, file, chunk, records) for (id, file), records in further.items()]
        self._database.executemany("INSERT OR REPLACE INTO further VALUES (?, ?, ?, ?)", rows)
        found = [one for one in told if not one.double]
        first = [
            (one.record.id, one.incoming.file, chunk, one.action, getattr(one.incoming.parsed.record, "revised", None))
            for one in found
            if one.again is None
        ]
        self._database.executemany("INSERT OR REPLACE INTO brought VALUES (?, ?, ?, ?, ?)", first)
        changed = [(one.action, one.record.id) for one in found if one.again and one.action is Action.UPDATED]
        self._database.executemany("UPDATE brought SET action = ? WHERE id = ? AND action != 'new'", changed)


@dataclass(frozen=True, slots=True)
class Before:
    """What the chunks before one brought."""

    _database: sqlite3.Connection
    _chunk: int

    def find(self, id: str, file: int) -> Earlier | None:
        """Return what was decided of a citation when its first record of the same file came.

        That one may have been a further record of what another file brought.
        """
        asked = (id, file, self._chunk)
        query = "SELECT action, revised FROM brought WHERE id = ? AND file = ? AND chunk < ?"
        row = self._database.execute(query, asked).fetchone()
        query = "SELECT total(records) FROM further WHERE id = ? AND file = ? AND chunk < ?"
        (further,) = self._database.execute(query, asked).fetchone()
        if row is None:
            return Earlier(Action.MATCHED, None, int(further)) if further else None
        return Earlier(Action(row[0]), row[1], 1 + int(further))
