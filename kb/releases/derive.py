"""Derive the summaries of some pairs, as a release holds their evidence."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from kb.errors import InputProblem
from kb.evidence.evidence import Evidence, Kind, Vocabulary
from kb.evidence.replaced import Replaced
from kb.evidence.results import Told
from kb.evidence.standing import Standing
from kb.evidence.summaries import summarise
from kb.questions.held import Held, with_what_it_asks_for
from kb.questions.records import at_release, read_records
from kb.releases.edited import Edited, read_edited
from kb.store import Store, batches, portions
from schema.citation import Citation
from schema.finding import Finding
from schema.judgement import Judgement
from schema.record import Record
from schema.study import Study
from schema.summary import Summary

Pair = tuple[str, str]

#: Records kept while deriving, and findings whose pairs are derived together unless one pair alone has more: beyond it
#: they are read again, so that memory stays bounded.
KEPT = 20_000

#: Findings of one pair beyond which it is refused: they are held at once, each some 25 KB with its study, its reports
#: and what was worked out of it.
MOST = 500_000

#: Pairs whose answers before are read at once, and therapies whose findings are looked up at once.
AT_ONCE = 50

#: Conditions beyond which the findings of a therapy are looked up in all: each one found is held against each of them.
MANY = 500


@dataclass(frozen=True, slots=True)
class Derived:
    """The answers of a pair before and after; None where it has no finding, or there was no answer."""

    pair: Pair
    before: Summary | None
    after: Summary | None


async def derive(
    store: Store,
    pairs: Collection[Pair],
    number: int,
    vocabulary: Vocabulary,
    *,
    before: int,
    reached: Collection[str] | None = None,
    instead: Mapping[tuple[str, str], Record] | None = None,
) -> AsyncIterator[Derived]:
    """Yield for each pair, in their order, its answer in release ``before`` and the one as of release ``number``.

    ``reached``: the findings that a change in between can reach, where the rules and the vocabulary of both releases
    are the same: other lines are taken from the answer before. ``instead``: records by label and id that take the
    place of those that the release holds. Raises InputProblem where a pair has more findings than MOST.
    """
    by_therapy: dict[str, list[str]] = {}
    for therapy, condition in sorted(pairs):
        by_therapy.setdefault(therapy, []).append(condition)
    within = {
        condition: vocabulary.replaced.held_as("Condition", vocabulary.condition_tree.narrower(condition))
        for condition in {condition for _, condition in pairs}
    }
    edited = await read_edited(store, number, (Finding,))
    tested = _Tested(store, _needed(by_therapy, within, vocabulary), edited)
    kept = _Kept(store, number, instead or {}, vocabulary.replaced)
    told: dict[str, Told] = {}
    for therapy, conditions in by_therapy.items():
        therapies = vocabulary.replaced.held_as("Therapy", vocabulary.therapy_tree.narrower(therapy))
        reach = {condition: within[condition] for condition in conditions}
        for some, ids in _together(therapy, await tested.by_condition(therapies), reach):
            if len(told) > KEPT:
                told = {}
            # What a finding is about is decided by its content in this release, not by the newest relationships.
            about = await _about(kept, ids | edited.pointing("Finding", "TESTS", therapies), therapies)
            studies = await _studies(kept, about.values())
            reports = chain.from_iterable(study.citations for study in studies.values())
            named = await kept.get("Citation", chain(reports, (one.citation for one in about.values())))
            citations = {id_: one for id_, one in named.items() if isinstance(one, Citation)}
            await _read_entries(store, therapy, some, about.values(), vocabulary)
            studied = _by_condition(about.values())
            for few in portions(some, AT_ONCE):
                asked = [(therapy, condition) for condition in few]
                standing, judgements = await asyncio.gather(
                    standing_summaries(store, asked, before), _judgements(store, asked, number)
                )
                for pair in asked:
                    evidence = Evidence(
                        therapy=therapy,
                        condition=pair[1],
                        vocabulary=vocabulary,
                        findings=[one for each in reach[pair[1]] & studied.keys() for one in studied[each]],
                        studies=studies,
                        citations=citations,
                        judgements=judgements.get(pair, ()),
                    )
                    earlier = standing.get(pair)
                    stands = None if earlier is None or reached is None else Standing(earlier, reached)
                    work = partial(summarise, evidence, number, stands, told)
                    yield Derived(pair, earlier, await with_what_it_asks_for(store, work))


async def _read_entries(
    store: Store, therapy: str, conditions: Iterable[str], findings: Collection[Finding], vocabulary: Vocabulary
) -> None:
    """Read the entries that answers may name, where only the places are read yet: those of findings and all above."""
    kinds: tuple[tuple[Kind, Iterable[str]], ...] = (("Therapy", (therapy,)), ("Condition", conditions))
    for kind, asked in kinds:
        held, tree = vocabulary.of(kind), vocabulary.tree(kind)
        if isinstance(held, Held) and held.partial:
            named = (one.therapies if kind == "Therapy" else one.conditions for one in findings)
            ids = set(asked).union(*named)
            await held.read(store, {above for id in ids for above in tree.broader(id)})


def _needed(
    by_therapy: Mapping[str, Collection[str]], within: Mapping[str, frozenset[str]], vocabulary: Vocabulary
) -> dict[str, set[str]]:
    """The conditions in which each therapy below those asked for is of use."""
    needed: dict[str, set[str]] = {}
    for therapy, conditions in by_therapy.items():
        reach = frozenset[str]().union(*(within[condition] for condition in conditions))
        for each in vocabulary.replaced.held_as("Therapy", vocabulary.therapy_tree.narrower(therapy)):
            needed.setdefault(each, set()).update(reach)
    return needed


def _together(
    therapy: str, found: Mapping[str, set[str]], reach: Mapping[str, frozenset[str]]
) -> Iterator[tuple[list[str], set[str]]]:
    """Yield conditions to be answered together, and the findings in them; ``found``: findings by condition."""
    some: list[str] = []
    ids: set[str] = set()
    for condition, narrower in reach.items():
        mine = set[str]().union(*(found[each] for each in narrower if each in found))
        if len(mine) > MOST:
            raise InputProblem(
                f"The answer for {therapy} and {condition} would rest on {len(mine):,} findings, more than {MOST:,}.",
                "Nothing was published. Check that they are not all loaded under one therapy and condition by mistake.",
            )
        if some and len(ids | mine) > KEPT:
            yield some, ids
            some, ids = [], set()
        some.append(condition)
        ids |= mine
    yield some, ids


async def _about(kept: "_Kept", ids: Iterable[str], therapies: frozenset[str]) -> dict[str, Finding]:
    found = (await kept.get("Finding", ids)).values()
    tested = (one for one in found if isinstance(one, Finding) and not therapies.isdisjoint(one.therapies))
    return {one.id: one for one in tested if not one.withdrawn}


def _by_condition(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The findings by each condition that they are about."""
    found: dict[str, list[Finding]] = {}
    for one in findings:
        for condition in one.conditions:
            found.setdefault(condition, []).append(one)
    return found


