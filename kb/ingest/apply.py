"""Apply a plan: write its records in batches, each batch one transaction with all that belongs to it.

A batch holds nodes of one label, their relationships, the published content of what they replace, and the note that
the load has begun: killed at any point, what is there is whole, and a rerun goes on from it. It is written only if all
that it changes, or merges another record into, still is as it was when it was planned.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from kb.ingest.decision import Absorption, Action, Decision, Key
from kb.ingest.existing import Existing
from kb.store import Statement, Store, batches, unless_kept, weight_of
from schema.citation import Citation
from schema.load_run import LoadRun
from schema.merged_citation import MergedCitation
from schema.possible_duplicate import PossibleDuplicate
from schema.record import DRAFT, Record, references
from schema.records import IDENTIFIERS, RECORDS
from schema.revision import Revision
from schema.terms import Approval

#: Gives the load run of a source by its index.
RunOf = Callable[[int], LoadRun]
#: Bytes that a relationship takes in a message.
EDGE = 150


class Overtaken(Exception):
    """Another load wrote one of the records since the plan was made: plan again."""


def now() -> str:
    """Return the time as stored: UTC, ISO 8601, to the second, with Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def apply(
    store: Store,
    rows: Iterable[dict[str, Any]],
    run: RunOf,
    written: dict[Key, Action],
    merged: Sequence[Absorption] = (),
    pairs: Sequence[PossibleDuplicate] = (),
) -> None:
    """Write the rows (:func:`row_of`) of a plan, in its order. ``run`` gives the load run of a source.

    What was merged into a citation is kept in the same transaction, so that it can be split. Notes in ``written`` what
    is in the graph. Raises Overtaken or ConstraintViolated when another load got there first (the batches before stay
    and are whole), and the errors of the store.
    """
    kept: dict[str, list[Absorption]] = {}
    for one in merged:
        kept.setdefault(one.note.into, []).append(one)
    for label, group in groupby(rows, key=itemgetter("label")):
        for batch in batches(group, weigh=itemgetter("weight")):
            together = [one for row in batch for one in kept.pop(row["id"], ())] if label == "Citation" else []
            begun = begin(map(run, sorted({row["file"] for row in batch})))
            noted = [begun, *made([one.note for one in together])]
            as_noted = merges_unchanged(one.before for one in together)
            writing = write_rows(store, [(label, batch)], noted, provided=as_noted, otherwise=Overtaken())
            await unless_kept(writing, partial(_kept, store, label, batch))
            for row in batch:
                # What is written twice was brought by the first.
                written.setdefault((label, row["id"]), row["action"])

    rest = [one for some in kept.values() for one in some]
    if rest or pairs:
        # Nothing of a pair is half-written: the citations are there, and what is noted of them can be noted again.
        begun = begin(map(run, sorted({one.file for one in merged})))
        into = {one.note.into: as_read(one.into) for one in merged if one.note.into in kept and one.into}
        unchanged = [nodes_unchanged("Citation", list(into.values()))] if into else []
        unchanged += merges_unchanged(one.before for one in rest)
        unchanged += nodes_there("Citation", {id_ for one in pairs for id_ in (one.one, one.other)})
        noted = [begun, *made([one.note for one in rest]), *asked(pairs)]
        await store.write_all(noted, provided=unchanged, otherwise=Overtaken())


def begin(runs: Iterable[LoadRun]) -> Statement:
    """Note that loads have begun."""
    rows = [{"id": one.id, "properties": one.properties()} for one in runs]
    return Statement("load_runs_begin", None, {"rows": rows})


