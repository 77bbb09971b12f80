"""Plan a load: decide for every record what would happen, and write nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar

from kb.evidence.rollup import Hierarchy
from kb.ingest.existing import Existing, read_existing, read_existing_citations
from kb.ingest.identity import Contradiction, Identities
from kb.ingest.linking import Linking
from kb.ingest.merge import AGAIN, merge
from kb.ingest.trials import joined
from kb.questions.records import read_all_records
from kb.store import Store
from schema.citation import Citation
from schema.condition import Condition
from schema.ids import fold
from schema.outcome import Outcome
from schema.parsed import Parsed, Problem
from schema.record import DRAFT, Record, references
from schema.records import LOADED
from schema.study import Study
from schema.therapy import Therapy

R = TypeVar("R", bound=Record)
Key = tuple[str, str]

#: Kinds with a hierarchy and with names that must lead to one record.
NAMED: tuple[type[Therapy | Condition | Outcome], ...] = (Therapy, Condition, Outcome)


class Action(StrEnum):
    """What happens to a record."""

    NEW = "new"
    #: Known under another id or from another source, which say no less.
    MATCHED = "matched"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A parsed record, the index of its file in this load, and the source that its fields belong to."""

    parsed: Parsed
    file: int
    source: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one record: the content to write, and what it replaces."""

    action: Action
    record: Record
    incoming: Incoming
    before: Existing | None
    source: str
    field_sources: dict[str, str]
    #: Whether it is a second record of this load for the same thing; it writes nothing of its own.
    double: bool = False


@dataclass(frozen=True)
class Plan:
    """The decisions in writing order, and the problems with the file each belongs to."""

    decisions: Sequence[Decision]
    problems: Sequence[tuple[int, Problem]]


async def plan(store: Store, records: Sequence[Incoming]) -> Plan:
    """Decide per record: new, matched, updated, unchanged or rejected. Reads the graph, writes nothing.

    Records may come in any order and refer to each other. A record that refers to nothing, makes a hierarchy
    circular, takes another's name or contradicts known identifiers is rejected, and so is what refers to it.
    """
    return await _Planning(store, records).run()


class _Planning:
    """The state of one plan."""

    def __init__(self, store: Store, records: Sequence[Incoming]) -> None:
        self.store = store
        self.records = records
        self.decisions: dict[Key, Decision] = {}
        self.doubles: list[Decision] = []
        self.problems: list[tuple[int, Problem]] = []
        self.renamed: dict[str, str] = {}

    async def run(self) -> Plan:
        by_label: dict[str, list[Incoming]] = {}
        for one in self.records:
            by_label.setdefault(one.parsed.record.label, []).append(one)
        linking = Linking(self.store, self.decisions, self.renamed)
        for kind in LOADED:
            incoming = await linking.link(kind.label, by_label.pop(kind.label, []))
            if incoming and kind is Citation:
                await self._decide_citations(incoming)
            elif incoming:
                await self._decide(kind.label, incoming)
        for strangers in by_label.values():
            for one in strangers:
                self._reject(one, f"{one.parsed.record.label} records are made by the knowledge base, not loaded")
        for kind in NAMED:
            await self._check_names(kind)
            await self._check_hierarchy(kind)
        await self._check_references()
        self.problems += linking.problems
        return Plan([*_in_order(self.decisions.values()), *self.doubles], self.problems)

    async def _decide(self, label: str, incoming: Sequence[Incoming]) -> None:
        existing = await read_existing(self.store, label, (one.parsed.record.id for one in incoming))
        for one in incoming:
            record = _rename(one.parsed.record, self.renamed)
            earlier, before = self.decisions.get((label, record.id)), existing.get(record.id)
            if earlier is None:
                self._settle(one, joined(record, before.record) if before else record, before)
            elif earlier.incoming.parsed.record == one.parsed.record:
                self.doubles.append(_double(one, earlier))
            elif (same := joined(record, earlier.record)) is not record:
                self._register(one, same, earlier)
            else:
                where = earlier.incoming.parsed.where
                self._reject(
                    one, f"the id {record.id} is already used at {where} with other content; choose another id"
                )

    async def _decide_citations(self, incoming: Sequence[Incoming]) -> None:
        found = await read_existing_citations(
            self.store, (one.parsed.record for one in incoming if isinstance(one.parsed.record, Citation))
        )
        existing = {one.record.id: one for one in found}
        known = Identities.of(one.record for one in found if isinstance(one.record, Citation))
        for one in incoming:
            record = one.parsed.record
            assert isinstance(record, Citation)
            try:
                same = known.find(record)
            except Contradiction as contradiction:
                self._reject(one, f"{_called(record)}: {contradiction}")
                continue
            if same is not None and same != record.id:
                self.renamed[record.id] = same
            earlier = self.decisions.get(("Citation", same or record.id))
            if earlier is not None:
                self._join(one, record, earlier)
            else:
                self._settle(one, record, existing.get(same or record.id))
            decided = self.decisions["Citation", same or record.id].record
            assert isinstance(decided, Citation)
            known.add(decided, record.id)

    def _settle(self, one: Incoming, record: Record, before: Existing | None) -> None:
        """Decide a record that comes for the first time in this load."""
        if before is None:
            decision = Decision(Action.NEW, record, one, None, one.source, {})
        else:
            merged = merge(before, record, one.source)
            if merged.record.content_hash() != before.content_hash:
                action = Action.UPDATED
            elif before.source == one.source and record.id == before.record.id:
                action = Action.UNCHANGED
            else:
                action = Action.MATCHED
            decision = Decision(action, merged.record, one, before, merged.source, merged.field_sources)
        self.decisions[record.label, decision.record.id] = decision

    def _register(self, one: Incoming, record: Record, earlier: Decision) -> None:
        """Give a study that came earlier in this load its registration: the two fields are the registry's."""
        before = earlier.before
        changed = before is not None and record.content_hash() != before.content_hash
        action = Action.UPDATED if changed else earlier.action
        owned = dict.fromkeys(("registration", "registered_in"), one.source)
        self.decisions[record.label, record.id] = replace(
            earlier, action=action, record=record, field_sources={**earlier.field_sources, **owned}
        )
        self.doubles.append(_double(one, earlier))

    def _join(self, one: Incoming, record: Citation, earlier: Decision) -> None:
        """Merge a citation into one that came earlier in this load."""
        base = Existing(
            record=earlier.record,
            content_hash=earlier.record.content_hash(),
            since=DRAFT,
            first_release=DRAFT,
            load_run="",
            source=earlier.source,
            field_sources=earlier.field_sources,
        )
        # A second record of one load adds what the first one lacks; it does not speak against it.
        merged = merge(base, record, f"{one.source}{AGAIN}")
        before = earlier.before
        if before is None:
            action = Action.NEW
        elif merged.record.content_hash() != before.content_hash:
            action = Action.UPDATED
        else:
            action = Action.MATCHED if earlier.action is Action.MATCHED else Action.UNCHANGED
        key = ("Citation", earlier.record.id)
        self.decisions[key] = Decision(
            action, merged.record, earlier.incoming, earlier.before, merged.source, merged.field_sources
        )
        self.doubles.append(_double(one, earlier))

    async def _check_names(self, kind: type[Therapy | Condition | Outcome]) -> None:
        """Reject records that take a name which leads to another record of the kind."""
        incoming = self._decided(kind)
        if not incoming:
            return
        taken: dict[str, str] = {}
        for record in (await read_all_records(self.store, kind.label, DRAFT)).values():
            if record.id not in incoming and isinstance(record, kind):
                taken |= {fold(name): record.id for name in _names(record)}
        for record in incoming.values():
            clash = next((name for name in _names(record) if taken.get(fold(name), record.id) != record.id), None)
            if clash is not None:
                owner = taken[fold(clash)]
                self._withdraw(record, f"the name {clash!r} already leads to {owner}; remove it from one of the two")
                continue
            taken |= {fold(name): record.id for name in _names(record)}

    async def _check_hierarchy(self, kind: type[Therapy | Condition | Outcome]) -> None:
        """Reject the records of this load that stand in a circle."""
        incoming = self._decided(kind)
        if not any(record.broader for record in incoming.values()):
            return
        broader: dict[str, Iterable[str]] = {}
        for record in (await read_all_records(self.store, kind.label, DRAFT)).values():
            if isinstance(record, kind):
                broader[record.id] = record.broader
        broader |= {record.id: record.broader for record in incoming.values()}
        for circle in Hierarchy(broader).cycles():
            path = " → ".join((*circle, circle[0]))
            for id_ in circle:
                if id_ in incoming and (kind.label, id_) in self.decisions:
                    self._withdraw(incoming[id_], f"its hierarchy is circular: {path}; remove one 'broader' of these")

    async def _check_references(self) -> None:
        """Reject records that refer to nothing; again and again, because that may leave others without a target."""
        wanted: dict[str, set[str]] = {}
        for decision in self.decisions.values():
            for edge in decision.record.edges():
                if (edge.label, edge.target) not in self.decisions:
                    wanted.setdefault(edge.label, set()).add(edge.target)
        held: set[Key] = set()
        for label, ids in wanted.items():
            rows = await self.store.read("nodes_exist", {"Label": label}, ids=sorted(ids))
            held |= {(label, row["id"]) for row in rows}
        # A record in the graph stays a target also when its new version is rejected.
        held |= {key for key, decision in self.decisions.items() if decision.before is not None}
        while True:
            dangling = [
                (decision.record, edge)
                for decision in self.decisions.values()
                for edge in decision.record.edges()
                if (edge.label, edge.target) not in held and (edge.label, edge.target) not in self.decisions
            ]
            if not dangling:
                return
            for record, edge in dangling:
                if (record.label, record.id) in self.decisions:
                    self._withdraw(
                        record,
                        f"{edge.field} names the {edge.label} {edge.target!r}, which is neither in the graph nor among "
                        "the good records of this load; correct the id, or load it first",
                    )

    def _decided(self, kind: type[R]) -> dict[str, R]:
        return {
            id_: d.record
            for (label, id_), d in self.decisions.items()
            if label == kind.label and isinstance(d.record, kind)
        }

    def _withdraw(self, record: Record, message: str) -> None:
        decision = self.decisions.pop((record.label, record.id))
        self._reject(decision.incoming, message)

    def _reject(self, one: Incoming, message: str) -> None:
        self.problems.append(
            (one.file, Problem(one.parsed.where, f"{one.parsed.record.label} {one.parsed.record.id}: {message}"))
        )


