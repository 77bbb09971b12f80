"""Deciding citations: which known one each is, by its identifiers and beyond them, and what becomes of merged ones."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from kb.ingest.brought import Before
from kb.ingest.deciding import Deciding
from kb.ingest.decision import Absorption, Action, Decision, Incoming
from kb.ingest.existing import Existing, read_aliases, read_existing, read_existing_citations
from kb.ingest.identity import Contradiction, Identities
from kb.ingest.matched import Arrival, absorb, match, moved, with_identifiers_of
from kb.ingest.merge import Merged, beside, further, merge
from kb.ingest.references import citations_named
from kb.ingest.revisions import Revisions
from kb.matching import Grouping
from kb.questions.merged import follow, read_merged
from kb.store import Reads
from schema.citation import Citation
from schema.merged_citation import MergedCitation
from schema.parsed import Problem
from schema.possible_duplicate import PossibleDuplicate, duplicate_id
from schema.record import DRAFT, Record


class Citations:
    """The citations of one plan, and what is kept of those that are merged."""

    def __init__(self, store: Reads, deciding: Deciding, who: str, at: str, brought: Before | None) -> None:
        self._store = store
        self._brought = brought
        self._deciding = deciding
        self._who = who
        self._at = at
        #: What is kept of merged records: as the graph holds it, and as this load leaves it.
        self._stored: dict[str, MergedCitation] = {}
        self._merged: dict[str, tuple[int, MergedCitation]] = {}
        self._pairs: dict[str, PossibleDuplicate] = {}

    async def decide(self, incoming: Sequence[Incoming]) -> None:
        """Decide the citations of a load."""
        records = [one.parsed.record for one in incoming if isinstance(one.parsed.record, Citation)]
        found = await read_existing_citations(self._store, records)
        aliases = await read_aliases(self._store, records)
        existing = {one.record.id: one for one in found}
        existing |= await read_existing(self._store, "Citation", {one.into for one in aliases} - existing.keys())
        self._stored = await read_merged(self._store, (one.value for one in aliases if one.name == "id"))
        known = Identities.of((one.record for one in existing.values() if isinstance(one.record, Citation)), aliases)
        revisions = Revisions(incoming, existing.values())
        arrivals = self._identify(incoming, revisions, known)
        grouping, pairs = await match(self._store, arrivals, existing)
        existing |= await read_existing(self._store, "Citation", set(grouping.joined.values()) - existing.keys())
        # What is merged comes after what it is merged into.
        later = self._stored.keys() | grouping.joined.keys()
        ordered = sorted(arrivals, key=lambda one: one.citation in later or one.record.id in later)
        heard = _heard(incoming, ordered, grouping)
        for arrival in ordered:
            self._decide(incoming[arrival.place], arrival, existing, grouping, heard[arrival.place])
        for one in incoming:
            self._pass_over(one, revisions)
        self._ask(incoming, arrivals, grouping, pairs)

    async def follow_merged(self, named: set[str]) -> None:
        """Let these ids of citations lead to the ones that earlier citations were merged into."""
        renamed, decisions = self._deciding.renamed, self._deciding.decisions
        merged = await read_merged(
            self._store, {id_ for id_ in named if id_ not in renamed and ("Citation", id_) not in decisions}
        )
        self._stored |= merged
        renamed |= await follow(self._store, merged)

    def note_moved(self, one: Incoming, record: Record) -> None:
        """Keep which records named a merged citation: after a split they name it again."""
        for id_ in citations_named(one.parsed.record):
            file, kept = self._merged.get(id_, (one.file, self._stored.get(id_)))
            if kept is not None:
                self._merged[id_] = file, moved(kept, one.parsed.record, record)

    def merged(self) -> Iterator[Absorption]:
        """Yield what is to be kept of merged records."""
        for id_, (file, one) in self._merged.items():
            before = self._stored.get(id_)
            if one != before and self._there(one.into):
                decision = self._deciding.decisions.get(("Citation", one.into))
                yield Absorption(file, one, before, decision.before if decision else None)

    def pairs(self) -> Iterator[PossibleDuplicate]:
        """Yield the pairs for a person to look at."""
        return (one for one in self._pairs.values() if self._there(one.one) and self._there(one.other))

    def _there(self, citation: str) -> bool:
        """Whether a citation will be in the graph: it was no new one that had to be rejected."""
        return ("Citation", citation) not in self._deciding.withdrawn

    def _identify(self, incoming: Sequence[Incoming], revisions: Revisions, known: Identities) -> list[Arrival]:
        """Find which known citation each one is; those first that give up an identifier, which another may now have."""
        found: dict[int, Arrival] = {}
        waiting = {
            place: (one, given_up)
            for place, one in enumerate(incoming)
            if (given_up := revisions.given_up(one)) and not self._heard_of(one)
        }
        tried = len(waiting) + 1
        while len(waiting) < tried:
            tried = len(waiting)
            for place, (one, given_up) in list(waiting.items()):
                with suppress(Contradiction):
                    found[place] = _arrival(place, one, known, given_up)
                    del waiting[place]
        for place, one in enumerate(incoming):
            if place in found or revisions.later(one) or revisions.past(one):
                continue
            try:
                found[place] = _arrival(place, one, known)
            except Contradiction as contradiction:
                self._deciding.reject(one, f"{_called(one)}: {contradiction}")
        return [found[place] for place in sorted(found)]

    def _heard_of(self, one: Incoming) -> bool:
        """Whether its file told of the same citation in a chunk before."""
        return self._brought is not None and self._brought.find(one.parsed.record.id, one.file) is not None

    def _pass_over(self, one: Incoming, revisions: Revisions) -> None:
        """Decide a record that says nothing, because the paper's record was revised since."""
        record = one.parsed.record
        if later := revisions.later(one):
            same = self._deciding.renamed.get(record.id, record.id)
            if decision := self._deciding.decisions.get(("Citation", same)):
                self._deciding.double(one, decision)
            else:
                told = f"was revised later at {later.parsed.where}, and what is there was left out"
                self._deciding.reject(one, told)
        elif held := revisions.past(one):
            decision = self._deciding.decisions.get(("Citation", held.record.id))
            if held.record.id != record.id:
                self._deciding.renamed[record.id] = held.record.id
            if decision:
                self._deciding.double(one, decision)
            else:
                again = self._brought.find(held.record.id, one.file) if self._brought else None
                unchanged = Merged(held.record, held.source, held.field_sources)
                self._deciding.settle(one, record, held, unchanged, again)

    def _decide(
        self, one: Incoming, arrival: Arrival, existing: Mapping[str, Existing], grouping: Grouping, heard: int
    ) -> None:
        record, file_source = arrival.record, one.source
        same = grouping.joined.get(arrival.citation, arrival.citation)
        if same != record.id:
            self._deciding.renamed[record.id] = same
        earlier = self._deciding.decisions.get(("Citation", same))
        base = existing.get(same)
        if earlier is None and base is None:
            self._deciding.settle(one, record, None)
            return
        under = arrival.citation if arrival.citation in grouping.joined else record.id
        absorbed = under in grouping.joined or under in self._stored
        incoming, source = record, file_source
        if absorbed:
            kept_record = earlier.record if earlier else base.record if base else record
            incoming = with_identifiers_of(kept_record, record)
            source = beside(file_source, earlier.source if earlier else base.source if base else "")
        if earlier is not None:
            base, merged = self._join(one, incoming, earlier, heard)
        else:
            assert base is not None
            again = self._brought.find(same, one.file) if self._brought else None
            if again:
                source = _source_again(one, again.revised, again.heard + heard)
            merged = merge(base, incoming, source)
            self._deciding.settle(one, record, base, merged, again)
        if absorbed:
            reason = grouping.reasons.get(under, "")
            told = {"id": under, "reason": reason, "merged": self._at, "who": self._who}
            _, kept = self._merged.get(under, (0, self._stored.get(under)))
            self._merged[under] = one.file, absorb(kept, base, record, file_source, merged, told)

    def _join(self, one: Incoming, record: Citation, earlier: Decision, heard: int) -> tuple[Existing, Merged]:
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
        first = getattr(earlier.incoming.parsed.record, "revised", None)
        spoken = one.file == earlier.incoming.file or one.source in (earlier.source, *earlier.field_sources.values())
        heard += earlier.again.heard if earlier.again else 0
        merged = merge(base, record, _source_again(one, first, heard) if spoken else one.source)
        before = earlier.before
        if before is None:
            action = Action.NEW
        elif merged.changes(before, merged.record.content_hash()):
            action = Action.UPDATED
        else:
            action = Action.MATCHED if earlier.action is Action.MATCHED else Action.UNCHANGED
        self._deciding.decisions["Citation", earlier.record.id] = replace(
            earlier, action=action, record=merged.record, source=merged.source, field_sources=merged.field_sources
        )
        self._deciding.double(one, earlier)
        return base, merged

    def _ask(
        self,
        incoming: Sequence[Incoming],
        arrivals: Sequence[Arrival],
        grouping: Grouping,
        pairs: Mapping[str, PossibleDuplicate],
    ) -> None:
        """Note the pairs that nobody was asked about before, and tell of each where the record was read."""
        where = {grouping.joined.get(one.citation, one.citation): incoming[one.place] for one in arrivals}
        for pair in grouping.unsure:
            id_ = duplicate_id(pair.one, pair.other)
            if id_ in pairs:
                continue
            self._pairs[id_] = PossibleDuplicate(
                id=id_, one=pair.one, other=pair.other, reason=pair.reason, found=self._at
            )
            new = pair.one if pair.one in where else pair.other
            other = pair.other if new == pair.one else pair.one
            message = (
                f"Citation {new} may be the same paper as {other} ({pair.reason}); "
                "both are kept until somebody decides: kb duplicates"
            )
            problem = Problem(where[new].parsed.where, message, rejected=False)
            self._deciding.problems.append((where[new].file, problem))


