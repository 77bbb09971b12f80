"""Effect sizes: from what a study prints to an estimate and its variance, as pooling needs them.

Group 1 is the therapy, group 2 the comparator: an effect is 1 minus 2, or the logarithm of 1 over 2. Ratios are always
logarithms here, for that is the scale on which they are pooled.

**Zero cells** (Cochrane Handbook, chapter 10, and the statistical algorithms of RevMan, Deeks and Higgins 2010):

- RR and OR: where a cell of the 2 × 2 table is empty, ½ is added to all four, and ``corrected`` says so. Where nobody,
  or everybody, in both arms had the event, a study says nothing about a ratio: an error, for it cannot be pooled.
- RD: the estimate takes the counts as they are. Where its variance would be zero (in each arm nobody or everybody),
  ½ is added to the cells for the variance alone.
- A proportion, as log odds: where nobody or everybody had the event, ½ is added to both cells.

Everything raises :class:`~kb.errors.InputProblem` for numbers that cannot be used, and returns finite ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, lgamma, log, sqrt

from kb.errors import InputProblem
from kb.evidence.distributions import two_sided_quantile
from schema.terms import EffectMeasure

#: An interval's middle may lie this far from its estimate, as a part of the half-width, before it is not believed.
OFF_CENTRE = 0.25

#: What no mean, standard deviation or number of people exceeds (more people than live): beyond it is a slip.
GREATEST = 1e100
MOST_PEOPLE = 10**10

#: From here on the small-sample correction is taken by its approximation, which is then the more exact.
MANY = 100_000


@dataclass(frozen=True, slots=True)
class EffectSize:
    """An estimate and its variance on the scale on which studies are pooled."""

    estimate: float
    variance: float
    #: Whether ½ was added because a cell was empty.
    corrected: bool = False


def mean_difference(m1: float, sd1: float, n1: int, m2: float, sd2: float, n2: int) -> EffectSize:
    """Return the difference of two means in their unit (MD), variances not assumed equal."""
    _check_group(m1, sd1, n1, 1)
    _check_group(m2, sd2, n2, 2)
    return _effect(m1 - m2, sd1**2 / n1 + sd2**2 / n2)


def standardised_mean_difference(m1: float, sd1: float, n1: int, m2: float, sd2: float, n2: int) -> EffectSize:
    """Return Hedges' g: the difference in pooled standard deviations, with the exact small-sample correction.

    Correction: Hedges 1981, doi:10.3102/10769986006002107. Variance: 1/n1 + 1/n2 + g²/(2(n1 + n2)) (Hedges and Olkin
    1985), as in metafor; RevMan divides by 2(n1 + n2 − 3.94) instead.
    """
    _check_group(m1, sd1, n1, 1)
    _check_group(m2, sd2, n2, 2)
    df = n1 + n2 - 2
    pooled = sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / df)
    if pooled == 0:
        raise InputProblem(
            "Nobody differs within the two arms: both standard deviations are zero.",
            "Check them; a difference cannot be told in standard deviations.",
        )
    g = _small_sample_correction(df) * (m1 - m2) / pooled
    return _effect(g, 1 / n1 + 1 / n2 + g * g / (2 * (n1 + n2)))  # a square overflows to infinity, a power raises


def ratio_of_means(m1: float, sd1: float, n1: int, m2: float, sd2: float, n2: int) -> EffectSize:
    """Return the logarithm of the ratio of two means above zero (Hedges 1999, with the delta method's variance)."""
    _check_group(m1, sd1, n1, 1)
    _check_group(m2, sd2, n2, 2)
    if m1 <= 0 or m2 <= 0:
        raise InputProblem(f"The means {m1:g} and {m2:g} have no ratio.", "Both must be above zero; take MD instead.")
    return _effect(log(m1 / m2), (sd1 / m1) ** 2 / n1 + (sd2 / m2) ** 2 / n2)


def risk_ratio(events1: int, n1: int, events2: int, n2: int) -> EffectSize:
    """Return the logarithm of the risk ratio."""
    (a, b), (c, d), corrected = _cells(events1, n1, events2, n2)
    return _effect(log(a / (a + b)) - log(c / (c + d)), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d), corrected)


def odds_ratio(events1: int, n1: int, events2: int, n2: int) -> EffectSize:
    """Return the logarithm of the odds ratio (Woolf's variance)."""
    (a, b), (c, d), corrected = _cells(events1, n1, events2, n2)
    return _effect(log(a / b) - log(c / d), 1 / a + 1 / b + 1 / c + 1 / d, corrected)


def risk_difference(events1: int, n1: int, events2: int, n2: int) -> EffectSize:
    """Return the difference of two risks, −1 to 1."""
    _check_events(events1, n1, " in arm 1")
    _check_events(events2, n2, " in arm 2")
    corrected = events1 in {0, n1} and events2 in {0, n2}
    half = 0.5 if corrected else 0.0
    (a, b), (c, d) = ((events + half, n - events + half) for events, n in ((events1, n1), (events2, n2)))
    variance = a * b / (a + b) ** 3 + c * d / (c + d) ** 3
    return _effect(events1 / n1 - events2 / n2, variance, corrected)


