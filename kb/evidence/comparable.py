"""Comparable effects: one result as an estimate with its variance, or the reason why it has none.

**From arms**, and from the printed effect where arms are not told or where that one is adjusted (an adjusted
estimate is the more precise and the less biased, Cochrane Handbook 10.5.2). An interval of another level than 95 % is
read at its own level. Standard deviations come from standard errors where only those were printed (6.5.2.2), and an
SMD from the interval of an unadjusted difference of means (6.5.2.3).

**Designs.** Arms of a crossover trial hold the same people, those of a cluster trial people who are alike (Handbook,
chapter 23): only a printed paired effect, or an adjusted one, is taken. So is only an adjusted effect of a study
without randomisation.

**Several arms** of one role in one result are combined into one (23.3.4; means by 6.5.2.10): no control counts twice.

**Signs (rule 9).** Which arm a result favours was told at loading and gives the sign here; nothing else does. Arms
that point the other way, or lie outside of the printed interval, disagree with it: the result is not pooled. Nor is it
where the printed interval is more than twice as wide as the standard deviations allow: an adjustment makes it narrower,
and a standard error taken for a standard deviation is a frequent slip, which gives a study a weight that it does not
have (Gøtzsche 2007, doi:10.1001/jama.298.4.430). Nor where numbers do not fit their scale (``scales``).

An estimate here is positive where the therapy does better.

**Reductions.** Some print how far pain fell, as a number of which more is better: it is the change from the start with
its sign turned, on the same scale. As a mean difference it stands beside changes and final values (10.5.2), the way
round of its instrument, where the record says all three: a change, an instrument, and a better way that is not the
instrument's.

**Levels.** How many standard errors an interval reaches depends on its level (6.3.1: 3.92 of them from end to end at
95 %, 3.29 at 90 %, 5.15 at 99 %): one printed without a level tells none, here and in ``intervals``.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from kb.errors import InputProblem
from kb.evidence.distributions import two_sided_quantile
from kb.evidence.effects import (
    FROM_EVENTS,
    EffectSize,
    from_interval,
    mean_difference,
    ratio_from_interval,
    standardised_mean_difference,
)
from kb.evidence.evidence import Evidence
from kb.evidence.remembered import remembered
from kb.evidence.results import Result
from kb.evidence.scales import Scale, off_scale, scale_of
from schema.effect import RATIOS, Arm, Effect
from schema.finding import Finding
from schema.terms import ArmRole, Better, EffectMeasure, Favours, Measured, StudyDesign

#: Standardised differences that are already corrected, or nearly so, as they are pooled together.
STANDARDISED = frozenset({EffectMeasure.SMD, EffectMeasure.HEDGES_G})

CROSSOVER = "a crossover trial: its arms hold the same people, and no paired effect was read"
CLUSTER = "a cluster trial: no effect adjusted for the clusters was read"
NOT_RANDOMISED = "not randomised: no adjusted effect was read"

#: Why a printed interval tells no standard error.
NO_LEVEL = "the level of the printed interval is not known"

CORRECTED = "½ was added because a cell was empty"

#: How many times less than the printed standard error that of the arms may be, before one of them is not believed.
FAR_LESS = 2

_SIGN = {Favours.INTERVENTION: 1, Favours.COMPARATOR: -1, Favours.NEITHER: 0}


@dataclass(frozen=True, slots=True)
class Comparable:
    """A result on the scale of one measure: logarithms for ratios, positive where the therapy does better."""

    result: Result
    measure: EffectMeasure
    estimate: float
    variance: float
    #: Of a mean difference.
    scale: Scale | None
    #: Which way of the measured value is good.
    better: Better | None
    #: Where the numbers come from.
    source: str


@dataclass(frozen=True, slots=True)
class Group:
    """The numbers of one side of a comparison."""

    n: int | None
    events: int | None
    mean: float | None
    sd: float | None


class _Sized(NamedTuple):
    """What a comparable has beside its result."""

    measure: EffectMeasure
    estimate: float
    variance: float
    scale: Scale | None
    better: Better | None
    source: str


def comparable(result: Result, measure: EffectMeasure, evidence: Evidence) -> Comparable | str:
    """Return the result as an effect of ``measure`` (MD, SMD, RR, OR, RD or HR), or why it cannot be one."""
    found = _sized(result, measure, evidence)
    return found if isinstance(found, str) else Comparable(result, *found)


@remembered
def _sized(result: Result, measure: EffectMeasure, evidence: Evidence) -> _Sized | str:
    finding = result.finding
    if not finding.poolable:
        return f"not to be pooled: {finding.note}" if finding.note else "marked as not to be pooled"
    if finding.favours is None:
        return "which arm it favours was not told" if _has_figures(finding) else "no figures were read"
    better = better_of(result, evidence)
    sign = _SIGN[finding.favours]
    reasons: list[str] = []
    for scale, size, source in _candidates(result, measure, better, evidence, reasons):
        if (sign == 0) != (abs(size.estimate) < 1e-12):
            reasons.append("its numbers disagree with the arm that it favours")
            continue
        corrected = f"; {CORRECTED}" if size.corrected else ""
        estimate = sign * abs(size.estimate)
        way = _way(result, scale, better, evidence)
        return _Sized(measure, estimate, size.variance, scale, way, source + corrected)
    return "; ".join(dict.fromkeys(reasons)) or "no effect with its variance was read"


@remembered
def opposed(result: Result, evidence: Evidence) -> bool:
    """Whether the arms favour another side than the unadjusted result as a whole, beyond what its interval allows."""
    effect, measure = result.finding.effect, EffectMeasure.RD if result.responders else EffectMeasure.MD
    if _hindrance(result) is not None or (effect is not None and effect.adjusted):
        return False
    arms = _attempt(lambda: _from_arms(result, measure), [])
    if arms is None or not _other_side(arms, result, better_of(result, evidence)):
        return False
    printed = None if effect is None else _attempt(lambda: _from_printed(effect, measure, result), [])
    return printed is None or abs(arms.estimate) + abs(printed.estimate) > two_sided_quantile(95) * sqrt(
        printed.variance
    )


def _has_figures(finding: Finding) -> bool:
    told = finding.effect is not None and finding.effect.estimate is not None
    return told or any(arm.mean is not None or arm.events is not None for arm in finding.arms)


def better_of(result: Result, evidence: Evidence) -> Better | None:
    """Which way of the measured value is good: of this result, else of its outcome."""
    if result.finding.better is not None:
        return result.finding.better
    known = evidence.vocabulary.outcomes
    ways = {known[id].better for id in result.finding.outcomes if id in known}
    return ways.pop() if len(ways) == 1 else None


def _way(result: Result, scale: Scale | None, better: Better | None, evidence: Evidence) -> Better | None:
    """Which way is good on the scale of a mean difference: of a reduction the instrument's own."""
    instrument = evidence.vocabulary.instruments.get(result.finding.instrument or "")
    if scale is None or instrument is None or instrument.better is None:
        return better
    return instrument.better if result.finding.measured is Measured.CHANGE else better


