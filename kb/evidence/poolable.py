"""Poolable: which studies of a line may be pooled, on which measure, and why the others may not (rule 4).

**What may be pooled**: one result per study, primary studies only, of one line (outcome domain, comparator class, time
window, means or counts) whose window and comparator are known; one therapy and one outcome, a narrower one counted
under the broadest that a study of the line names (several medicines are never pooled because somebody asks for
medicines); other treatments as comparators only where they are the same ones. Means as MD where that pools most
studies of one scale, changes and final values together; else as SMD, change scores and final values then apart
(Cochrane Handbook 10.5.2); counts as RR, OR or HR, whichever pools most, the first of them where it is even, and as RD
where no ratio can be pooled. A study that is not pooled is named with the reason.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from kb.evidence.comparable import Comparable, comparable
from kb.evidence.evidence import Evidence
from kb.evidence.remembered import remembered
from kb.evidence.results import Result
from kb.evidence.rollup import Hierarchy
from schema.terms import Better, ComparatorGroup, EffectMeasure, Measured, TimeWindow

MEANS = (EffectMeasure.MD, EffectMeasure.SMD)
COUNTS = (EffectMeasure.RR, EffectMeasure.OR, EffectMeasure.HR, EffectMeasure.RD)

#: In the words of a reason.
_KINDS: Mapping[Measured | None, str] = {Measured.FINAL: "final values", Measured.CHANGE: "changes from the start"}
_WAYS: Mapping[Better | None, str] = {Better.HIGHER: "more", Better.LOWER: "less"}


def hindrance_of(result: Result) -> str | None:
    """Why nothing of the line can be pooled."""
    if result.comparison is ComparatorGroup.NONE:
        return "what it was compared with is mixed or not described"
    if result.finding.window is TimeWindow.UNKNOWN:
        return "when it was measured is not known"
    return None


def alike(results: Sequence[Result], evidence: Evidence) -> tuple[list[Result], dict[str, str]]:
    """Return the greatest group of one therapy, outcome and (for other treatments) comparator; why others are out."""
    therapies = evidence.vocabulary.therapy_tree
    asked = therapies.narrower(evidence.therapy)
    tested = {id for result in results for id in result.finding.therapies if id in asked}
    active = results[0].comparison is ComparatorGroup.ACTIVE
    groups: dict[_Alike, list[Result]] = {}
    left: dict[str, str] = {}

    @cache
    def broadest(named: tuple[str, ...]) -> tuple[str, ...]:
        return _broadest({id for one in named for id in therapies.broader(one)} & tested, therapies)

    for result in results:
        finding = result.finding
        if not finding.outcomes:
            left[result.study.id] = "its outcome has no place in the vocabulary"
        elif active and not finding.comparators:
            left[result.study.id] = "the other treatment is not named"
        else:
            group = _Alike(
                therapies=broadest(finding.therapies),
                outcomes=_broadest_outcomes(result, evidence),
                comparators=tuple(sorted(finding.comparators)) if active else (),
            )
            groups.setdefault(group, []).append(result)
    if not groups:
        return [], left

    def order(group: _Alike) -> tuple[object, ...]:
        members = groups[group]
        return -len(members), -sum(one.people or 0 for one in members), group

    best = min(groups, key=order)
    for other, members in groups.items():
        if other != best:
            what = next(name for name in other._fields if getattr(other, name) != getattr(best, name))
            why = {"therapies": "therapy", "outcomes": "outcome", "comparators": "comparator"}[what]
            left |= {result.study.id: f"another {why} than in the studies that were pooled" for result in members}
    return groups[best], left


class _Alike(NamedTuple):
    """What results must share to be pooled."""

    therapies: tuple[str, ...]
    outcomes: tuple[str, ...]
    comparators: tuple[str, ...]


@remembered
def _broadest_outcomes(result: Result, evidence: Evidence) -> tuple[str, ...]:
    tree = evidence.vocabulary.outcome_tree
    return _broadest({id for one in result.finding.outcomes for id in tree.broader(one)}, tree)


def _broadest(ids: set[str], tree: Hierarchy) -> tuple[str, ...]:
    """Return those of the ids that have no other of them above."""
    return tuple(sorted(id for id in ids if not (tree.broader(id) & ids) - {id}))


def one_measure(results: Sequence[Result], evidence: Evidence) -> tuple[list[Comparable], dict[str, str]]:
    """Return the effects of the measure (on one scale) that most studies share, and why the others have none."""
    if not results:
        return [], {}
    measures = COUNTS if results[0].responders else MEANS
    best: list[Comparable] = []
    reasons: dict[str, list[str]] = {result.study.id: [] for result in results}
    for measure in measures:
        if measure is EffectMeasure.RD and len(best) > 1:
            break
        bundles: dict[str, list[Comparable]] = {}
        for result in results:
            found = comparable(result, measure, evidence)
            if isinstance(found, str):
                reasons[result.study.id].append(found)
                continue
            bundle = _bundle(found)
            if bundle is None:
                reasons[result.study.id].append("its scale cannot be told")
            else:
                bundles.setdefault(bundle, []).append(found)
        for name in sorted(bundles, key=lambda each: (-len(bundles[each]), each)):
            if len(bundles[name]) > len(best):
                best = bundles[name]
    inside = {one.result.study.id for one in best}
    left: dict[str, str] = {}
    for result in results:
        if result.study.id not in inside:
            told = dict.fromkeys(part for reason in reasons[result.study.id] for part in reason.split("; "))
            left[result.study.id] = "; ".join(told) or _apart(result, best[0], evidence)
    return best, left


def _apart(result: Result, other: Comparable, evidence: Evidence) -> str:
    """Why a result that has an effect of the measure, too, is not pooled with the others."""
    mine = comparable(result, other.measure, evidence)
    if isinstance(mine, str):
        return mine
    kinds = (result.finding.measured, other.result.finding.measured)
    if other.measure is EffectMeasure.SMD and kinds[0] in _KINDS and kinds[1] in _KINDS:
        return f"an SMD of {_KINDS[kinds[0]]}, and the others' is of {_KINDS[kinds[1]]}"
    same = mine.scale is None or other.scale is None or mine.scale.kind == other.scale.kind
    if same and mine.better in _WAYS and other.better in _WAYS and mine.better is not other.better:
        return f"{_WAYS[mine.better]} of what it measured is better, and {_WAYS[other.better]} of what the others did"
    return f"no {other.measure} on the scale of the others"


def _bundle(one: Comparable) -> str | None:
    """What effects of one measure must share beside it to be pooled."""
    if one.measure is EffectMeasure.MD:
        return None if one.scale is None else f"{one.scale.kind} {one.better}"
    if one.measure is EffectMeasure.SMD:
        return None if one.result.finding.measured is None else one.result.finding.measured
    # The ratio of having an event is not the inverse of that of not having it.
    return None if one.better is None else one.better
