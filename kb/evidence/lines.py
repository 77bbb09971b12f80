"""Lines: results that answer the same thing, one per study, and the order in which they are shown (rules 2 and 4).

A line holds the results of one outcome domain (or of one outcome that cannot stand for its domain) against one kind
of comparator in one time window; numbers of people who reached a threshold are kept apart from means. Nothing is
merged across lines.

**One result per study and line**: one that says something; the primary outcome; for pain its intensity itself rather
than pain at rest, on movement or at its worst, and for a condition its own measure; an effect with an interval before
an estimate before a direction alone; the later time point; more people; then the one less favourable to the therapy,
so that the choice cannot flatter; then the id.

**Which line leads** (design, rule 4): pain intensity, else how many people got relief, else function, else the
studies' own primary domain, else the domain with most people; for a mental, sleep or substance-use condition that
condition's own measure first. Then the comparator: sham or placebo where such a study exists, usual care, another
treatment, none. Then the window with the most people (a review that does not tell them has more than the few that
could show nothing), of equal ones that of the studies' primary outcome, then the later one within a year, but for
acute pain the earlier; one whose time is not known comes last, unless a review pooled it over several times. A line
that does not say which way gives place to one on pain or function against the same kind of comparator that does;
unless it is the one against sham or placebo, also to another comparator, or to the studies' primary outcome.
Comparisons of forms of one therapy, groups without comparison, predictions, and harms never lead while anything else
does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.evidence.evidence import Evidence, Vocabulary
from kb.evidence.precision import FAR_TOO_FEW
from kb.evidence.remembered import remembered
from kb.evidence.results import Result
from schema.terms import (
    ComparatorGroup,
    ConditionKind,
    Direction,
    Favours,
    OutcomeDomain,
    TimeWindow,
)

PAIN = OutcomeDomain.PAIN
_GROUPS = tuple(ComparatorGroup)
_WINDOWS = tuple(TimeWindow)

#: For pain that lasts: the later time within a year, then what comes after it.
_LASTING = (
    TimeWindow.TO_12_MONTHS,
    TimeWindow.TO_3_MONTHS,
    TimeWindow.UP_TO_2_WEEKS,
    TimeWindow.LONGER,
    TimeWindow.UNKNOWN,
)

#: Of two results of one study the one less favourable to the therapy, by its direction and the arm that it favours.
_HARMFUL = {Direction.HARM: 0, Direction.NO_DIFFERENCE: 1, Direction.MIXED: 2, Direction.UNCLEAR: 3}
_AGAINST = {Favours.COMPARATOR: 0, Favours.NEITHER: 1, None: 2, Favours.INTERVENTION: 3}

#: A kind of outcome: its domain, the outcome where that is a line of its own, whether it counts people.
Step = tuple[OutcomeDomain, str | None, bool]

#: Outcomes that stand for their domain. In the domains named here any other outcome is a line of its own, because
#: a sensitivity test is no pain, and a side effect no fatigue. In the other domains every outcome stands for it.
STANDS_FOR: dict[OutcomeDomain, frozenset[str]] = {
    OutcomeDomain.PAIN: frozenset(
        {
            "pain-intensity",
            "pain-relief-50",
            "pain-relief-30",
            "pain-relief-70",
            "pain-responder",
            "pain-free",
            "moderate-or-severe-pain",
        }
    ),
    OutcomeDomain.EMOTIONAL_FUNCTION: frozenset(
        {"depression", "anxiety", "psychological-distress", "depression-response"}
    ),
    OutcomeDomain.GLOBAL_IMPROVEMENT: frozenset({"global-improvement", "composite-responder"}),
    OutcomeDomain.OPIOID_USE: frozenset(
        {"opioid-consumption", "analgesic-consumption", "rescue-analgesia", "opioid-free"}
    ),
    OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS: frozenset({"adverse-events"}),
    OutcomeDomain.DISPOSITION: frozenset(),
    OutcomeDomain.OTHER: frozenset(),
}

#: Domains that say what a treatment costs the patient, or how the study went: beside an answer, never its head.
BESIDE = frozenset({OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS, OutcomeDomain.DISPOSITION})

#: The domain in which a condition has its own measure.
OWN_MEASURE: dict[ConditionKind, OutcomeDomain] = {
    ConditionKind.MENTAL_HEALTH: OutcomeDomain.EMOTIONAL_FUNCTION,
    ConditionKind.SLEEP: OutcomeDomain.SLEEP,
    ConditionKind.SUBSTANCE_USE: OutcomeDomain.OPIOID_USE,
}

#: Outcomes on a line of their own that are nevertheless the measure of a condition.
OWN_OUTCOME: dict[ConditionKind, str] = {ConditionKind.SUBSTANCE_USE: "opioid-misuse"}


@dataclass(frozen=True, slots=True)
class Key:
    """What the results of one line have in common."""

    domain: OutcomeDomain
    #: Set where the line is one outcome and not its whole domain.
    outcome: str | None
    responders: bool
    comparison: ComparatorGroup
    window: TimeWindow
    predicts: bool
    one_group: bool


def grouped(results: Iterable[Result], evidence: Evidence) -> dict[Key, tuple[Result, ...]]:
    """Return the results by line."""
    lines: dict[Key, list[Result]] = {}
    for result in results:
        lines.setdefault(_key(result, evidence, result.comparison), []).append(result)
    return {key: tuple(found) for key, found in lines.items()}


@remembered
def _key(result: Result, evidence: Evidence, comparison: ComparatorGroup) -> Key:
    finding = result.finding
    return Key(
        domain=finding.domain,
        outcome=own_outcome(finding.domain, finding.outcomes, evidence.vocabulary),
        responders=result.responders,
        comparison=comparison,
        window=finding.window,
        predicts=result.predicts,
        one_group=result.one_group,
    )


def own_outcome(domain: OutcomeDomain, outcomes: Sequence[str], vocabulary: Vocabulary) -> str | None:
    """Return the outcome that needs a line of its own, or None where the outcomes stand for their domain."""
    stands = STANDS_FOR.get(domain)
    if stands is None or not outcomes:
        return None
    tree = vocabulary.outcome_tree
    return min(outcomes) if all(stands.isdisjoint(tree.broader(outcome)) for outcome in outcomes) else None


def one_per_study(results: Iterable[Result], evidence: Evidence) -> tuple[Result, ...]:
    """Return the one result of each study that is counted, in the order of the studies' ids."""
    by_study: dict[str, list[Result]] = {}
    for result in results:
        by_study.setdefault(result.study.id, []).append(result)

    def best(found: list[Result]) -> Result:
        return found[0] if len(found) == 1 else min(found, key=lambda result: _preference(result, evidence))

    return tuple(best(by_study[study]) for study in sorted(by_study))