@remembered
def groups_of(result: Result) -> tuple[Group, Group] | None:
    """Return the therapy's and the comparator's numbers, several arms of one role combined; None without both."""
    sides: list[Group] = []
    for role in (ArmRole.INTERVENTION, ArmRole.COMPARATOR):
        arms = [arm for arm in result.finding.arms if arm.role is role]
        if not arms or not all(arm.of_people for arm in arms):
            return None
        sides.append(_combined([_group(arm) for arm in arms]))
    return sides[0], sides[1]


def _candidates(
    result: Result, measure: EffectMeasure, better: Better | None, evidence: Evidence, reasons: list[str]
) -> Iterator[tuple[Scale | None, EffectSize, str]]:
    """Yield ways to the effect, the best first; what stands in the way of each goes to ``reasons``."""
    effect = result.finding.effect
    off = off_scale(result, evidence) if measure in (EffectMeasure.MD, *STANDARDISED) else None
    if off is not None:
        reasons.append(off)
        return
    hindrance = _hindrance(result)
    if hindrance is not None:
        reasons.append(hindrance)
    arms = None if hindrance is not None else _attempt(lambda: _from_arms(result, measure), reasons)
    takes_printed = effect is not None and (effect.adjusted or hindrance is None or hindrance is CROSSOVER)
    printed = None
    if effect is not None and takes_printed:
        printed = _attempt(lambda: _from_printed(effect, measure, result), reasons)
    if arms is not None:
        contradiction = _contradicts(arms, result, better)
        if contradiction is not None:
            reasons.append(contradiction)
            arms = None
            takes_printed = effect is not None and effect.adjusted
    if effect is not None and takes_printed and printed is not None and (effect.adjusted or arms is None):
        said = "printed effect, adjusted" if effect.adjusted else "printed effect"
        level = "" if effect.level in (None, 95) else f", interval of {effect.level:g} %"
        yield _scale(result, effect.unit, measure, evidence), printed, said + level
    if arms is not None:
        yield _scale(result, None, measure, evidence), arms, "arms"
    elif measure is EffectMeasure.SMD and effect is not None and takes_printed and not effect.adjusted:
        derived = _attempt(lambda: _standardised_from_difference(effect, result), reasons)
        if derived is not None:
            yield None, derived, "interval of the difference of means"