def made(records: Sequence[Record]) -> list[Statement]:
    """Write records that the knowledge base makes itself, new or in place of what they were."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in records:
        found.setdefault(one.label, []).append({"id": one.id, "properties": one.properties()})
    return [Statement("merge_nodes", {"Label": label}, {"rows": rows}) for label, rows in found.items()]


def asked(pairs: Sequence[PossibleDuplicate]) -> list[Statement]:
    """Ask about pairs of which nobody was asked before; what a person decided meanwhile stays."""
    rows = [{"id": one.id, "properties": one.properties()} for one in pairs]
    return [Statement("possible_duplicates_ask", None, {"rows": rows})] if rows else []


def keep_revisions(revisions: Iterable[dict[str, Any]]) -> Statement:
    """Keep what was published (:func:`revision`)."""
    rows = [{"id": one["id"], "properties": one} for one in revisions]
    return Statement("merge_nodes", {"Label": Revision.label}, {"rows": rows})


def as_read(record: Existing) -> dict[str, Any]:
    """Return by what a record is found as long as it is as it was read."""
    return {"id": record.record.id, "before": record.content_hash, "since": record.since}


def nodes_unchanged(label: str, rows: Sequence[dict[str, Any]]) -> Statement:
    """Provide that records of a label still are as they were read (:func:`as_read`)."""
    return Statement("nodes_unchanged", {"Label": label}, {"rows": rows, "expected": len(rows)})


def nodes_there(label: str, ids: Collection[str]) -> list[Statement]:
    """Provide that nodes of a label are still there; nothing for none."""
    params: dict[str, Any] = {"ids": sorted(ids), "expected": len(ids)}
    return [Statement("nodes_there", {"Label": label}, params)] if ids else []


def merges_unchanged(notes: Iterable[MergedCitation | None]) -> list[Statement]:
    """Provide that what is kept of merged citations still is as it was read; nothing for None."""
    rows = [one.properties() for one in notes if one is not None]
    return [Statement("merges_unchanged", None, {"rows": rows, "expected": len(rows)})] if rows else []


def row_of(decision: Decision, run: LoadRun) -> dict[str, Any]:
    """Return what is written of a decision: properties, relationships, and what it must find to be written."""
    record, before = decision.record, decision.before
    content = decision.incoming.content_of(record)
    properties = {
        **content.properties,
        "content_hash": content.hash,
        "since": DRAFT,
        "first_release": before.first_release if before else DRAFT,
        # Curated and bibliographic records may be published; that no clinician reviewed them is said beside it.
        "approval": Approval.APPROVED.value,
        "clinically_reviewed": False,
        "load_run": run.id,
        "loaded_at": run.started,
        "loaded_from": decision.source,
    }
    if decision.field_sources:
        properties["field_sources"] = orjson.dumps(decision.field_sources, option=orjson.OPT_SORT_KEYS).decode()
    edges = [(edge.type, edge.label, edge.target) for edge in dict.fromkeys(record.edges())]
    row: dict[str, Any] = {
        "label": record.label,
        "action": decision.action,
        "id": record.id,
        "properties": properties,
        "hash": content.hash,
        "file": decision.incoming.file,
        "weight": content.weight + EDGE * len(edges),
        "edges": edges,
    }
    if before is not None:
        row |= as_read(before)
        # Another record of this load may have what this one has no longer.
        row["gives_up"] = any(
            (old := getattr(before.record, name, None)) and old != getattr(record, name) for name in IDENTIFIERS
        )
        if before.since < DRAFT:
            row["revision"] = revision(before.record, before.since, before.load_run)
            row["weight"] += weight_of(row["revision"])
    return row


def revision(record: Record, since: int, load_run: str) -> dict[str, Any]:
    """Keep what was published; the id makes a second attempt find the first one's."""
    kept = Revision(
        id=f"{record.label}:{record.id}:{since}",
        record_label=record.label,
        record_id=record.id,
        first=since,
        until=DRAFT,
        content=record.model_dump_json(exclude_defaults=True),
        load_run=load_run,
        **{name: getattr(record, name, None) for name in IDENTIFIERS},
    )
    return kept.properties()


async def write_rows(
    store: Store,
    groups: Iterable[tuple[str, Sequence[dict[str, Any]]]],
    before: Sequence[Statement] = (),
    *,
    provided: Sequence[Statement] = (),
    otherwise: Exception | None = None,
) -> None:
    """Write rows (:func:`row_of`) of some labels in one transaction, after other statements of it.

    Nothing is written, and ``otherwise`` raised, where a record is not as it was any more, where a citation that they
    name is gone (only those are ever removed: merged into others), or where one of the queries ``provided`` returns
    nothing.
    """
    conditions, statements = list(provided), list(before)
    groups = list(groups)
    conditions += nodes_there(Citation.label, _citations_named(groups))
    for label, rows in groups:
        if changed := [_only(row, "id", "before", "since") for row in rows if "before" in row]:
            conditions.append(nodes_unchanged(label, changed))
        _add_rows(label, rows, statements)
    await store.write_all(statements, provided=conditions, otherwise=otherwise)


async def _kept(store: Store, label: str, rows: Sequence[dict[str, Any]]) -> bool:
    """Whether all of a batch is in the graph as this load writes it."""
    written = {(row["id"], row["hash"], row["properties"]["load_run"]) for row in rows}
    held = await store.nodes(label, (row["id"] for row in rows))
    return written == {(node["id"], node["content_hash"], node["load_run"]) for node in held}


def _add_rows(label: str, rows: Sequence[dict[str, Any]], statements: list[Statement]) -> None:
    names = {"Label": label}
    new = [row for row in rows if "before" not in row]
    changed = [row for row in rows if "before" in row]
    if changed:
        if kept := [row["revision"] for row in changed if "revision" in row]:
            statements.append(keep_revisions(kept))
        if moved := [row["id"] for row in changed if row["gives_up"]]:
            statements.append(Statement("give_up_identifiers", None, {"ids": moved}))
        sent = [_only(row, "id", "properties") for row in changed]
        statements.append(Statement("update_nodes", names, {"rows": sent}))
        kinds = sorted({ref.type for ref in references(RECORDS[label]).values()})
        dropped = [_only(row, "id", "hash") for row in changed]
        statements += [Statement("drop_edges", {**names, "TYPE": kind}, {"rows": dropped}) for kind in kinds]
    # After the changes: a new record may have an identifier that a changed one gave up.
    if new:
        sent = [_only(row, "id", "properties") for row in new]
        statements.append(Statement("create_nodes", names, {"rows": sent}))
    for (kind, target), edges in _edges(rows).items():
        statements.append(Statement("create_edges", {**names, "TYPE": kind, "Target": target}, {"rows": edges}))


def _citations_named(groups: Sequence[tuple[str, Sequence[dict[str, Any]]]]) -> set[str]:
    """The citations that rows name and that are not among them."""
    named = {to for _, rows in groups for row in rows for _, label, to in row["edges"] if label == Citation.label}
    return named - {row["id"] for label, rows in groups if label == Citation.label for row in rows}


def _edges(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, str], list[dict[str, str]]]:
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for source, target, kind, label, content_hash in _flat(rows):
        found.setdefault((kind, label), []).append({"source": source, "target": target, "hash": content_hash})
    return dict(sorted(found.items()))


def _flat(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str, str, str, str]]:
    for row in rows:
        for kind, label, target in row["edges"]:
            yield row["id"], target, kind, label, row["hash"]


def _only(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}
