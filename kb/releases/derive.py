"""Derive the summaries of some pairs, as a release holds their evidence."""

from collections.abc import AsyncIterator, Iterable, Mapping

from kb.evidence.evidence import Evidence, Vocabulary
from kb.evidence.summaries import summarise
from kb.questions.records import read_all_records, read_records
from kb.releases.edited import read_edited
from kb.store import Store, batches
from schema.citation import Citation
from schema.finding import Finding
from schema.judgement import Judgement
from schema.record import Record
from schema.study import Study
from schema.summary import Summary

Pair = tuple[str, str]

#: Records kept while deriving; beyond it they are read again, so that memory stays bounded.
KEPT = 50_000


async def derive(
    store: Store,
    pairs: Iterable[Pair],
    number: int,
    vocabulary: Vocabulary,
    instead: Mapping[tuple[str, str], Record] | None = None,
) -> AsyncIterator[tuple[Pair, Summary | None]]:
    """Yield each pair with its summary as of release ``number``; None where it has no finding.

    ``instead``: records by label and id that take the place of those that the release holds.
    """
    by_therapy: dict[str, list[str]] = {}
    for therapy, condition in sorted(pairs):
        by_therapy.setdefault(therapy, []).append(condition)
    judgements: dict[Pair, list[Judgement]] = {}
    for one in (await read_all_records(store, "Judgement", number)).values():
        if isinstance(one, Judgement):
            judgements.setdefault((one.therapy, one.condition), []).append(one)
    kept = _Kept(store, number, instead or {})
    edited = await read_edited(store, number)
    for therapy, conditions in by_therapy.items():
        therapies = vocabulary.therapy_tree.narrower(therapy)
        reach = {condition: vocabulary.condition_tree.narrower(condition) for condition in conditions}
        rows = await store.read(
            "findings_of_pairs", therapies=sorted(therapies), conditions=sorted(frozenset[str]().union(*reach.values()))
        )
        # What a finding is about is decided by its content in this release, not by the newest relationships.
        named = {row["id"] for row in rows} | edited.pointing("Finding", "TESTS", therapies)
        found = await kept.get("Finding", named)
        findings = [
            one for one in found.values() if isinstance(one, Finding) and not therapies.isdisjoint(one.therapies)
        ]
        studies = await _studies(kept, findings)
        citations = await kept.get("Citation", (id_ for study in studies.values() for id_ in study.citations))
        for condition in conditions:
            evidence = Evidence(
                therapy=therapy,
                condition=condition,
                vocabulary=vocabulary,
                findings=[one for one in findings if not reach[condition].isdisjoint(one.conditions)],
                studies=studies,
                citations={id_: one for id_, one in citations.items() if isinstance(one, Citation)},
                judgements=judgements.get((therapy, condition), ()),
            )
            yield (therapy, condition), summarise(evidence, first=number)


async def standing_summaries(store: Store, pairs: Iterable[Pair], release: int) -> dict[Pair, Summary]:
    """Return the summaries that a release holds for these pairs."""
    found: dict[Pair, Summary] = {}
    for rows in batches([{"therapy": therapy, "condition": condition} for therapy, condition in sorted(pairs)]):
        for row in await store.read("summaries_of_pairs", rows=rows, release=release):
            summary = Summary.from_properties(row["node"])
            found[summary.therapy, summary.condition] = summary
    return found


async def _studies(kept: "_Kept", findings: list[Finding]) -> dict[str, Study]:
    """The studies of findings, and the trials that reviews among them include."""
    found = {
        id_: one
        for id_, one in (await kept.get("Study", (f.study for f in findings))).items()
        if isinstance(one, Study)
    }
    inside = await kept.get("Study", (id_ for study in found.values() for id_ in study.includes))
    return found | {id_: one for id_, one in inside.items() if isinstance(one, Study)}


class _Kept:
    """Records of one release that were read already."""

    def __init__(self, store: Store, number: int, instead: Mapping[tuple[str, str], Record]) -> None:
        self._store = store
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
                self._records[label, id_] = self._instead.get((label, id_), record)
        return {id_: self._records[label, id_] for id_ in sorted(wanted) if (label, id_) in self._records}
