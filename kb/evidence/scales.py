"""Scales: on which means are compared, which difference on one matters, and whether numbers can be of the one named.

**Which difference matters** (rule 5): the smallest one that patients notice (MCID), as its source has it: of several
the lowest, for that one is hardest to rule out. GRADE measures an interval of a mean difference by it (GRADE guidelines
6), although most were found by asking patients about their own change, and a smaller mean difference may still be many
people's gain (IMMPACT, Dworkin 2009, doi:10.1016/j.pain.2009.08.019). So it tells what an interval leaves open and what
is slight, and never that a benefit that was shown is none. What is called the smallest change within one patient (MIC)
judges no difference between means as it is, for that may be less and matter (IMMPACT). Half of the lowest one stands in
where neither an MCID nor a spread is known: below half of what one patient must notice it is ever less likely that an
appreciable number of people have gained what matters (Johnston 2010, doi:10.1186/1477-7525-8-116). What a measurement
can tell apart (SDC), an acceptable state (PASS), or a per cent is never used.

**Off the scale**: a mean, or a difference of two, that is greater than its scale allows was measured on another one
(millimetres of 100 under "0 to 10"), or is a slip. So is a standard deviation: that of values within a range is at most
half of it, but for the correction of small groups (Popoviciu's inequality on variances, 1935). Nobody can tell which
number is wrong: such a result is on no scale, and is not pooled.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from kb.evidence.evidence import Evidence
from kb.evidence.remembered import remembered
from kb.evidence.results import Result
from schema.instrument import Instrument
from schema.terms import EffectMeasure, Measured, ThresholdKind, ThresholdMeaning

_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*[-–]\s*(\d+(?:\.\d+)?)")
_NO_SCALE = re.compile(
    r"not printed|per ?cent|as printed|^(points|units)?\s*(\([\d\s–-]*\))?$|standard dev|ratio", re.IGNORECASE
)

#: A standard deviation may be rounded up by so much.
ROUNDED = 1.01


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale on which means are compared: what kind of instrument (or unit), and its range where known."""

    kind: str
    unit: str
    low: float | None = None
    high: float | None = None


def scale_of(result: Result, unit: str | None, evidence: Evidence) -> Scale | None:
    """Return the scale of a result's means or of its printed difference.

    None where it cannot be told from others, or where the numbers do not fit it.
    """
    return None if off_scale(result, evidence) is not None else _named(result, unit, evidence)


@remembered
def off_scale(result: Result, evidence: Evidence) -> str | None:
    """Return how the numbers of a result do not fit the scale that it names; None where they do, or none is named."""
    finding, effect = result.finding, result.finding.effect
    change = finding.measured is not Measured.FINAL
    of_arms = _named(result, None, evidence)
    if of_arms is not None and of_arms.low is not None and of_arms.high is not None:
        low, high = of_arms.low, of_arms.high
        reach = high - low
        least, most = (min(low, -reach), max(high, reach)) if change else (low, high)
        for arm in finding.arms:
            if arm.mean is not None and not least <= arm.mean <= most:
                return _off(f"mean of {arm.mean:g}", of_arms)
            if arm.sd is not None and arm.n is not None and arm.n > 1:
                half = (most - least) / 2
                if arm.sd > half * sqrt(arm.n / (arm.n - 1)) * ROUNDED:
                    return _off(f"standard deviation of {arm.sd:g}", of_arms)
    if effect is None or effect.measure is not EffectMeasure.MD or effect.estimate is None:
        return None
    of_difference = _named(result, effect.unit, evidence)
    if of_difference is None or of_difference.low is None or of_difference.high is None:
        return None
    if abs(effect.estimate) > (of_difference.high - of_difference.low) * (2 if change else 1):
        return _off(f"difference of {effect.estimate:g}", of_difference)
    return None


def _off(number: str, scale: Scale) -> str:
    return f"a {number} is more than its scale has ({scale.low:g} to {scale.high:g}); check the scale and the number"


def _named(result: Result, unit: str | None, evidence: Evidence) -> Scale | None:
    told = (unit or result.finding.unit or "").strip()
    instrument = evidence.vocabulary.instruments.get(result.finding.instrument or "")
    if re.search(r"per ?cent|ratio|standard dev", told, re.IGNORECASE):
        return None
    if instrument is None:
        return None if _NO_SCALE.search(told) else Scale(f"unit {told.casefold()}", told)
    low, high = instrument.range_min, instrument.range_max
    printed = _RANGE.search(told)
    if printed and high is not None and (float(printed[1]), float(printed[2])) != (low, high):
        return None
    return Scale(kind_of(instrument), instrument.name, low, None if low is None else high)


def factor(scale: Scale, to: Scale) -> float:
    """Return what a difference on ``scale`` is multiplied by on ``to``: exact between ranges that start at 0."""
    if scale.high is None or to.high is None or scale.low is None or to.low is None:
        return 1.0
    return (to.high - to.low) / (scale.high - scale.low)


def kind_of(instrument: Instrument) -> str:
    """Return what instruments that differ in their range alone share: their id without the range."""
    if instrument.range_min is None or instrument.range_max is None:
        return instrument.id
    return instrument.id.removesuffix(f"-{instrument.range_min:g}-{instrument.range_max:g}")


def important_difference(scale: Scale, evidence: Evidence) -> tuple[float, str] | None:
    """Return the lowest MCID of instruments of the scale's kind, on the scale, and its source."""
    return min(_thresholds(ThresholdMeaning.MCID, scale, evidence), default=None)


def half_of_change(scale: Scale, evidence: Evidence) -> tuple[float, str] | None:
    """Return half of the lowest MIC of instruments of the scale's kind, on the scale, and its source."""
    change = min(_thresholds(ThresholdMeaning.MIC, scale, evidence), default=None)
    return None if change is None else (change[0] / 2, f"half of the {change[1]}")


def _thresholds(meaning: ThresholdMeaning, scale: Scale, evidence: Evidence) -> Iterator[tuple[float, str]]:
    """Yield the thresholds of one meaning, put on the scale, each with its source."""
    for instrument in evidence.vocabulary.instruments.values():
        if kind_of(instrument) != scale.kind:
            continue
        by = 1.0
        if instrument.range_max is not None and scale.high is not None:
            by = (scale.high - (scale.low or 0)) / (instrument.range_max - (instrument.range_min or 0))
        for threshold in instrument.thresholds:
            if (threshold.kind, threshold.meaning) == (ThresholdKind.ABSOLUTE, meaning):
                source = threshold.source
                named = " ".join(str(part) for part in (source.authors_first, source.year) if part) or source.title
                yield round(threshold.value * by, 9), f"{meaning} of {instrument.name}, {named}: {threshold.population}"
