"""Check: is the graph what the schema says? Reads every record once, and changes nothing.

Memory is bounded: of what was read only the vocabulary is held, whose circles can be seen in the whole alone.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from kb.ingest.circles import NAMED, Named, hierarchy_circles, replacement_circles
from kb.ingest.match_keys import match_keys_made
from kb.questions.merged import read_merged
from kb.store import Store
from schema.check import Check
from schema.merged_citation import MergedCitation
from schema.possible_duplicate import PossibleDuplicate
from schema.record import DRAFT, Record, references
from schema.records import DERIVED, LOADED, RECORDS
from schema.revision import Revision
from schema.study import Study, strange_reports
from schema.summary import Summary


class Kind(StrEnum):
    """What is wrong, in plain letters."""

    UNKNOWN_LABEL = "unknown label"
    INVALID = "no valid record"
    CHANGED = "changed content"
    PROVENANCE = "missing provenance"
    ORPHAN = "orphan"
    NEVER = "stands never"
    REFERENCE = "broken reference"
    DUPLICATE = "duplicate id"
    CIRCLE = "circle"
    MATCH_KEYS = "match keys"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, with the record (label and id) that it is about."""

    kind: Kind
    where: str
    message: str


async def check_graph(store: Store) -> list[Fault]:
    """Return everything that is wrong, each with the record it is about."""
    found = [one async for one in _unknown_labels(store)]
    vocabulary: dict[type[Named], dict[str, Named]] = {kind: {} for kind in NAMED}
    for kind in (*LOADED, *DERIVED):
        async for nodes in store.every(kind.label):
            found += [one async for one in _check_batch(store, kind, nodes, vocabulary)]
        found += [one async for one in _duplicates(store, kind.label)]
    found += [one for kind, entries in vocabulary.items() for one in _circles(kind, entries)]
    found += [one async for one in _match_keys(store)]
    return found


async def _unknown_labels(store: Store) -> AsyncIterator[Fault]:
    for row in await store.read("labels"):
        label = row["label"]
        if label not in RECORDS and label != "Meta":
            for count in await store.read("labels_in_use", label=label):
                if count["nodes"]:
                    told = f"{count['nodes']} nodes of a label that the schema does not know; remove them"
                    yield Fault(Kind.UNKNOWN_LABEL, label, told)


async def _duplicates(store: Store, label: str) -> AsyncIterator[Fault]:
    for row in await store.read("duplicate_ids", {"Label": label}):
        yield Fault(Kind.DUPLICATE, f"{label} {row['id']}", f"{row['nodes']} nodes have this id; keep one")


async def _match_keys(store: Store) -> AsyncIterator[Fault]:
    if not await match_keys_made(store):
        count = (await store.read("count_nodes", {"Label": "Citation"}))[0]["nodes"]
        if count:
            told = f"{count} may lack their match keys; the next kb load makes them"
            yield Fault(Kind.MATCH_KEYS, "Citation", told)


def _circles(kind: type[Named], entries: dict[str, Named]) -> Iterator[Fault]:
    """Loading refuses them; two loads at the same time may each have brought a part."""
    for circle in replacement_circles(entries.values()):
        told = f"is replaced by itself: {circle.path}; load one of these again without its 'replaced_by'"
        yield Fault(Kind.CIRCLE, f"{kind.label} {circle.ids[0]}", told)
    for circle in hierarchy_circles(kind, entries):
        merged = [f"{old} was merged into {new}" for old, new in circle.members.items() if old != new]
        told = f"its hierarchy is circular: {circle.path}" + (f" ({'; '.join(merged)})" if merged else "")
        told = f"{told}; load one of these again without that 'broader'"
        yield Fault(Kind.CIRCLE, f"{kind.label} {circle.ids[0]}", told)


async def _check_batch(
    store: Store, kind: type[Record], nodes: Sequence[dict[str, Any]], vocabulary: dict[type[Named], dict[str, Named]]
) -> AsyncIterator[Fault]:
    records: dict[str, Record] = {}
    for node in nodes:
        where = f"{kind.label} {node.get('id')}"
        try:
            record = records[node["id"]] = kind.from_properties(node)
        except (ValidationError, ValueError, KeyError) as wrong:
            told = f"is no valid {kind.label}: {_first_line(wrong)}; load it again from its source"
            yield Fault(Kind.INVALID, where, told)
            continue
        if isinstance(record, Named):
            vocabulary[type(record)][record.id] = record
        if kind in LOADED:
            for what, message in _envelope(record, node):
                yield Fault(what, where, message)
        for what, message in _alone(record):
            yield Fault(what, where, message)
    async for one in _references(store, kind, records):
        yield one
    async for one in _provenance(store, kind, nodes):
        yield one
    async for one in _pointed_at(store, kind, records):
        yield one


