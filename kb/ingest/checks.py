"""Checks of what was decided, each against the graph and the rest of the load: names, hierarchies, references."""

from collections.abc import Iterable

from kb.evidence.rollup import Hierarchy
from kb.ingest.deciding import Deciding
from kb.ingest.decision import Key
from kb.questions.records import read_all_records
from kb.store import Reads
from schema.condition import Condition
from schema.ids import fold
from schema.outcome import Outcome
from schema.record import DRAFT, Edge, Record
from schema.therapy import Therapy

#: Kinds with a hierarchy and with names that must lead to one record.
NAMED: tuple[type[Therapy | Condition | Outcome], ...] = (Therapy, Condition, Outcome)


async def check(store: Reads, deciding: Deciding) -> None:
    """Withdraw what takes another's name, makes a hierarchy circular, or refers to nothing."""
    for kind in NAMED:
        await _check_names(store, deciding, kind)
        await _check_hierarchy(store, deciding, kind)
    await _check_references(store, deciding)


async def _check_names(store: Reads, deciding: Deciding, kind: type[Therapy | Condition | Outcome]) -> None:
    """Reject records that take a name which leads to another record of the kind."""
    incoming = {one.id: one for one in deciding.of(kind)}
    if not incoming:
        return
    taken: dict[str, str] = {}
    for record in (await read_all_records(store, kind.label, DRAFT)).values():
        if record.id not in incoming and isinstance(record, kind):
            taken |= {fold(name): record.id for name in _names(record)}
    for record in incoming.values():
        clash = next((name for name in _names(record) if taken.get(fold(name), record.id) != record.id), None)
        if clash is not None:
            owner = taken[fold(clash)]
            deciding.withdraw(record, f"the name {clash!r} already leads to {owner}; remove it from one of the two")
            continue
        taken |= {fold(name): record.id for name in _names(record)}


async def _check_hierarchy(store: Reads, deciding: Deciding, kind: type[Therapy | Condition | Outcome]) -> None:
    """Reject the records of this load that stand in a circle."""
    incoming = {one.id: one for one in deciding.of(kind)}
    if not any(record.broader for record in incoming.values()):
        return
    broader: dict[str, Iterable[str]] = {}
    for record in (await read_all_records(store, kind.label, DRAFT)).values():
        if isinstance(record, kind):
            broader[record.id] = record.broader
    broader |= {record.id: record.broader for record in incoming.values()}
    for circle in Hierarchy(broader).cycles():
        path = " → ".join((*circle, circle[0]))
        for id_ in circle:
            if id_ in incoming and (kind.label, id_) in deciding.decisions:
                deciding.withdraw(incoming[id_], f"its hierarchy is circular: {path}; remove one 'broader' of these")


async def _check_references(store: Reads, deciding: Deciding) -> None:
    """Reject records that refer to nothing; again and again, because that may leave others without a target."""
    referring: list[tuple[Record, list[Edge]]] = []
    wanted: dict[str, set[str]] = {}
    for decision in deciding.decisions.values():
        edges = list(decision.record.edges())
        if edges:
            referring.append((decision.record, edges))
        for edge in edges:
            if (edge.label, edge.target) not in deciding.decisions:
                wanted.setdefault(edge.label, set()).add(edge.target)
    held: set[Key] = set()
    for label, ids in wanted.items():
        rows = await store.read("nodes_exist", {"Label": label}, ids=sorted(ids))
        held |= {(label, row["id"]) for row in rows}
    # A record in the graph stays a target also when its new version is rejected.
    held |= {key for key, decision in deciding.decisions.items() if decision.before is not None}
    while True:
        dangling = [
            (record, edge)
            for record, edges in referring
            if (record.label, record.id) in deciding.decisions
            for edge in edges
            if (edge.label, edge.target) not in held and (edge.label, edge.target) not in deciding.decisions
        ]
        if not dangling:
            return
        for record, edge in dangling:
            if (record.label, record.id) in deciding.decisions:
                deciding.withdraw(
                    record,
                    f"{edge.field} names the {edge.label} {edge.target!r}, which is neither in the graph nor among "
                    "the good records of this load; correct the id, or load it first",
                )


def _names(record: Therapy | Condition | Outcome) -> Iterable[str]:
    abbreviations = () if isinstance(record, Outcome) else record.abbreviations
    return (record.id, record.name, *abbreviations, *record.synonyms)