def _preference(result: Result, evidence: Evidence) -> tuple[object, ...]:
    finding = result.finding
    return (
        not result.usable,
        finding.primary is not True,
        _off_measure(result, evidence, "pain-intensity" if finding.domain is PAIN else evidence.condition),
        -result.quantified,
        -(finding.timepoint_days if finding.timepoint_days is not None else -1.0),
        -(result.people or 0),
        _HARMFUL.get(result.direction, 4),
        _AGAINST[result.vote],
        finding.id,
    )


@remembered
def _off_measure(result: Result, evidence: Evidence, asked: str) -> int:
    """How far a result is from the measure one would ask for: 0 it, 1 a narrower one, 2 anything else."""
    outcomes = result.finding.outcomes
    if asked in outcomes:
        return 0
    tree = evidence.vocabulary.outcome_tree
    return 1 if any(asked in tree.broader(outcome) for outcome in outcomes) else 2


@dataclass(frozen=True, slots=True)
class Rank:
    """What the order of lines goes by, beside the key."""

    key: Key
    direction: Direction
    #: People of the results that carry the line; None is not reported.
    people: int | None
    #: Whether a review that pooled several studies carries it.
    review: bool
    #: How many results of the line are the study's primary outcome.
    primary: int


def in_order(ranks: Sequence[Rank], kind: ConditionKind | None) -> tuple[Key, ...]:
    """Return the keys of the lines in the order in which they are shown; the first one leads.

    ``kind`` is that of the condition asked for; None where it is unknown.
    """
    steps = _domain_steps(ranks, kind)

    def order(rank: Rank) -> tuple[object, ...]:
        key = rank.key
        return (
            _penalty(key),
            _place(key, steps),
            # Two kinds may have one place: the amount leads before the share, whatever their people.
            key.responders,
            _GROUPS.index(key.comparison),
            rank.direction is Direction.UNCLEAR,
            key.window is TimeWindow.UNKNOWN and not rank.review,
            -_weight(rank),
            -rank.primary,
            (_WINDOWS if kind is ConditionKind.ACUTE_PAIN else _LASTING).index(key.window),
        )

    ordered = sorted(ranks, key=order)
    if ordered and ordered[0].direction is Direction.UNCLEAR:
        instead = _instead(ordered, steps)
        if instead is not None:
            ordered.remove(instead)
            ordered.insert(0, instead)
    return tuple(rank.key for rank in ordered)


