"""Intervals: the 95 % interval of one result, printed or told by its other numbers (rule 5).

In this order: the printed interval, put to 95 % where it was printed at another level, and passed over where its level
is not known (``comparable``); the printed standard error; the
two arms (``comparable``: only of parallel randomised trials, as standardised difference or as risk ratio, with an empty
cell as difference of the two shares by ``shares``); a printed exact p with its estimate (Cochrane Handbook 6.3 and
6.5.2: the statistic is the estimate divided by its standard error). A bound ("p < 0.05") or a p of another comparison
tells no interval, nor does a median. Nor does a printed interval of a measure that compares no arms (a share of people,
a change within one group), or of which nobody knows the value of no difference: of "another measure" that is 1 where it
is a ratio of rates, and 0 where it is a difference of them.

**What a result says** where only the arm that it favours was read: with an interval that excludes no difference it
shows benefit or harm; with one that does not, no difference, as results with a printed interval are loaded. Without
an interval it stays unclear. The sign is never looked at (rule 9).

**Open both ways**: an interval that holds no difference and also one of interest (``precision``). It costs one level
where it reaches a difference of interest on one side, two where it does so on both sides, or on one by twice as much:
it then crosses it appreciably (GRADE guidance 34, doi:10.1016/j.jclinepi.2022.07.014; twice is our convention). The
difference of interest is for a ratio a quarter; for a standardised difference 0.3; for a difference on a known scale
its smallest difference that patients notice, else 0.3 standard deviations of the arms, which a printed interval tells
too where the arms' sizes are known (Handbook 6.5.2.3), else half of the smallest change within a patient; for a risk
difference a quarter of the comparator's share.
"""

import re
from dataclasses import dataclass, replace
from math import exp, log, sqrt

from kb.errors import InputProblem
from kb.evidence.comparable import CORRECTED, NO_LEVEL, comparable, groups_of, opposed
from kb.evidence.distributions import two_sided_quantile
from kb.evidence.effects import standard_error
from kb.evidence.evidence import Evidence
from kb.evidence.precision import RATIO_OF_INTEREST, SD_OF_INTEREST, control_share
from kb.evidence.remembered import remembered
from kb.evidence.results import Result
from kb.evidence.scales import half_of_change, important_difference, scale_of
from kb.evidence.shares import share_difference
from schema.effect import COMPARATIVE, RATIOS, Effect
from schema.terms import Direction, EffectMeasure, Favours

#: A p alone, as "0.03", ".016" or "p = 0.4"; with a word or a sign beside it, it may mean something else.
_EXACT_P = re.compile(r"^(?:p\s*)?=?\s*(0?\.\d+)$", re.IGNORECASE)

_STANDARDISED = frozenset({EffectMeasure.SMD, EffectMeasure.HEDGES_G, EffectMeasure.COHENS_D})

#: Measures whose interval tells whether arms differ. That of a number needed to treat, harm below zero, holds 0 where
#: they may not (Altman 1998, doi:10.1136/bmj.317.7168.1309).
TELLING = COMPARATIVE | {EffectMeasure.REGRESSION_COEFFICIENT, EffectMeasure.NNT}

#: Where an interval comes from that the arms tell.
ARMS = "from the arms"

