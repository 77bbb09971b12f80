"""Check: is the graph what the schema says? Reads every record once, and changes nothing.

Memory is bounded: of what was read only the vocabulary is held, whose circles can be seen in the whole alone.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from kb.ingest.circles import NAMED, Named, hierarchy_circles, replacement_circles
from kb.ingest.match_keys import match_keys_made
from kb.questions.merged import read_merged
from kb.store import Store
from schema.check import Check
from schema.merged_citation import MergedCitation
from schema.parsed import Problem
from schema.possible_duplicate import PossibleDuplicate
from schema.record import DRAFT, Record, references
from schema.records import DERIVED, LOADED, RECORDS
from schema.revision import Revision
from schema.study import Study
from schema.summary import Summary


async def check_graph(store: Store) -> list[Problem]:
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


async def _unknown_labels(store: Store) -> AsyncIterator[Problem]:
    for row in await store.read("labels"):
        label = row["label"]
        if label not in RECORDS and label != "Meta":
            for count in await store.read("labels_in_use", label=label):
                if count["nodes"]:
                    yield Problem(
                        label, f"{count['nodes']} nodes of a label that the schema does not know; remove them"
                    )


async def _duplicates(store: Store, label: str) -> AsyncIterator[Problem]:
    for row in await store.read("duplicate_ids", {"Label": label}):
        yield Problem(f"{label} {row['id']}", f"{row['nodes']} nodes have this id; keep one")


async def _match_keys(store: Store) -> AsyncIterator[Problem]:
    if not await match_keys_made(store):
        count = (await store.read("count_nodes", {"Label": "Citation"}))[0]["nodes"]
        if count:
            yield Problem("Citation", f"{count} may lack their match keys; the next kb load makes them")


def _circles(kind: type[Named], entries: dict[str, Named]) -> Iterator[Problem]:
    """Loading refuses them; two loads at the same time may each have brought a part."""
    for circle in replacement_circles(entries.values()):
        told = f"is replaced by itself: {circle.path}"
        yield Problem(f"{kind.label} {circle.ids[0]}", f"{told}; load one of these again without its 'replaced_by'")
    for circle in hierarchy_circles(kind, entries):
        merged = [f"{old} was merged into {new}" for old, new in circle.members.items() if old != new]
        told = f"its hierarchy is circular: {circle.path}" + (f" ({'; '.join(merged)})" if merged else "")
        yield Problem(f"{kind.label} {circle.ids[0]}", f"{told}; load one of these again without that 'broader'")


async def _check_batch(
    store: Store, kind: type[Record], nodes: Sequence[dict[str, Any]], vocabulary: dict[type[Named], dict[str, Named]]
) -> AsyncIterator[Problem]:
    records: dict[str, Record] = {}
    for node in nodes:
        where = f"{kind.label} {node.get('id')}"
        try:
            record = records[node["id"]] = kind.from_properties(node)
        except (ValidationError, ValueError, KeyError) as wrong:
            yield Problem(where, f"is no valid {kind.label}: {_first_line(wrong)}; load it again from its source")
            continue
        if isinstance(record, Named):
            vocabulary[type(record)][record.id] = record
        if kind in LOADED:
            for message in _envelope(record, node):
                yield Problem(where, message)
        for message in _orphan(record):
            yield Problem(where, message)
    async for one in _references(store, kind, records):
        yield one
    async for one in _provenance(store, kind, nodes):
        yield one
    async for one in _pointed_at(store, kind, records):
        yield one


def _envelope(record: Record, node: dict[str, Any]) -> Iterator[str]:
    if node.get("content_hash") != record.content_hash():
        yield "its content is not what was loaded; load it again from its source"
    for name in ("since", "first_release", "approval", "load_run"):
        if node.get(name) is None:
            yield f"has no {name}; load it again from its source"


def _orphan(record: Record) -> Iterator[str]:
    if isinstance(record, Study) and not record.citations:
        yield "is reported in no citation"
    if isinstance(record, Summary) and record.first >= record.until:
        yield f"stands from release {record.first} until {record.until}, which is never"
    if isinstance(record, Revision) and record.first > record.until:
        yield f"stands from release {record.first} until {record.until}, which is never"


async def _references(store: Store, kind: type[Record], records: dict[str, Record]) -> AsyncIterator[Problem]:
    """Every reference has its relationship, and every relationship its reference."""
    for type_, labels in _targets(kind).items():
        edges: set[tuple[str, str]] = set()
        for row in await store.read("edges_of_nodes", {"Label": kind.label, "TYPE": type_}, ids=sorted(records)):
            if (row["source"], row["target"]) in edges:
                yield Problem(f"{kind.label} {row['source']}", f"is joined twice to {row['target']} by {type_}")
            edges.add((row["source"], row["target"]))
        asked = {
            (record.id, edge.target): edge
            for record in records.values()
            for edge in record.edges()
            if edge.type == type_
        }
        for (source, target), edge in asked.items():
            if (source, target) not in edges:
                yield Problem(
                    f"{kind.label} {source}", f"{edge.field} names the {edge.label} {target}, which is not there"
                )
        for source, target in sorted(edges - set(asked)):
            named = " or ".join(sorted(labels))
            yield Problem(
                f"{kind.label} {source}",
                f"is joined to the {named} {target} by {type_}, which its content does not say",
            )


def _targets(kind: type[Record]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for ref in references(kind).values():
        found.setdefault(ref.type, set()).add(ref.label)
    return found


async def _provenance(store: Store, kind: type[Record], nodes: Sequence[dict[str, Any]]) -> AsyncIterator[Problem]:
    if kind not in LOADED:
        return
    runs = {node["load_run"] for node in nodes if node.get("load_run")}
    known = {row["id"] for row in await store.read("nodes_exist", {"Label": "LoadRun"}, ids=sorted(runs))}
    for node in nodes:
        if node.get("load_run") and node["load_run"] not in known:
            yield Problem(f"{kind.label} {node['id']}", f"came with the load {node['load_run']}, which is not there")


async def _pointed_at(store: Store, kind: type[Record], records: dict[str, Record]) -> AsyncIterator[Problem]:
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
            yield Problem(f"{kind.label}", f"points at the label {label}, which the schema does not know")
            continue
        held = {row["id"] for row in await store.read("nodes_exist", {"Label": label}, ids=sorted(ids))}
        if label == "Citation":
            # Until the next release an answer may rest on a citation that was merged; its id leads to the kept one.
            held |= (await read_merged(store, set(ids) - held)).keys()
        for missing in sorted(set(ids) - held):
            yield Problem(f"{kind.label} {ids[missing]}", f"rests on the {label} {missing}, which is not there")


def _first_line(wrong: Exception) -> str:
    if isinstance(wrong, ValidationError):
        first = wrong.errors(include_url=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(wrong).partition("\n")[0]
