"""What the graph already holds of the records that come in."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

from kb.store import Store
from schema.citation import Citation
from schema.record import Record
from schema.records import IDENTIFIERS, RECORDS


@dataclass(frozen=True, slots=True)
class Existing:
    """A record in the graph with its envelope: hash, releases, and which source each field came from."""

    record: Record
    content_hash: str
    since: int
    first_release: int
    load_run: str
    source: str
    field_sources: dict[str, str] = field(default_factory=dict[str, str])

    def source_of(self, name: str) -> str:
        """Return the source (a format's name) that a field's value came from."""
        return self.field_sources.get(name, self.source)


def existing_from(label: str, node: dict[str, Any]) -> Existing:
    """Make an Existing from a node's properties."""
    return Existing(
        record=RECORDS[label].from_properties(node),
        content_hash=node["content_hash"],
        since=node["since"],
        first_release=node["first_release"],
        load_run=node["load_run"],
        source=node["loaded_from"],
        field_sources=orjson.loads(node["field_sources"]) if "field_sources" in node else {},
    )


async def read_existing(store: Store, label: str, ids: Iterable[str]) -> dict[str, Existing]:
    """Return what the graph holds under these ids of one label (drafts included)."""
    rows = await store.read("nodes_by_id", {"Label": label}, ids=sorted(set(ids)))
    return {row["node"]["id"]: existing_from(label, row["node"]) for row in rows}


async def read_existing_citations(store: Store, citations: Iterable[Citation]) -> list[Existing]:
    """Return every citation in the graph that shares an id or an outside identifier with one of these."""
    wanted = list(citations)
    lookups = [
        read_by_identifier(store, name, {value for one in wanted if (value := getattr(one, name))})
        for name in IDENTIFIERS
    ]
    found: dict[str, Existing] = {}
    for some in await asyncio.gather(read_existing(store, "Citation", (one.id for one in wanted)), *lookups):
        found |= some
    return list(found.values())


async def read_by_identifier(store: Store, name: str, values: set[str]) -> dict[str, Existing]:
    """Return the citations in the graph, by id, with one of these values of an outside identifier."""
    if not values:
        return {}
    rows = await store.read("citations_by_identifier", {"property": name}, values=sorted(values))
    return {row["node"]["id"]: existing_from("Citation", row["node"]) for row in rows}