_SIDE = {Favours.INTERVENTION: Direction.BENEFIT, Favours.COMPARATOR: Direction.HARM}


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval, on the scale as printed (ratios as ratios); ``source``: which numbers tell it."""

    measure: EffectMeasure
    low: float
    high: float
    source: str

    @property
    def excludes_null(self) -> bool:
        """Whether it excludes no difference."""
        null = 1.0 if self.measure in RATIOS else 0.0
        return self.low > null or self.high < null

    @property
    def middle(self) -> float:
        """Its middle: of a ratio that of the logarithms."""
        if self.measure in RATIOS and self.low > 0:
            return sqrt(self.low * self.high)
        return (self.low + self.high) / 2


@remembered
def interval_of(result: Result, evidence: Evidence) -> Interval | None:
    """Return the interval of a result; None where nothing tells it."""
    effect = result.finding.effect
    if effect is not None:
        found = _printed(effect) or _from_se(effect)
        if found is not None:
            return found
    return _from_arms(result, evidence) or (_from_p(effect) if effect is not None else None)


def by_numbers(result: Result, evidence: Evidence) -> Result:
    """Return the result with what its numbers say, where nothing but the arm that it favours was read.

    A result whose own arms point the other way says nothing: nobody can tell which of the two is a slip.
    """
    if result.vote is not None and opposed(result, evidence):
        return replace(result, vote=None, direction=Direction.UNCLEAR)
    if result.direction is not Direction.UNCLEAR or result.vote is None or result.predicts or result.one_group:
        return result
    found = interval_of(result, evidence)
    if found is None:
        return result
    direction = _SIDE.get(result.vote, Direction.NO_DIFFERENCE) if found.excludes_null else Direction.NO_DIFFERENCE
    return replace(result, direction=direction)


@dataclass(frozen=True, slots=True)
class Openness:
    """How far an interval leaves both answers open, and what was compared, as a figure."""

    #: What that costs: 0 where it excludes no difference or holds no difference of interest, else 1 or 2.
    levels: int
    figure: str
    #: Whether its middle is known to be less than a difference of interest.
    modest: bool

    @property
    def open(self) -> bool:
        """Whether it includes both no difference and one of interest."""
        return self.levels > 0


@remembered
def openness(result: Result, evidence: Evidence) -> Openness | str:
    """Return whether a result's interval includes both no difference and one of interest, or why nobody can tell."""
    found = interval_of(result, evidence)
    if found is None:
        effect = result.finding.effect
        if effect is not None and effect.ci_low is not None and effect.ci_high is not None:
            telling = effect.measure in TELLING
            why = NO_LEVEL if telling else "the printed interval does not tell whether the arms differ"
            return f"{why}, and nothing else that was read tells one"
        return "no interval was read, and nothing that was read tells one"
    ends = f"the interval {found.low:.3g} to {found.high:.3g} ({found.source})"
    interest = _of_interest(found, result, evidence)
    if found.excludes_null:
        modest = interest is not None and interest[0] < found.middle < interest[1]
        return Openness(0, f"{ends} excludes no difference", modest)
    if interest is None:
        return f"{ends} includes no difference, and which difference matters on its scale is not known"
    low, high, named = interest
    if found.low > low and found.high < high:
        return Openness(0, f"{ends} includes no difference of interest ({named})", modest=True)
    figure = f"{ends} includes both no difference and one of interest ({named})"
    ratio = found.measure in RATIOS
    far_low, far_high = (low**2, high**2) if ratio else (2 * low, 2 * high)
    reached = (found.low <= low) + (found.low <= far_low) + (found.high >= high) + (found.high >= far_high)
    return Openness(min(reached, 2), figure, low < found.middle < high)


def _of_interest(found: Interval, result: Result, evidence: Evidence) -> tuple[float, float, str] | None:
    """The differences of interest on the interval's scale, below and above no difference, and what they are."""
    if found.measure in RATIOS:
        return RATIO_OF_INTEREST, 2 - RATIO_OF_INTEREST, "a quarter"
    if found.measure in _STANDARDISED:
        return -SD_OF_INTEREST, SD_OF_INTEREST, f"{SD_OF_INTEREST} standard deviations"
    if found.measure is EffectMeasure.RD:
        share = control_share(result)
        if share is None:
            return None
        effect = result.finding.effect
        # What was printed may be in percentage points; what the arms tell is not.
        part = share * (1 - RATIO_OF_INTEREST) * (1.0 if effect is None or found.source == ARMS else effect.whole)
        return -part, part, f"a quarter of {100 * share:.0f} %"
    if found.measure not in (EffectMeasure.MD, EffectMeasure.MEDIAN_DIFFERENCE):
        return None
    unit = result.finding.effect.unit if result.finding.effect is not None else None
    scale = scale_of(result, unit, evidence)
    known = important_difference(scale, evidence) if scale is not None else None
    if known is not None:
        return -known[0], known[0], f"{known[0]:.3g}: {known[1]}"
    sd = spread_of(found, result)
    if sd is None:
        half = half_of_change(scale, evidence) if scale is not None else None
        return None if half is None else (-half[0], half[0], f"{half[0]:.3g}: {half[1]}")
    return -SD_OF_INTEREST * sd, SD_OF_INTEREST * sd, f"{SD_OF_INTEREST} standard deviations of {sd:.3g}"