def _hindrance(result: Result) -> str | None:
    """Why the arms of the study may not be taken as parallel groups."""
    if result.study.design is StudyDesign.CROSSOVER_RCT:
        return CROSSOVER
    if result.study.design is StudyDesign.CLUSTER_RCT:
        return CLUSTER
    return None if result.study.randomised else NOT_RANDOMISED


def _scale(result: Result, unit: str | None, measure: EffectMeasure, evidence: Evidence) -> Scale | None:
    return scale_of(result, unit, evidence) if measure is EffectMeasure.MD else None


def _attempt(make: Callable[[], EffectSize | None], reasons: list[str]) -> EffectSize | None:
    try:
        return make()
    except InputProblem as problem:
        reasons.append(problem.message.rstrip("."))
        return None


def _from_arms(result: Result, measure: EffectMeasure) -> EffectSize | None:
    sides = groups_of(result)
    if sides is None:
        return None
    one, two = sides
    if measure in FROM_EVENTS:
        if one.n is None or two.n is None or one.events is None or two.events is None:
            return None
        return FROM_EVENTS[measure](one.events, one.n, two.events, two.n)
    if measure not in (EffectMeasure.MD, EffectMeasure.SMD):
        return None
    if None in (one.n, two.n, one.mean, two.mean, one.sd, two.sd):
        return None
    make = mean_difference if measure is EffectMeasure.MD else standardised_mean_difference
    return make(one.mean, one.sd, one.n, two.mean, two.sd, two.n)  # pyright: ignore[reportArgumentType]


def _from_printed(effect: Effect, measure: EffectMeasure, result: Result) -> EffectSize | None:
    same = effect.measure in STANDARDISED if measure is EffectMeasure.SMD else effect.measure is measure
    if not same or effect.estimate is None:
        return None
    part = effect.whole
    if measure is EffectMeasure.RD and abs(effect.estimate) > part:
        raise InputProblem(
            f"A difference of {effect.estimate:g} ({effect.unit}) is more than everybody.", "Check its unit."
        )
    if effect.se is not None and measure not in RATIOS:
        if effect.se == 0:
            raise InputProblem("The printed standard error is 0.", "Check it.")
        return EffectSize(effect.estimate / part, (effect.se / part) ** 2)
    if effect.ci_low is None or effect.ci_high is None:
        return None
    if effect.level is None:
        raise InputProblem(f"{NO_LEVEL[:1].upper()}{NO_LEVEL[1:]}.", "Give it.")
    if effect.interval == "credible":
        raise InputProblem("Its interval is a credible one, which rests on a prior.", "Give a confidence interval.")
    if measure in RATIOS:
        return ratio_from_interval(effect.estimate, effect.ci_low, effect.ci_high, level=effect.level)
    df = _df(result) if measure is EffectMeasure.MD and not effect.adjusted else None
    estimate, low, high = (value / part for value in (effect.estimate, effect.ci_low, effect.ci_high))
    return from_interval(estimate, low, high, level=effect.level, df=df)