def proportion(events: int, n: int) -> EffectSize:
    """Return the log odds of a proportion in one group."""
    _check_events(events, n, "")
    corrected = events in {0, n}
    half = 0.5 if corrected else 0.0
    a, b = events + half, n - events + half
    return _effect(log(a / b), 1 / a + 1 / b, corrected)


def standard_error(low: float, high: float, *, level: float = 95, df: float | None = None) -> float:
    """Return the standard error behind an interval of ``level`` per cent, symmetrical on its scale.

    With ``df`` it is a t interval, as small trials print for means (Cochrane Handbook, 6.3.1 and 6.5.2.3).
    """
    if not (isfinite(low) and isfinite(high) and low < high):
        raise InputProblem(f"{low:g} to {high:g} is no interval.", "Give two finite limits, the lower one first.")
    if not 0 < level < 100:
        raise InputProblem(f"{level:g} % is no level for an interval.", "Give a per cent between 0 and 100, as 95.")
    if df is not None and not (isfinite(df) and df > 0):
        raise InputProblem(f"{df:g} degrees of freedom are too few.", "Give a number above zero, or none.")
    return (high - low) / (2 * two_sided_quantile(level, df))


def from_interval(
    estimate: float, low: float, high: float, *, level: float = 95, df: float | None = None
) -> EffectSize:
    """Return a difference with the variance that its interval tells.

    Raises InputProblem where the interval does not hold the estimate about in its middle: then it was made on another
    scale, or rounded too far to tell a standard error.
    """
    se = standard_error(low, high, level=level, df=df)
    half = (high - low) / 2
    if not (isfinite(estimate) and abs(estimate - (low + high) / 2) <= OFF_CENTRE * half):
        raise InputProblem(
            f"The estimate {estimate:g} is not in the middle of its interval {low:g} to {high:g}.",
            "Check the three numbers and their scale; where they are right, give the standard error itself.",
        )
    return _effect(estimate, se * se)


def ratio_from_interval(ratio: float, low: float, high: float, *, level: float = 95) -> EffectSize:
    """Return the logarithm of a ratio (HR, OR, RR) with the variance that its interval tells."""
    if not all(isfinite(one) and one > 0 for one in (ratio, low, high)):
        raise InputProblem(
            f"The ratio {ratio:g} ({low:g} to {high:g}) has no logarithm.",
            "A ratio and its limits are above zero; where a limit was printed as 0, give the standard error itself.",
        )
    return from_interval(log(ratio), log(low), log(high), level=level)


#: Measures that are made of two arms, by the numbers that they take.
FROM_MEANS = {
    EffectMeasure.MD: mean_difference,
    EffectMeasure.SMD: standardised_mean_difference,
    EffectMeasure.HEDGES_G: standardised_mean_difference,
    EffectMeasure.RATIO_OF_MEANS: ratio_of_means,
}
FROM_EVENTS = {
    EffectMeasure.RR: risk_ratio,
    EffectMeasure.OR: odds_ratio,
    EffectMeasure.RD: risk_difference,
}


def _effect(estimate: float, variance: float, corrected: bool = False) -> EffectSize:
    if not (isfinite(estimate) and isfinite(variance) and variance > 0):
        raise InputProblem(
            f"The numbers give the estimate {estimate:g} with the variance {variance:g}, which cannot be pooled.",
            "Check the standard deviations and numbers of people; a variance is finite and above zero.",
        )
    return EffectSize(estimate, variance, corrected)


def _small_sample_correction(df: int) -> float:
    if df >= MANY:
        return 1 - 3 / (4 * df - 1)
    return exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)


def _check_group(mean: float, sd: float, n: int, arm: int) -> None:
    if not abs(mean) <= GREATEST:
        raise InputProblem(f"The mean of arm {arm} is {mean:g}.", "Give a finite number.")
    if not 0 <= sd <= GREATEST:
        raise InputProblem(f"The standard deviation of arm {arm} is {sd:g}.", "It is finite and never below zero.")
    if not 2 <= n <= MOST_PEOPLE:
        raise InputProblem(f"Arm {arm} has {n:g} people.", "A standard deviation needs at least two people.")


def _check_events(events: int, n: int, where: str) -> None:
    if not 1 <= n <= MOST_PEOPLE:
        raise InputProblem(f"There are {n:g} people{where}.", "Give how many were analysed, at least one.")
    if not 0 <= events <= n:
        raise InputProblem(f"{events:g} of {n} people{where} had the event.", "Events are between 0 and all people.")


def _cells(events1: int, n1: int, events2: int, n2: int) -> tuple[Sequence[float], Sequence[float], bool]:
    """Return events and non-events of both arms, with ½ added to all four where one of them is zero."""
    _check_events(events1, n1, " in arm 1")
    _check_events(events2, n2, " in arm 2")
    for who, none in (("Nobody", events1 == events2 == 0), ("Everybody", events1 == n1 and events2 == n2)):
        if none:
            raise InputProblem(
                f"{who} in both arms had the event ({events1} of {n1}, {events2} of {n2}): no ratio can be told.",
                "Leave the study out and say so, or take RD.",
            )
    corrected = events1 in {0, n1} or events2 in {0, n2}
    half = 0.5 if corrected else 0.0
    return (events1 + half, n1 - events1 + half), (events2 + half, n2 - events2 + half), corrected