def spread_of(found: Interval, result: Result) -> float | None:
    """Return the standard deviation within the arms: as read, else as the interval of their difference tells."""
    if found.measure is not EffectMeasure.MD:
        return None
    read = [arm.sd for arm in result.finding.arms if arm.sd]
    if read:
        return sqrt(sum(sd**2 for sd in read) / len(read))
    sides = groups_of(result)
    if sides is None or not sides[0].n or not sides[1].n or not result.study.randomised:
        return None
    se = (found.high - found.low) / (2 * two_sided_quantile(95))
    return se / sqrt(1 / sides[0].n + 1 / sides[1].n)


def _printed(effect: Effect) -> Interval | None:
    low, high = effect.ci_low, effect.ci_high
    if effect.measure is None or effect.measure not in TELLING or low is None or high is None:
        return None
    if effect.level == 95:
        return Interval(effect.measure, low, high, "printed")
    if effect.level is None or effect.measure is EffectMeasure.NNT:
        return None
    ratio = effect.measure in RATIOS
    if low >= high or (ratio and low <= 0):
        return None
    ends = (log(low), log(high)) if ratio else (low, high)
    half = standard_error(*ends, level=effect.level) * two_sided_quantile(95)
    return _around(effect.measure, sum(ends) / 2, half, f"printed at {effect.level:g} %")


def _from_se(effect: Effect) -> Interval | None:
    if effect.measure not in COMPARATIVE - RATIOS or effect.measure is None:
        return None
    if effect.estimate is None or not effect.se:
        return None
    return _around(effect.measure, effect.estimate, two_sided_quantile(95) * effect.se, "from its standard error")


def _from_arms(result: Result, evidence: Evidence) -> Interval | None:
    measure = EffectMeasure.RR if result.responders else EffectMeasure.SMD
    one = comparable(result, measure, evidence)
    # A ratio with an empty cell rests on the half that was added: the difference of the shares does not.
    if isinstance(one, str) or CORRECTED in one.source:
        return _from_shares(result, evidence) if result.responders else None
    return _around(measure, one.estimate, two_sided_quantile(95) * sqrt(one.variance), ARMS)


def _from_shares(result: Result, evidence: Evidence) -> Interval | None:
    """The interval of the difference of the arms' shares, as the absolute numbers show it."""
    one, sides = comparable(result, EffectMeasure.RD, evidence), groups_of(result)
    if isinstance(one, str) or sides is None:
        return None
    (n, events), (of, others) = ((side.n, side.events) for side in sides)
    if not n or not of or events is None or others is None:
        return None
    difference, low, high = share_difference(events, n, others, of)
    low, high = (low, high) if (difference > 0) == (one.estimate > 0) else (-high, -low)
    return Interval(EffectMeasure.RD, low, high, ARMS)


def _from_p(effect: Effect) -> Interval | None:
    """The interval behind an estimate and its exact p, by the normal distribution."""
    printed = _EXACT_P.match((effect.p or "").strip())
    if printed is None or effect.estimate is None or effect.measure not in COMPARATIVE or effect.measure is None:
        return None
    p, ratio = float(printed[1]), effect.measure in RATIOS
    if not 0 < p < 1 or (ratio and effect.estimate <= 0):
        return None
    middle = log(effect.estimate) if ratio else effect.estimate
    try:
        se = abs(middle) / two_sided_quantile(100 * (1 - p))
    except InputProblem:
        return None
    return _around(effect.measure, middle, two_sided_quantile(95) * se, "from its p") if se else None


def _around(measure: EffectMeasure, middle: float, half: float, source: str) -> Interval:
    low, high = middle - half, middle + half
    return Interval(measure, exp(low), exp(high), source) if measure in RATIOS else Interval(measure, low, high, source)