def _double(one: Incoming, earlier: Decision) -> Decision:
    return Decision(
        Action.MATCHED, earlier.record, one, earlier.before, earlier.source, earlier.field_sources, double=True
    )


def _called(citation: Citation) -> str:
    return f"{(citation.title or 'without title')[:60]!r}"


def _names(record: Therapy | Condition | Outcome) -> Iterable[str]:
    abbreviations = () if isinstance(record, Outcome) else record.abbreviations
    return (record.id, record.name, *abbreviations, *record.synonyms)


def _rename(record: Record, renamed: dict[str, str]) -> Record:
    """Point a record at the ids that its citations have in the graph."""
    if not renamed:
        return record
    changed: dict[str, Any] = {}
    for name, ref in references(type(record)).items():
        if ref.label == "Citation":
            value = getattr(record, name)
            if value is None:
                continue
            new = (
                renamed.get(value, value)
                if isinstance(value, str)
                else tuple(renamed.get(one, one) for one in value or ())
            )
            if new != value:
                changed[name] = new
    if isinstance(record, Study):
        move: Callable[[Any], Any] = lambda part: part.model_copy(  # noqa: E731
            update={"citation": renamed.get(part.citation, part.citation)}
        )
        changed["harms"] = tuple(move(harm) for harm in record.harms)
        changed["readings"] = tuple(move(reading) for reading in record.readings)
    return record.model_copy(update=changed) if changed else record


def _in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """Order decisions so that each comes after what it refers to."""
    by_label: dict[str, dict[str, Decision]] = {}
    for decision in decisions:
        by_label.setdefault(decision.record.label, {})[decision.record.id] = decision
    ordered: list[Decision] = []
    for kind in LOADED:
        group = by_label.get(kind.label, {})
        sorter = TopologicalSorter(
            {
                id_: [e.target for e in d.record.edges() if e.label == kind.label and e.target in group]
                for id_, d in group.items()
            }
        )
        try:
            ordered += [group[id_] for id_ in sorter.static_order()]
        except CycleError:
            # Studies may include each other in print; one transaction holds them all the same.
            ordered += group.values()
    return ordered