async def _judgements(store: Store, pairs: Sequence[Pair], release: int) -> dict[Pair, list[Judgement]]:
    rows = await store.read("judgements_of_pairs", rows=[{"therapy": one, "condition": two} for one, two in pairs])
    found: dict[Pair, list[Judgement]] = {}
    for one in (await at_release(store, "Judgement", [row["node"] for row in rows], release)).values():
        if isinstance(one, Judgement):
            found.setdefault((one.therapy, one.condition), []).append(one)
    return found


async def standing_summaries(store: Store, pairs: Iterable[Pair], release: int) -> dict[Pair, Summary]:
    """Return the summaries that a release holds for these pairs."""
    found: dict[Pair, Summary] = {}
    for rows in batches([{"therapy": therapy, "condition": condition} for therapy, condition in sorted(pairs)]):
        for row in await store.read("summaries_of_pairs", rows=rows, release=release):
            summary = Summary.from_properties(row["node"])
            found[summary.therapy, summary.condition] = summary
    return found


async def _studies(kept: "_Kept", findings: Iterable[Finding]) -> dict[str, Study]:
    """The studies of findings, and the trials that reviews among them include."""
    found = {
        id_: one
        for id_, one in (await kept.get("Study", (f.study for f in findings))).items()
        if isinstance(one, Study)
    }
    inside = await kept.get("Study", (id_ for study in found.values() for id_ in study.includes))
    return found | {id_: one for id_, one in inside.items() if isinstance(one, Study)}


class _Tested:
    """Findings by the therapy that they test and by condition, as their relationships tell; read once.

    ``needed``: the conditions that are asked for with each therapy. ``edited`` is renewed whenever something is read:
    what it tells beside is whole.
    """

    def __init__(self, store: Store, needed: Mapping[str, Collection[str]], edited: Edited) -> None:
        self._store = store
        self._needed = needed
        self._edited = edited
        self._found: dict[str, dict[str, list[str]]] = {}
        self._size = 0

    async def by_condition(self, therapies: Collection[str]) -> dict[str, set[str]]:
        """Return the findings that test any of these therapies, by condition."""
        if self._size > 4 * KEPT:
            self._found, self._size = {}, 0
        missing = sorted(set(therapies) - self._found.keys())
        for some in portions(missing, AT_ONCE):
            await self._read(some)
        if missing:
            await self._edited.renew()
        found: dict[str, set[str]] = {}
        for therapy in therapies:
            for condition, ids in self._found[therapy].items():
                found.setdefault(condition, set()).update(ids)
        return found

    async def _read(self, therapies: list[str]) -> None:
        self._found |= {therapy: {} for therapy in therapies}
        rows = [{"therapy": therapy, "conditions": _unless_many(self._needed[therapy])} for therapy in therapies]
        for row in await self._store.read("findings_of_pairs", rows=rows):
            self._found[row["therapy"]][row["condition"]] = row["ids"]
            self._size += len(row["ids"])


def _unless_many(conditions: Collection[str]) -> list[str] | None:
    return None if len(conditions) > MANY else sorted(conditions)


class _Kept:
    """Records of one release that were read already."""

    def __init__(
        self, store: Store, number: int, instead: Mapping[tuple[str, str], Record], replaced: Replaced
    ) -> None:
        self._store = store
        self._replaced = replaced
        self._instead = instead
        self._number = number
        self._records: dict[tuple[str, str], Record] = {}

    async def get(self, label: str, ids: Iterable[str]) -> dict[str, Record]:
        wanted = set(ids)
        missing = [id_ for id_ in wanted if (label, id_) not in self._records]
        if missing:
            if len(self._records) + len(missing) > KEPT:
                self._records.clear()
                missing = list(wanted)
            for id_, record in (await read_records(self._store, label, missing, self._number)).items():
                self._records[label, id_] = self._replaced.moved(self._instead.get((label, id_), record))
        return {id_: self._records[label, id_] for id_ in sorted(wanted) if (label, id_) in self._records}
