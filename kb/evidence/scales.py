"""Scales: on which means are compared, and whether the numbers of a result can be of the scale that it names.

A mean, or a difference of two, that is greater than its scale allows was measured on another one (millimetres of 100
under "0 to 10"), or is a slip. So is a standard deviation: that of values within a range is at most half of it, but for
the correction of small groups (Popoviciu's inequality on variances, 1935). Nobody can tell which number is wrong: such
a result is on no scale, and is not pooled.
"""

import re
from dataclasses import dataclass
from math import sqrt

from kb.evidence.evidence import Evidence
from kb.evidence.precision import kind_of
from kb.evidence.remembered import remembered
from kb.evidence.results import Result
from schema.terms import EffectMeasure, Measured

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
