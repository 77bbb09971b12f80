"""Which pairs of therapy and condition the changes of a release can reach."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from kb.evidence.evidence import Vocabulary
from kb.evidence.scales import kind_of
from kb.evidence.summaries import pairs_above
from kb.questions.records import edited_ids, read_records
from kb.releases.edited import Edited, read_edited
from kb.store import Store, portions
from schema.finding import Finding
from schema.judgement import Judgement
from schema.study import Study

Pair = tuple[str, str]

#: Kinds whose change reaches the findings that point at them, and by which relationship.
REACHING = {
    "Therapy": "TESTS",
    "Condition": "IN_CONDITION",
    "Comparator": "COMPARED_WITH",
    "Outcome": "MEASURES",
    "Instrument": "USES",
    "Citation": "READ_IN",
    "Study": "RESULT_OF",
}

#: Findings looked up at once.
AT_ONCE = 2000

#: Therapies whose findings are gone through at once.
THERAPIES = 50


@dataclass(frozen=True, slots=True)
class Touched:
    """The pairs that changes can reach, and the findings through which they do."""

    pairs: set[Pair]
    findings: Collection[str]


NOTHING_TOUCHED = Touched(set(), frozenset())


async def touched(
    store: Store, changed: Mapping[str, Collection[str]], before: int, number: int, old: Vocabulary, new: Vocabulary
) -> Touched:
    """Return the pairs whose summary may differ between release ``before`` and ``number``.

    ``changed``: ids by label of the records that differ. ``old`` and ``new``: the vocabularies of the two.
    """
    wider = {label: _wider(label, ids, old, new) for label, ids in changed.items()}
    harmful = await _harmful(store, outcomes) if (outcomes := wider.get("Outcome")) else None
    edited = await read_edited(store, number)
    while True:
        if harmful is not None:
            # An edited one told of who knows what.
            wider["Study"] = wider.get("Study", set()) | harmful | edited.ids[Study.label]
        findings = await findings_reached(store, wider, edited)
        if not await edited.renew():
            break
    pairs: set[Pair] = set()
    for some in portions(sorted(findings), AT_ONCE):
        rows = await store.read("findings_named", ids=some)
        for release, vocabulary in ((before, old), (number, new)):
            pairs |= await _pairs_of(store, rows, release, vocabulary)
    for release in (before, number):
        for judgement in (await read_records(store, "Judgement", changed.get("Judgement", ()), release)).values():
            if isinstance(judgement, Judgement):
                pairs.add((judgement.therapy, judgement.condition))
    return Touched(pairs, findings)


async def findings_reached(store: Store, changed: Mapping[str, Collection[str]], edited: Edited) -> set[str]:
    """Return the findings that changed, and those that point at a record that changed or at a study behind one.

    They point so now, or in the release that ``edited`` was read of.
    """
    findings = set(changed.get("Finding", ()))
    for label, type_ in REACHING.items():
        ids = await studies_behind(store, changed, edited) if label == "Study" else set(changed.get(label, ()))
        if ids:
            findings |= await _pointing(store, "findings_under", ids, {"Label": label, "TYPE": type_})
            findings |= edited.pointing("Finding", type_, ids)
    return findings


async def all_pairs(store: Store, number: int, vocabulary: Vocabulary) -> set[Pair]:
    """Return every pair that a finding of release ``number`` is about."""
    replaced = (id_ for label, id_ in vocabulary.replaced.entries if label == "Therapy")
    tested: set[Pair] = set()
    for some in portions(sorted((*vocabulary.therapies, *replaced)), THERAPIES):
        for row in await store.read("pairs_tested", therapies=some, release=number):
            tested.add((row["therapy"], row["condition"]))
    pairs = {pair for therapy, condition in tested for pair in pairs_above((therapy,), (condition,), vocabulary)}
    return pairs | await _pairs_then(store, await edited_ids(store, "Finding", number), number, vocabulary)


async def _pairs_of(store: Store, rows: Iterable[dict[str, Any]], number: int, vocabulary: Vocabulary) -> set[Pair]:
    """The pairs of findings as release ``number`` holds them; of an edited one its row does not tell."""
    edited: list[str] = []
    about: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    for row in rows:
        if row["since"] <= number:
            about.add((tuple(row["therapies"] or ()), tuple(row["conditions"] or ())))
        else:
            edited.append(row["id"])
    now = {pair for named in about for pair in pairs_above(*named, vocabulary)}
    return now | await _pairs_then(store, edited, number, vocabulary)


async def _pairs_then(store: Store, edited: Iterable[str], number: int, vocabulary: Vocabulary) -> set[Pair]:
    """The pairs of findings that differ now."""
    held = (await read_records(store, "Finding", edited, number)).values()
    about = {(one.therapies, one.conditions) for one in held if isinstance(one, Finding)}
    return {pair for named in about for pair in pairs_above(*named, vocabulary)}


async def studies_behind(store: Store, changed: Mapping[str, Collection[str]], edited: Edited) -> set[str]:
    """Return studies whose reports changed, and reviews that include one that changed: a retraction reaches both.

    They do so now, or in the release that ``edited`` was read of.
    """
    studies = set(changed.get("Study", ()))
    if citations := changed.get("Citation"):
        studies |= await _pointing(store, "studies_of_citations", citations)
        studies |= edited.pointing("Study", "REPORTED_IN", citations)
    if studies:
        reviews = await _pointing(store, "reviews_of_studies", studies)
        studies |= reviews | edited.pointing("Study", "INCLUDES", studies)
    return studies


async def _harmful(store: Store, outcomes: Collection[str]) -> set[str]:
    """Return the studies that tell of one of these outcomes as a harm."""
    rows = store.stream("studies_with_harms")
    return {
        row["id"] async for row in rows if any(harm.get("outcome") in outcomes for harm in orjson.loads(row["harms"]))
    }


async def _pointing(store: Store, query: str, ids: Iterable[str], names: Mapping[str, str] | None = None) -> set[str]:
    return {row["id"] for some in portions(sorted(ids), AT_ONCE) for row in await store.read(query, names, ids=some)}


def _wider(label: str, ids: Iterable[str], old: Vocabulary, new: Vocabulary) -> set[str]:
    """A change of a therapy or condition (its name, its place) reaches what is below it, then and now.

    One that came, has another place, or was merged into another or is not any more, reaches what is beside it too: that
    may now be the only branch there, or not be it any more. A change of an instrument reaches those that differ from it
    in their range alone.
    """
    found = set(ids)
    if label == "Instrument":
        # An important difference on one range of an instrument counts on its others.
        known = {**old.instruments, **new.instruments}
        kinds = {kind_of(known[id_]) for id_ in found if id_ in known}
        found |= {id_ for id_, one in known.items() if kind_of(one) in kinds}
    if label in ("Therapy", "Condition"):
        both = [(one.tree(label), one.replaced) for one in (old, new)]
        for id_ in ids:
            places = {(replaced.current(label, id_), tree.parents(id_)) for tree, replaced in both}
            around = {id_}
            if len(places) > 1:
                around.update(*({current, *parents} for current, parents in places))
            for tree, replaced in both:
                found |= replaced.held_as(label, {below for each in around for below in tree.narrower(each)})
    return found
