"""Precision: how many people a question needs, and which difference matters (rule 5).

GRADE compares the people behind a result with the optimal information size, the number that one adequately powered
trial of the question would need (GRADE guidelines 6, Guyatt 2011), and looks at the interval first (GRADE guidance
34, doi:10.1016/j.jclinepi.2022.07.014; ``intervals``). That number is computed here: two arms of equal size, a
two-sided level of 5 %, a power of 80 %, and a difference of interest that is our own convention and named in every
figure:

- for a mean, 0.3 standard deviations, also on a scale whose smallest difference that patients notice is known: that
  one (``scales``) tells what an interval leaves open and whether an effect is modest (``imprecision``);
- for people who reach a threshold, a quarter more or less than with the comparator, after the rough guide of GRADE
  guidelines 6 (relative risk under 0.75 or over 1.25). Where few reach it with the comparator a quarter less is a
  matter of very few people, and it takes a very great number of them to show it.

Fewer people than would show half a standard deviation are *far* too few. Guidance 34 asks for more than one level where
they are far fewer than the size needed, without a number in its abstract; we take one that is the same for every
question, for where few have the event the size needed is out of reach of nearly all trials, and the interval already
costs what it leaves open.
"""

from dataclasses import dataclass
from math import ceil
from statistics import NormalDist

from kb.evidence.results import Result
from schema.terms import ArmRole

#: Differences of interest, in standard deviations and as relative risk.
SD_OF_INTEREST = 0.3
SD_LARGE = 0.5
RATIO_OF_INTEREST = 0.75

_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(0.975) + _NORMAL.inv_cdf(0.8)


@dataclass(frozen=True, slots=True)
class Needed:
    """How many people a trial of the question would need in all, and the difference that it could show."""

    people: int
    difference: str


def for_mean(difference: float) -> int:
    """Return the people needed in two arms to show a difference given in standard deviations."""
    return 2 * ceil(2 * (_Z / difference) ** 2)


def for_share(control: float) -> int:
    """Return the people needed in two arms to show a quarter less than the share of the control arm (0 to 1)."""
    other = control * RATIO_OF_INTEREST
    return 2 * ceil(_Z**2 * (control * (1 - control) + other * (1 - other)) / (control - other) ** 2)


#: Fewer than these are far too few, whatever was measured.
FAR_TOO_FEW = for_mean(SD_LARGE)


def needed(results: tuple[Result, ...]) -> Needed:
    """Return the optimal information size of results that were measured alike."""
    if results and all(result.responders for result in results):
        known = [share for result in results if (share := _comparator_share(result)) is not None]
        shares = sorted(share for share in known if 0 < share < 1)
        if shares:
            middle = shares[len(shares) // 2]
            return Needed(
                for_share(middle), f"a quarter less than {_per_cent(middle)} ({_per_cent(RATIO_OF_INTEREST * middle)})"
            )
        why = "nobody or everybody with the comparator" if known else "the comparator's share is not known"
        return Needed(for_mean(SD_OF_INTEREST), f"{SD_OF_INTEREST} standard deviations (of a mean: {why})")
    mixed = " (of a mean: some count people)" if any(one.responders for one in results) else ""
    return Needed(for_mean(SD_OF_INTEREST), f"{SD_OF_INTEREST} standard deviations{mixed}")


def _per_cent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.2g} %"


def control_share(result: Result) -> float | None:
    """Return the share of people in the comparator arm that reached the threshold, between 0 and 1."""
    share = _comparator_share(result)
    return share if share is not None and 0 < share < 1 else None


def _comparator_share(result: Result) -> float | None:
    for arm in result.finding.arms:
        if arm.role is ArmRole.COMPARATOR:
            if arm.events is not None and arm.n:
                return arm.events / arm.n
            if arm.percent is not None:
                return arm.percent / 100
    return None
