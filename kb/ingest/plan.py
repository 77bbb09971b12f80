"""Plan a load: decide for every record what would happen, and write nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from kb.evidence.rollup import Hierarchy
from kb.ingest.existing import Existing, read_aliases, read_existing, read_existing_citations
from kb.ingest.identity import Contradiction, Identities
from kb.ingest.linking import Linking
from kb.ingest.matched import Arrival, absorb, match, moved, with_identifiers_of
from kb.ingest.merge import AGAIN, Merged, beside, merge
from kb.ingest.references import citations_named, rename
from kb.ingest.trials import joined
from kb.matching import Facts, Grouping, keys_of
from kb.questions.merged import follow, read_merged
from kb.questions.records import read_all_records
from kb.store import Store
from schema.citation import Citation
from schema.condition import Condition
from schema.ids import fold
from schema.merged_citation import MergedCitation
from schema.outcome import Outcome
from schema.parsed import Parsed, Problem
from schema.possible_duplicate import PossibleDuplicate, duplicate_id
from schema.record import DRAFT, Record
from schema.records import LOADED
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
    #: Of a citation: its match keys, where they were made already.
    match_keys: dict[str, str] | None = None


@dataclass(frozen=True)
class Plan:
    """The decisions in writing order, and the problems with the file each belongs to."""

    decisions: Sequence[Decision]
    problems: Sequence[tuple[int, Problem]]
    #: Records that were merged beyond identifiers, with the file of each, and pairs for a person to look at.
    merged: Sequence[tuple[int, MergedCitation]] = ()
    pairs: Sequence[PossibleDuplicate] = ()


async def plan(store: Store, records: Sequence[Incoming], *, who: str, at: str) -> Plan:
    """Decide per record: new, matched, updated, unchanged or rejected. Reads the graph, writes nothing.

    Records may come in any order and refer to each other. A record that refers to nothing, makes a hierarchy
    circular, takes another's name or contradicts known identifiers is rejected, and so is what refers to it. ``who``
    loads them, and when (UTC text), is noted with what is merged.
    """
    return await _Planning(store, records, who, at).run()


class _Planning:
    """The state of one plan."""

    def __init__(self, store: Store, records: Sequence[Incoming], who: str, at: str) -> None:
        self.store = store
        self.records = records
        self.who = who
        self.at = at
        self.decisions: dict[Key, Decision] = {}
        self.doubles: list[Decision] = []
        self.problems: list[tuple[int, Problem]] = []
        self.renamed: dict[str, str] = {}
        #: What is kept of merged records: as the graph holds it, and as this load leaves it.
        self.stored: dict[str, MergedCitation] = {}
        self.merged: dict[str, tuple[int, MergedCitation]] = {}
        self.pairs: dict[str, PossibleDuplicate] = {}
        self.withdrawn: set[str] = set()

    async def run(self) -> Plan:
        by_label: dict[str, list[Incoming]] = {}
        for one in self.records:
            by_label.setdefault(one.parsed.record.label, []).append(one)
        linking = Linking(self.store, self.decisions, self.renamed)
        for kind in LOADED:
            incoming = await linking.link(kind.label, by_label.pop(kind.label, []))
            if kind is Citation:
                if incoming:
                    await self._decide_citations(incoming)
                await self._follow_merged(by_label)
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
        return Plan(
            [*_in_order(self.decisions.values()), *self.doubles],
            self.problems,
            [one for id_, one in self.merged.items() if one[1] != self.stored.get(id_) and self._there(one[1].into)],
            [one for one in self.pairs.values() if self._there(one.one) and self._there(one.other)],
        )

    async def _decide(self, label: str, incoming: Sequence[Incoming]) -> None:
        existing = await read_existing(self.store, label, (one.parsed.record.id for one in incoming))
        for one in incoming:
            record = rename(one.parsed.record, self.renamed)
            if record is not one.parsed.record:
                self._note_moved(one, record)
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
        records = [one.parsed.record for one in incoming if isinstance(one.parsed.record, Citation)]
        found = await read_existing_citations(self.store, records)
        aliases = await read_aliases(self.store, records)
        existing = {one.record.id: one for one in found}
        existing |= await read_existing(self.store, "Citation", {one.into for one in aliases} - existing.keys())
        self.stored = await read_merged(self.store, (one.value for one in aliases if one.name == "id"))
        known = Identities.of((one.record for one in existing.values() if isinstance(one.record, Citation)), aliases)
        arrivals: list[Arrival] = []
        for place, one in enumerate(incoming):
            record = one.parsed.record
            assert isinstance(record, Citation)
            facts = Facts.of(record)
            try:
                same = known.find(record, facts) or record.id
            except Contradiction as contradiction:
                self._reject(one, f"{_called(record)}: {contradiction}")
                continue
            known.add(record, same, facts)
            arrivals.append(Arrival(place, record, same, facts))
        grouping, pairs = await match(self.store, arrivals, existing)
        existing |= await read_existing(self.store, "Citation", set(grouping.joined.values()) - existing.keys())
        # What is merged comes after what it is merged into.
        later = self.stored.keys() | grouping.joined.keys()
        for arrival in sorted(arrivals, key=lambda one: one.citation in later or one.record.id in later):
            self._decide_citation(incoming[arrival.place], arrival, existing, grouping)
        self._ask(incoming, arrivals, grouping, pairs)

    def _decide_citation(
        self, one: Incoming, arrival: Arrival, existing: dict[str, Existing], grouping: Grouping
    ) -> None:
        record, file_source = arrival.record, one.source
        same = grouping.joined.get(arrival.citation, arrival.citation)
        if same != record.id:
            self.renamed[record.id] = same
        earlier = self.decisions.get(("Citation", same))
        base = existing.get(same)
        if earlier is None and base is None:
            new = Decision(Action.NEW, record, one, None, file_source, {}, match_keys=keys_of(arrival.facts))
            self.decisions["Citation", record.id] = new
            return
        under = arrival.citation if arrival.citation in grouping.joined else record.id
        absorbed = under in grouping.joined or under in self.stored
        incoming, source = record, file_source
        if absorbed:
            kept_record = earlier.record if earlier else base.record if base else record
            incoming = with_identifiers_of(kept_record, record)
            source = beside(file_source, earlier.source if earlier else base.source if base else "")
        if earlier is not None:
            base, merged = self._join(one, incoming, earlier)
        else:
            assert base is not None
            merged = merge(base, incoming, source)
            self._settle(one, record, base, merged)
        if absorbed:
            reason = grouping.reasons.get(under, "")
            told = {"id": under, "reason": reason, "merged": self.at, "who": self.who}
            _, kept = self.merged.get(under, (0, self.stored.get(under)))
            self.merged[under] = one.file, absorb(kept, base, record, file_source, merged, told)

    def _ask(
        self,
        incoming: Sequence[Incoming],
        arrivals: Sequence[Arrival],
        grouping: Grouping,
        pairs: dict[str, PossibleDuplicate],
    ) -> None:
        """Note the pairs that nobody was asked about before, and tell of each where the record was read."""
        where = {grouping.joined.get(one.citation, one.citation): incoming[one.place] for one in arrivals}
        for pair in grouping.unsure:
            id_ = duplicate_id(pair.one, pair.other)
            if id_ in pairs:
                continue
            self.pairs[id_] = PossibleDuplicate(
                id=id_, one=pair.one, other=pair.other, reason=pair.reason, found=self.at
            )
            new = pair.one if pair.one in where else pair.other
            other = pair.other if new == pair.one else pair.one
            message = (
                f"Citation {new} may be the same paper as {other} ({pair.reason}); "
                "both are kept until somebody decides: kb duplicates"
            )
            self.problems.append((where[new].file, Problem(where[new].parsed.where, message, rejected=False)))

    async def _follow_merged(self, by_label: dict[str, list[Incoming]]) -> None:
        """Point what comes in at the citations that earlier ones were merged into."""
        named = {
            id_
            for incoming in by_label.values()
            for one in incoming
            for id_ in citations_named(one.parsed.record)
            if id_ not in self.renamed and ("Citation", id_) not in self.decisions
        }
        merged = await read_merged(self.store, named)
        self.stored |= merged
        self.renamed |= await follow(self.store, merged)

    def _there(self, citation: str) -> bool:
        """Whether a citation will be in the graph: it was no new one that had to be rejected."""
        return citation not in self.withdrawn

    def _settle(self, one: Incoming, record: Record, before: Existing | None, merged: Merged | None = None) -> None:
        """Decide a record that comes for the first time in this load."""
        if before is None:
            decision = Decision(Action.NEW, record, one, None, one.source, {})
        else:
            merged = merged or merge(before, record, one.source)
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

    def _join(self, one: Incoming, record: Citation, earlier: Decision) -> tuple[Existing, Merged]:
        """Merge a citation into one that came earlier in this load; return what was there, and what became of it."""
        base = Existing(
            record=earlier.record,
            content_hash=earlier.record.content_hash(),
            since=DRAFT,
            first_release=DRAFT,
            load_run="",
            source=earlier.source,
            field_sources=earlier.field_sources,
        )
        # A second record of one source adds what the first one lacks; it does not speak against it, unless it is newer.
        dated = record.revised is not None and getattr(earlier.record, "revised", None) is not None
        spoken = one.source == earlier.source or one.source in earlier.field_sources.values()
        merged = merge(base, record, f"{one.source}{AGAIN}" if spoken and not dated else one.source)
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
        return base, merged

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

    def _note_moved(self, one: Incoming, record: Record) -> None:
        """Keep which records named a merged citation: after a split they name it again."""
        for id_ in citations_named(one.parsed.record):
            file, kept = self.merged.get(id_, (one.file, self.stored.get(id_)))
            if kept is not None:
                self.merged[id_] = file, moved(kept, one.parsed.record, record)

    def _withdraw(self, record: Record, message: str) -> None:
        decision = self.decisions.pop((record.label, record.id))
        if record.label == Citation.label and decision.before is None:
            self.withdrawn.add(record.id)
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
