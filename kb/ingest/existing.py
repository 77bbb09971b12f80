"""What the graph already holds of the records that come in."""

import asyncio
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from kb.ingest.identity import Alias
from kb.matching import KEYS
from kb.questions.merged import follow, read_merged
from kb.store import Reads, Row, portions
from schema.citation import Citation
from schema.possible_duplicate import PossibleDuplicate
from schema.record import Record
from schema.records import IDENTIFIERS, RECORDS
from schema.terms import Approval

#: Queries with a place for the property that is looked for.
BY_IDENTIFIER, BY_MATCH_KEY, MERGED_BY_IDENTIFIER = (
    "citations_by_identifier", "citations_by_match_key", "merged_by_identifier",
)  # fmt: skip
MERGED_ANY = "merged_any"
PAIRS_OF_ONE, PAIRS_OF_OTHER = "possible_duplicates_of_one", "possible_duplicates_of_other"

#: Values that are looked up in one list: the embedded engine compares what it finds with all of the list.
TOGETHER = 500


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
    #: Whether it may go into the next release as it is.
    approved: bool = True

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
        approved=node["approval"] == Approval.APPROVED,
    )


async def read_existing(store: Reads, label: str, ids: Iterable[str]) -> dict[str, Existing]:
    """Return what the graph holds under these ids of one label (drafts included)."""
    return {node["id"]: existing_from(label, node) for node in await store.nodes(label, ids)}


async def read_existing_citations(store: Reads, citations: Iterable[Citation]) -> list[Existing]:
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


async def read_by_identifier(store: Reads, name: str, values: set[str]) -> dict[str, Existing]:
    """Return the citations in the graph, by id, with one of these values of an outside identifier."""
    rows = await _look_up(store, BY_IDENTIFIER, name, values)
    return {row["node"]["id"]: existing_from("Citation", row["node"]) for row in rows}


async def read_aliases(store: Reads, citations: Sequence[Citation]) -> list[Alias]:
    """Return the ids and identifiers among these that belong to citations which were merged into another one."""
    if not await store.read(MERGED_ANY):
        return []
    wanted = {name: {value for one in citations if (value := getattr(one, name))} for name in IDENTIFIERS}
    names = [name for name, values in wanted.items() if values]
    by_id = await read_merged(store, (one.id for one in citations))
    found = await asyncio.gather(
        *(store.read(MERGED_BY_IDENTIFIER, {"property": name}, values=sorted(wanted[name])) for name in names)
    )
    rows = [("id", id_, one.into) for id_, one in by_id.items()]
    rows += [(name, row["value"], row["into"]) for name, some in zip(names, found, strict=True) for row in some]
    kept = await follow(store, {into for _, _, into in rows}) if rows else {}
    return [Alias(name, value, kept[into]) for name, value, into in rows if into in kept]


async def read_candidates(
    store: Reads, keys: Iterable[Mapping[str, str]], known: Container[str]
) -> dict[str, Citation]:
    """Return, by id, the citations in the graph that share a match key: with what they are compared by, no more.

    ``known``: ids of citations that were read already, and are left out.
    """
    wanted: dict[str, set[str]] = {name: set() for name in KEYS}
    for some in keys:
        for name, value in some.items():
            wanted[name].add(value)
    found = await asyncio.gather(*(_look_up(store, BY_MATCH_KEY, name, values) for name, values in wanted.items()))
    rows = {row["id"]: row for some in found for row in some if row["id"] not in known}
    return {
        id_: Citation.from_properties({name: value for name, value in row.items() if value is not None})
        for id_, row in rows.items()
    }


async def _look_up(store: Reads, query: str, name: str, values: Collection[str]) -> list[Row]:
    """Return what a query finds by one property: one value after the other costs a new engine four times as much."""
    return [
        row
        for some in portions(sorted(values), TOGETHER)
        for row in await store.read(query, {"property": name}, values=some)
    ]


async def read_pairs(store: Reads, ids: Iterable[str]) -> dict[str, PossibleDuplicate]:
    """Return, by id, the pairs of which one of these citations is a part, open and decided."""
    wanted = sorted(set(ids))
    found = await asyncio.gather(store.read(PAIRS_OF_ONE, ids=wanted), store.read(PAIRS_OF_OTHER, ids=wanted))
    return {row["node"]["id"]: PossibleDuplicate.from_properties(row["node"]) for some in found for row in some}