def _df(result: Result) -> float | None:
    """Degrees of freedom of a difference of two small groups; None where their size is not told or great."""
    numbers = [arm.n for arm in result.finding.arms if arm.role is not None]
    if len(numbers) != 2 or any(n is None for n in numbers):
        return None
    df = sum(n for n in numbers if n is not None) - 2
    return float(df) if 0 < df < 100 else None


def _standardised_from_difference(effect: Effect, result: Result) -> EffectSize | None:
    sides = groups_of(result)
    if effect.measure is not EffectMeasure.MD or sides is None or result.study.design is StudyDesign.CROSSOVER_RCT:
        return None
    one, two = sides[0].n, sides[1].n
    difference = _from_printed(effect, EffectMeasure.MD, result)
    if difference is None or one is None or two is None or one < 2 or two < 2:
        return None
    sd = sqrt(difference.variance / (1 / one + 1 / two))
    return standardised_mean_difference(difference.estimate, sd, one, 0.0, sd, two)


def _contradicts(arms: EffectSize, result: Result, better: Better | None) -> str | None:
    """How the arms disagree with what the result says as a whole, if they do."""
    if _other_side(arms, result, better):
        return "the arms favour another side than the result as a whole"
    return _at_odds(result)


@remembered
def _at_odds(result: Result) -> str | None:
    """How the arms disagree with the printed effect, on the measure of that one, whichever is asked for."""
    effect = result.finding.effect
    if effect is None or effect.measure is None or effect.adjusted:
        return None
    measure = EffectMeasure.SMD if effect.measure in STANDARDISED else effect.measure
    printed = _attempt(lambda: _from_printed(effect, measure, result), [])
    same = _attempt(lambda: _from_arms(result, measure), [])
    if printed is None or same is None:
        return None
    if abs(abs(same.estimate) - abs(printed.estimate)) > two_sided_quantile(95) * sqrt(printed.variance):
        return "the arms and the printed effect disagree"
    if measure is EffectMeasure.MD and FAR_LESS * sqrt(same.variance) < sqrt(printed.variance):
        return "its printed interval is far wider than its standard deviations allow: they may be standard errors"
    return None


def _other_side(arms: EffectSize, result: Result, better: Better | None) -> bool:
    favours = result.finding.favours
    if better is None or favours in (None, Favours.NEITHER) or not arms.estimate:
        return False
    return ((arms.estimate > 0) == (better is Better.HIGHER)) != (favours is Favours.INTERVENTION)


def _group(arm: Arm) -> Group:
    sd = arm.sd
    if sd is None and arm.se is not None and arm.n is not None:
        sd = arm.se * sqrt(arm.n)
    events = arm.events
    if events is None and arm.percent is not None and arm.n is not None:
        events = _events(arm.percent, arm.n)
    return Group(arm.n, events, arm.mean, sd)


def _events(percent: float, n: int) -> int | None:
    """Return the one whole number of people whose share prints as ``percent``; None where several do, or none."""
    if not 0 <= percent <= 100:
        return None
    half = 0.5 if percent == int(percent) else 0.05
    middle = round(percent * n / 100)
    near = [count for count in (middle - 1, middle, middle + 1) if 0 <= count <= n]
    fit = [count for count in near if n and abs(100 * count / n - percent) <= half]
    return fit[0] if len(fit) == 1 else None


def _combined(groups: Sequence[Group]) -> Group:
    if len(groups) == 1:
        return groups[0]
    counts = [group.n for group in groups]
    n = None if any(count is None for count in counts) else sum(count for count in counts if count is not None)
    told = [group.events for group in groups]
    events = None if any(count is None for count in told) else sum(count for count in told if count is not None)
    mean = sd = None
    known = [(g.n, g.mean, g.sd) for g in groups if g.n and g.mean is not None and g.sd is not None]
    if n and len(known) == len(groups) and n > 1:
        mean = sum(size * m for size, m, _ in known) / n
        squares = sum((size - 1) * s**2 + size * (m - mean) ** 2 for size, m, s in known)
        sd = sqrt(squares / (n - 1))
    return Group(n, events, mean, sd)
