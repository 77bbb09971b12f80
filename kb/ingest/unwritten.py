"""Nodes that are not written yet, by label, id and what they are looked for: in memory for few, on disk for many."""

import sqlite3
from collections.abc import Generator, Iterable
from contextlib import closing, contextmanager
from typing import Protocol

import orjson

from kb.ingest.decision import Key
from kb.store import Row

#: A key stays when its node is replaced by one that has it no more: whoever finds a node looks whether it has it.
TABLES = """
CREATE TABLE node (label TEXT, id TEXT, properties BLOB, PRIMARY KEY (label, id)) WITHOUT ROWID;
CREATE TABLE key (label TEXT, name TEXT, value TEXT, id TEXT, PRIMARY KEY (label, name, value, id)) WITHOUT ROWID;
"""


class Unwritten(Protocol):
    """Holds nodes, given by their properties."""

    def add(self, label: str, node: Row, keys: Iterable[tuple[str, str]]) -> None:
        """Hold a node in place of what it was. ``keys``: the names and values under which it is found."""
        ...

    def known(self, label: str, ids: Iterable[str]) -> set[str]:
        """Return those of these ids of which a node is held."""
        ...

    def found(self, label: str, name: str, values: Iterable[str]) -> Iterable[Row]:
        """Return each node once that was added under one of these values; it may be replaced since."""
        ...

    def all(self, label: str) -> Iterable[Row]:
        """Return the nodes of a label."""
        ...


class InMemory:
    """Nodes in the memory of this process."""

    def __init__(self) -> None:
        self._nodes: dict[str, dict[str, Row]] = {}
        self._ids: dict[str, dict[Key, list[str]]] = {}

    def add(self, label: str, node: Row, keys: Iterable[tuple[str, str]]) -> None:
        """Hold a node in place of what it was."""
        id_ = node["id"]
        self._nodes.setdefault(label, {})[id_] = node
        ids = self._ids.setdefault(label, {})
        for key in keys:
            ids.setdefault(key, []).append(id_)

    def known(self, label: str, ids: Iterable[str]) -> set[str]:
        """Return those of these ids of which a node is held."""
        return set(self._nodes.get(label, {}).keys() & set(ids))

    def found(self, label: str, name: str, values: Iterable[str]) -> Iterable[Row]:
        """Return each node once that was added under one of these values; it may be replaced since."""
        ids, nodes = self._ids.get(label, {}), self._nodes.get(label, {})
        wanted = dict.fromkeys(id_ for value in values for id_ in ids.get((name, value), ()))
        return [nodes[id_] for id_ in wanted]

    def all(self, label: str) -> Iterable[Row]:
        """Return the nodes of a label."""
        return list(self._nodes.get(label, {}).values())


@contextmanager
def on_disk() -> "Generator[OnDisk]":
    """Open a database that goes to the disk when it grows, so that memory does not, and is gone with the block."""
    # Without a name it is a file that nobody else sees.
    with closing(sqlite3.connect("")) as database:
        database.executescript(TABLES)
        yield OnDisk(database)


class OnDisk:
    """Nodes in a database."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, label: str, node: Row, keys: Iterable[tuple[str, str]]) -> None:
        """Hold a node in place of what it was."""
        id_ = node["id"]
        self._database.execute("INSERT OR REPLACE INTO node VALUES (?, ?, ?)", (label, id_, orjson.dumps(node)))
        rows = ((label, name, value, id_) for name, value in keys)
        self._database.executemany("INSERT OR IGNORE INTO key VALUES (?, ?, ?, ?)", rows)

    def known(self, label: str, ids: Iterable[str]) -> set[str]:
        """Return those of these ids of which a node is held."""
        query = "SELECT id FROM node WHERE label = ? AND id IN (SELECT value FROM json_each(?))"
        return {id_ for (id_,) in self._database.execute(query, (label, _list(ids)))}

    def found(self, label: str, name: str, values: Iterable[str]) -> Iterable[Row]:
        """Return each node once that was added under one of these values; it may be replaced since."""
        query = (
            "SELECT properties FROM node WHERE label = ?1 AND id IN "
            "(SELECT id FROM key WHERE label = ?1 AND name = ?2 AND value IN (SELECT value FROM json_each(?3)))"
        )
        rows = self._database.execute(query, (label, name, _list(values)))
        return [orjson.loads(properties) for (properties,) in rows]

    def all(self, label: str) -> Iterable[Row]:
        """Return the nodes of a label."""
        rows = self._database.execute("SELECT properties FROM node WHERE label = ?", (label,))
        return [orjson.loads(properties) for (properties,) in rows]


def _list(values: Iterable[str]) -> str:
    return orjson.dumps([*values]).decode()