def _envelope(record: Record, node: dict[str, Any]) -> Iterator[tuple[Kind, str]]:
    if node.get("content_hash") != record.content_hash():
        yield Kind.CHANGED, "its content is not what was loaded; load it again from its source"
    for name in ("since", "first_release", "approval", "load_run"):
        if node.get(name) is None:
            yield Kind.PROVENANCE, f"has no {name}; load it again from its source"


def _alone(record: Record) -> Iterator[tuple[Kind, str]]:
    """What can be seen of a record by itself."""
    if isinstance(record, Study) and not record.citations:
        yield Kind.ORPHAN, "is reported in no citation"
    if isinstance(record, Study):
        for citation in strange_reports(record):
            yield Kind.REFERENCE, f"harms or readings cite {citation}, no report of it; load it again corrected"
    if isinstance(record, Summary) and record.first >= record.until:
        yield Kind.NEVER, f"stands from release {record.first} until {record.until}, which is never"
    if isinstance(record, Revision) and record.first > record.until:
        yield Kind.NEVER, f"stands from release {record.first} until {record.until}, which is never"


async def _references(store: Store, kind: type[Record], records: dict[str, Record]) -> AsyncIterator[Fault]:
    """Every reference has its relationship, and every relationship its reference."""
    for type_, labels in _targets(kind).items():
        edges: set[tuple[str, str]] = set()
        for row in await store.read("edges_of_nodes", {"Label": kind.label, "TYPE": type_}, ids=sorted(records)):
            if (row["source"], row["target"]) in edges:
                told = f"is joined twice to {row['target']} by {type_}"
                yield Fault(Kind.REFERENCE, f"{kind.label} {row['source']}", told)
            edges.add((row["source"], row["target"]))
        asked = {
            (record.id, edge.target): edge
            for record in records.values()
            for edge in record.edges()
            if edge.type == type_
        }
        for (source, target), edge in asked.items():
            if (source, target) not in edges:
                told = f"{edge.field} names the {edge.label} {target}, which is not there"
                yield Fault(Kind.REFERENCE, f"{kind.label} {source}", told)
        for source, target in sorted(edges - set(asked)):
            named = " or ".join(sorted(labels))
            told = f"is joined to the {named} {target} by {type_}, which its content does not say"
            yield Fault(Kind.REFERENCE, f"{kind.label} {source}", told)


def _targets(kind: type[Record]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for ref in references(kind).values():
        found.setdefault(ref.type, set()).add(ref.label)
    return found


async def _provenance(store: Store, kind: type[Record], nodes: Sequence[dict[str, Any]]) -> AsyncIterator[Fault]:
    if kind not in LOADED:
        return
    runs = {node["load_run"] for node in nodes if node.get("load_run")}
    known = {row["id"] for row in await store.read("nodes_exist", {"Label": "LoadRun"}, ids=sorted(runs))}
    for node in nodes:
        if node.get("load_run") and node["load_run"] not in known:
            told = f"came with the load {node['load_run']}, which is not there"
            yield Fault(Kind.PROVENANCE, f"{kind.label} {node['id']}", told)


async def _pointed_at(store: Store, kind: type[Record], records: dict[str, Record]) -> AsyncIterator[Fault]:
    """Ids that are kept as lists or text, not as relationships: the findings of a summary, the record of a revision."""
    wanted: dict[str, dict[str, str]] = {}
    for record in records.values():
        if isinstance(record, Summary) and record.until == DRAFT:
            for label, ids in (("Finding", record.findings), ("Study", record.studies), ("Citation", record.citations)):
                wanted.setdefault(label, {}).update(dict.fromkeys(ids, record.id))
        elif isinstance(record, MergedCitation):
            wanted.setdefault("Citation", {})[record.into] = record.id
        elif isinstance(record, PossibleDuplicate):
            wanted.setdefault("Citation", {}).update({record.one: record.id, record.other: record.id})
        elif isinstance(record, Check):
            wanted.setdefault("Citation", {})[record.citation] = record.id
        elif isinstance(record, Revision):
            wanted.setdefault(record.record_label, {})[record.record_id] = record.id
    for label, ids in wanted.items():
        if label not in RECORDS:
            told = f"points at the label {label}, which the schema does not know"
            yield Fault(Kind.REFERENCE, kind.label, told)
            continue
        held = {row["id"] for row in await store.read("nodes_exist", {"Label": label}, ids=sorted(ids))}
        if label == "Citation":
            # Until the next release an answer may rest on a citation that was merged; its id leads to the kept one.
            held |= (await read_merged(store, set(ids) - held)).keys()
        for missing in sorted(set(ids) - held):
            told = f"rests on the {label} {missing}, which is not there"
            yield Fault(Kind.REFERENCE, f"{kind.label} {ids[missing]}", told)


def _first_line(wrong: Exception) -> str:
    if isinstance(wrong, ValidationError):
        first = wrong.errors(include_url=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(wrong).partition("\n")[0]