def _heard(incoming: Sequence[Incoming], ordered: Sequence[Arrival], grouping: Grouping) -> dict[int, int]:
    """Return, by its place, how many records of its file told of the citation of each arrival before it.

    Their places in the file count, in whichever order they are decided (``ordered``), and whether in one plan or in
    several. The one that is decided first comes before all others.
    """
    told: dict[tuple[str, int], list[int]] = {}
    first: dict[tuple[str, int], int] = {}
    for one in ordered:
        key = grouping.joined.get(one.citation, one.citation), incoming[one.place].file
        first.setdefault(key, one.place)
        told.setdefault(key, []).append(one.place)
    return {
        place: 0 if place == first[key] else number + (first[key] > place)
        for key, places in told.items()
        for number, place in enumerate(sorted(places))
    }


def _source_again(one: Incoming, first: str | None, heard: int) -> str:
    """Return the source of one more record of one source in a load; ``first`` is when the first one was revised.

    It adds what those before it (``heard`` of them) lack; it does not speak against them, unless it is newer.
    """
    revised = getattr(one.parsed.record, "revised", None)
    dated = revised is not None and first is not None and revised != first
    return one.source if dated else further(one.source, heard)


def _arrival(place: int, one: Incoming, known: Identities, given_up: Sequence[tuple[str, str]] = ()) -> Arrival:
    """Find what a citation is, and let it be known. Raises Contradiction."""
    record = one.parsed.record
    assert isinstance(record, Citation)
    content = one.content_of(record)
    assert content.facts is not None
    same = known.find_again(record, content.facts, given_up) or record.id
    known.add(record, same, content.facts)
    return Arrival(place, record, same, content)


def _called(one: Incoming) -> str:
    return f"{(getattr(one.parsed.record, 'title', None) or 'without title')[:60]!r}"
