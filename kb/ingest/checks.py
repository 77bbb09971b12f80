"""Checks of what was decided, against the graph and the rest of the load: names, replacements, hierarchies, references.

A record may name an entry that was merged into another one: it keeps the id, counts as about that other one
(kb/evidence/replaced.py), and this is told.
"""

from collections.abc import Iterable

from kb.evidence.replaced import NOTHING_REPLACED, Replaced, names_entries
from kb.ingest.circles import NAMED, Named, hierarchy_circles, replaced_among, replacement_circles
from kb.ingest.deciding import Deciding
from kb.ingest.decision import Decision, Key
from kb.questions.records import read_all_records
from kb.store import Reads
from schema.condition import Condition
from schema.ids import fold
from schema.judgement import Judgement
from schema.outcome import Outcome
from schema.record import DRAFT, Edge, Record
from schema.records import RECORDS
from schema.study import Study, strange_reports
from schema.therapy import Therapy

#: Kinds of which one entry may take the place of another.
MERGED: dict[str, type[Therapy | Condition]] = {"Therapy": Therapy, "Condition": Condition}


async def check(store: Reads, deciding: Deciding) -> None:
    """Withdraw what takes another's name, leads round in a circle, or refers to nothing; tell what was replaced."""
    fits = False
    while not fits:
        count = len(deciding.decisions)
        for kind in NAMED:
            if any(True for _ in deciding.of(kind)):
                held = (await read_all_records(store, kind.label, DRAFT)).values()
                known: dict[str, Named] = {one.id: one for one in held if isinstance(one, kind)}
                _check_names(deciding, kind, known)
                _check_replacements(deciding, kind, known)
                _check_hierarchy(deciding, kind, known)
        _check_reports(deciding)
        await _check_references(store, deciding)
        # What was withdrawn stays in the graph as it was: that may not fit the rest of the load.
        fits = len(deciding.decisions) == count
    await _tell_replaced(store, deciding)


def _check_names(deciding: Deciding, kind: type[Named], known: dict[str, Named]) -> None:
    """Reject records that take a name which leads to another record of the kind."""
    incoming: dict[str, Named] = {one.id: one for one in deciding.of(kind)}
    replaced = replaced_among((known | incoming).values())
    taken: dict[str, str] = {}
    for record in known.values():
        if record.id not in incoming:
            taken |= {fold(name): record.id for name in _names(record)}
    for record in incoming.values():
        # What was merged into another entry may have names of that one.
        current = replaced.current(kind.label, record.id)
        owners = ((name, taken.get(fold(name), record.id)) for name in _names(record))
        clash = next((one for one in owners if replaced.current(kind.label, one[1]) != current), None)
        if clash is not None:
            name, owner = clash
            deciding.withdraw(record, f"the name {name!r} already leads to {owner}; remove it from one of the two")
            continue
        taken |= {fold(name): record.id for name in _names(record)}


def _check_replacements(deciding: Deciding, kind: type[Named], known: dict[str, Named]) -> None:
    """Reject the records of this load that take each other's place, or their own."""
    incoming: dict[str, Named] = {one.id: one for one in deciding.of(kind)}
    for circle in replacement_circles((known | incoming).values()):
        for id_ in circle.ids:
            if id_ in incoming:
                advice = "remove one 'replaced_by' of these"
                deciding.withdraw(incoming[id_], f"is replaced by itself: {circle.path}; {advice}")


def _check_hierarchy(deciding: Deciding, kind: type[Named], known: dict[str, Named]) -> None:
    """Reject the records of this load that stand in a circle, or that a merge would bring into one."""
    incoming: dict[str, Named] = {one.id: one for one in deciding.of(kind)}
    entries = known | incoming
    replaced = replaced_among(entries.values())
    if not any(one.broader or replaced.current(kind.label, id_) != id_ for id_, one in incoming.items()):
        return
    for circle in hierarchy_circles(kind, entries):
        for id_, current in circle.members.items():
            if id_ in incoming and (kind.label, id_) in deciding.decisions:
                merged = f" ({id_} was merged into {current})" if current != id_ else ""
                advice = "remove one 'broader' of these"
                deciding.withdraw(incoming[id_], f"its hierarchy is circular: {circle.path}{merged}; {advice}")


def _check_reports(deciding: Deciding) -> None:
    """Reject studies with a harm or a reading of what is no report of theirs: nothing else keeps that in the graph."""
    for study in list(deciding.of(Study)):
        if strange := strange_reports(study):
            advice = "add it to its reports, or name the report in which it was read"
            deciding.withdraw(study, f"harms or readings cite {', '.join(strange)}, no report of the study; {advice}")


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


async def _tell_replaced(store: Reads, deciding: Deciding) -> None:
    """Tell of each record that names a therapy or condition which was merged into another one."""
    naming: list[tuple[Decision, Edge]] = []
    for decision in deciding.decisions.values():
        edges = decision.record.edges() if names_entries(decision.record) else ()
        naming += [(decision, one) for one in edges if one.label in MERGED and one.type != "REPLACED_BY"]
    if not naming:
        return
    for label in MERGED:
        named = {edge.target for _, edge in naming if edge.label == label}
        replaced = await _read_replaced(store, deciding, label, named)
        for decision, edge in naming:
            if edge.label == label and (old := replaced.entries.get((label, edge.target))) is not None:
                current = replaced.current(label, old.id)
                what = f"{edge.field} names the {label} {old.id!r}, which was merged into {current!r}"
                deciding.tell(decision.incoming, [f"{what}: {_advice(decision.record, current)}"])


def _advice(record: Record, current: str) -> str:
    if isinstance(record, Judgement):
        return f"it is kept, and applies to no answer as long as that stands; judge the answer for {current!r} anew"
    return f"it counts as about that one; name {current!r} instead"


async def _read_replaced(store: Reads, deciding: Deciding, label: str, named: set[str]) -> Replaced:
    """Read which of these entries are replaced, as the graph will be after this load; costs little where none is."""
    coming = {one.id: one for one in deciding.of(MERGED[label])}
    asked = [RECORDS[label].from_properties(node) for node in await store.nodes(label, named - coming.keys())]
    some = [one for one in (*coming.values(), *asked) if isinstance(one, Therapy | Condition)]
    if all(one.replaced_by is None for one in some):
        return NOTHING_REPLACED
    held = await read_all_records(store, label, DRAFT)
    entries = {**held, **coming}.values()
    return Replaced(one for one in entries if isinstance(one, Therapy | Condition))


def _names(record: Named) -> Iterable[str]:
    abbreviations = () if isinstance(record, Outcome) else record.abbreviations
    return (record.id, record.name, *abbreviations, *record.synonyms)
