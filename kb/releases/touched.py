"""Which pairs of therapy and condition the changes of a release can reach."""

from collections.abc import Collection, Iterable, Mapping

from kb.evidence.evidence import Vocabulary
from kb.evidence.precision import kind_of
from kb.evidence.summaries import touched_pairs
from kb.questions.records import read_records
from kb.releases.edited import Edited, read_edited
from kb.store import Store
from schema.finding import Finding
from schema.judgement import Judgement

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


async def touched(
    store: Store, changed: Mapping[str, Collection[str]], before: int, number: int, old: Vocabulary, new: Vocabulary
) -> set[Pair]:
    """Return the pairs whose summary may differ between release ``before`` and ``number``.

    ``changed``: ids by label of the records that differ. ``old`` and ``new``: the vocabularies of the two.
    """
    wider = {label: _with_narrower(label, ids, old, new) for label, ids in changed.items()}
    findings = await findings_reached(store, wider, await read_edited(store, number))
    pairs = await _pairs_of(store, findings, before, old) | await _pairs_of(store, findings, number, new)
    for release in (before, number):
        for judgement in (await read_records(store, "Judgement", changed.get("Judgement", ()), release)).values():
            if isinstance(judgement, Judgement):
                pairs.add((judgement.therapy, judgement.condition))
    return pairs


async def findings_reached(store: Store, changed: Mapping[str, Collection[str]], edited: Edited) -> set[str]:
    """Return the findings that changed, and those that point at a record that changed or at a study behind one.

    They point so now, or in the release that ``edited`` was read of.
    """
    findings = set(changed.get("Finding", ()))
    for label, type_ in REACHING.items():
        ids = await studies_behind(store, changed, edited) if label == "Study" else set(changed.get(label, ()))
        if ids:
            rows = await store.read("findings_under", {"Label": label, "TYPE": type_}, ids=sorted(ids))
            findings |= {row["id"] for row in rows} | edited.pointing("Finding", type_, ids)
    return findings


async def all_pairs(store: Store, number: int, vocabulary: Vocabulary) -> set[Pair]:
    """Return every pair that a finding of release ``number`` is about."""
    pairs: set[Pair] = set()
    ids: list[str] = []
    async for row in store.stream("findings_about", release=number):
        ids.append(row["id"])
        if len(ids) == AT_ONCE:
            pairs |= await _pairs_of(store, ids, number, vocabulary)
            ids = []
    return pairs | await _pairs_of(store, ids, number, vocabulary)


async def _pairs_of(store: Store, ids: Collection[str], number: int, vocabulary: Vocabulary) -> set[Pair]:
    found = await read_records(store, "Finding", ids, number)
    return {pair for one in found.values() if isinstance(one, Finding) for pair in touched_pairs(one, vocabulary)}


async def studies_behind(store: Store, changed: Mapping[str, Collection[str]], edited: Edited) -> set[str]:
    """Return studies whose reports changed, and reviews that include one that changed: a retraction reaches both.

    They do so now, or in the release that ``edited`` was read of.
    """
    studies = set(changed.get("Study", ()))
    if citations := changed.get("Citation"):
        studies |= {row["id"] for row in await store.read("studies_of_citations", ids=list(citations))}
        studies |= edited.pointing("Study", "REPORTED_IN", citations)
    if studies:
        reviews = {row["id"] for row in await store.read("reviews_of_studies", ids=sorted(studies))}
        studies |= reviews | edited.pointing("Study", "INCLUDES", studies)
    return studies


def _with_narrower(label: str, ids: Iterable[str], old: Vocabulary, new: Vocabulary) -> set[str]:
    """A change of a therapy or condition (its name, its place) reaches what is below it, then and now.

    One of an instrument reaches those that differ from it in their range alone.
    """
    trees = {
        "Therapy": (old.therapy_tree, new.therapy_tree),
        "Condition": (old.condition_tree, new.condition_tree),
    }.get(label, ())
    found = set(ids)
    if label == "Instrument":
        # An important difference on one range of an instrument counts on its others.
        known = {**old.instruments, **new.instruments}
        kinds = {kind_of(known[id_]) for id_ in found if id_ in known}
        found |= {id_ for id_, one in known.items() if kind_of(one) in kinds}
    for tree in trees:
        for id_ in ids:
            found |= tree.narrower(id_)
    return found