def _weight(rank: Rank) -> int:
    """People behind a line; a review that does not tell them has more than the few that could show nothing."""
    if rank.people is None and rank.review:
        return FAR_TOO_FEW
    return rank.people or 0


def _instead(ordered: Sequence[Rank], steps: dict[Step, int]) -> Rank | None:
    """Return the line that leads in place of a first one that does not say which way."""
    first = ordered[0].key
    known = [
        rank
        for rank in ordered
        if rank.direction is not Direction.UNCLEAR and _penalty(rank.key) == _penalty(first) == 0
    ]
    core = [rank for rank in known if steps[_step(rank.key)] < _core(steps)]
    same = [rank for rank in core if rank.key.comparison is first.comparison]
    if same:
        return same[0]
    # A sham-controlled study that says nothing is not passed over for a comparison that is easier to win.
    if first.comparison is ComparatorGroup.SHAM_OR_PLACEBO:
        return None
    return next((rank for rank in [*core, *known] if rank in core or rank.primary), None)


def _penalty(key: Key) -> int:
    """0 for what may lead; higher for what leads only when nothing better is there."""
    if key.predicts:
        return 4
    if key.one_group:
        return 3
    if key.domain in BESIDE:
        return 2
    return 1 if key.comparison is ComparatorGroup.WITHIN_THERAPY else 0


def _step(key: Key) -> Step:
    return key.domain, key.outcome, key.responders


def _place(key: Key, steps: dict[Step, int]) -> float:
    """The step of a line: means against mixed or undescribed controls come after counts against known ones."""
    responders = (key.domain, key.outcome, True)
    if key.comparison is ComparatorGroup.NONE and responders in steps:
        return steps[responders] + 0.5
    return steps[_step(key)]


def _core(steps: dict[Step, int]) -> int:
    """The number of steps that lead by rule: the condition's own measure, pain, relief of pain, function."""
    return 1 + steps[OutcomeDomain.PHYSICAL_FUNCTION, None, True]


def _domain_steps(ranks: Sequence[Rank], kind: ConditionKind | None) -> dict[Step, int]:
    """Number the kinds of outcome in the order in which they lead."""
    own = OWN_MEASURE.get(kind) if kind is not None else None
    first: list[Step] = []
    if own is not None and kind is not None:
        outcomes = (None, OWN_OUTCOME[kind]) if kind in OWN_OUTCOME else (None,)
        first += [(own, outcome, responders) for outcome in outcomes for responders in (False, True)]
    first += [(PAIN, None, False), (PAIN, None, True)]
    first += [(OutcomeDomain.PHYSICAL_FUNCTION, None, False), (OutcomeDomain.PHYSICAL_FUNCTION, None, True)]
    rest = {_step(rank.key) for rank in ranks} - set(first)

    def weight(step: Step) -> tuple[object, ...]:
        domain, outcome, responders = step
        mine = [rank for rank in ranks if _step(rank.key) == step]
        return (
            own is None or domain is not own,
            domain in BESIDE or domain is OutcomeDomain.OTHER,
            domain is not PAIN,
            -sum(rank.primary for rank in mine),
            -max((rank.people or 0 for rank in mine), default=0),
            tuple(OutcomeDomain).index(domain),
            outcome or "",
            responders,
        )

    return {step: number for number, step in enumerate([*dict.fromkeys(first), *sorted(rest, key=weight)])}
