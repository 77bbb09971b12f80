"""Effects and arms: the numbers of one result, as printed, and which side they favour."""

import re
from typing import Self

from pydantic import Field, model_validator

from schema.record import Part
from schema.terms import ArmRole, EffectMeasure, Favours

#: Measures whose value of no difference is 1; for the others it is 0.
RATIOS = frozenset({EffectMeasure.RR, EffectMeasure.OR, EffectMeasure.HR, EffectMeasure.RATIO_OF_MEANS})

#: Measures that compare two arms and whose sign or size tells which arm does better.
COMPARATIVE = RATIOS | {
    EffectMeasure.MD,
    EffectMeasure.SMD,
    EffectMeasure.HEDGES_G,
    EffectMeasure.COHENS_D,
    EffectMeasure.MEDIAN_DIFFERENCE,
    EffectMeasure.RD,
    EffectMeasure.PERCENT_DIFFERENCE,
}  # fmt: skip

#: How a unit says that a difference of shares is printed out of 100, and not as a proportion.
_OF_100 = re.compile(r"per ?cent|%", re.IGNORECASE)

#: How the basis of a number says that people were counted: the size of the group, or a count told by a share.
_PEOPLE = re.compile(r"group size|from", re.IGNORECASE)


class Arm(Part):
    """One arm's numbers as printed; what was not printed is None."""

    name: str
    role: ArmRole | None = None
    #: People analysed, and what that number counts where it is not people analysed.
    n: int | None = Field(default=None, ge=0)
    n_basis: str | None = None
    n_randomised: int | None = Field(default=None, ge=0)
    events: int | None = Field(default=None, ge=0)
    #: 0 to 100.
    percent: float | None = Field(default=None, ge=0, le=100)
    #: In the unit of the finding.
    mean: float | None = None
    sd: float | None = Field(default=None, ge=0)
    se: float | None = Field(default=None, ge=0)
    ci_low: float | None = None
    ci_high: float | None = None
    median: float | None = None
    iqr: tuple[float, float] | None = None
    range: tuple[float, float] | None = None
    baseline_mean: float | None = None
    baseline_sd: float | None = Field(default=None, ge=0)
    baseline_median: float | None = None
    note: str | None = None

    @property
    def of_people(self) -> bool:
        """Whether its number counts people, and not knees, infusions or visits."""
        return self.n_basis is None or _PEOPLE.match(self.n_basis) is not None

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.n is not None and self.events is not None and self.events > self.n:
            raise ValueError(f"{self.events} events in {self.n} people")
        if self.ci_low is not None and self.ci_high is not None and self.ci_low > self.ci_high:
            raise ValueError(f"interval {self.ci_low} to {self.ci_high} runs backwards")
        return self


class Effect(Part):
    """One contrast as printed: intervention minus (or over) comparator, unless ``positive_favours`` says otherwise.

    The sign is never looked at again after loading: the finding's ``favours`` and ``direction`` say what it means.
    """

    measure: EffectMeasure | None = None
    #: The measure in the source's words, where ``measure`` is OTHER or needs a qualifier.
    measure_as_printed: str | None = None
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    #: Level of the interval in per cent.
    level: float | None = Field(default=None, gt=0, lt=100)
    #: ``confidence`` or ``credible``.
    interval: str | None = None
    se: float | None = Field(default=None, ge=0)
    #: As printed: ``<0.001``.
    p: str | None = None
    unit: str
    positive_favours: ArmRole | None = None
    #: The source's own text, where it prints no plain number.
    printed: str | None = None
    adjusted: bool = False

    @model_validator(mode="after")
    def _interval_holds_estimate(self) -> Self:
        low, high, estimate = self.ci_low, self.ci_high, self.estimate
        if low is not None and high is not None and low > high:
            raise ValueError(f"interval {low} to {high} runs backwards")
        if estimate is not None and ((low is not None and estimate < low) or (high is not None and estimate > high)):
            raise ValueError(f"interval {low} to {high} does not contain its estimate {estimate}")
        return self

    @property
    def null_value(self) -> float:
        """The value that means no difference."""
        return 1.0 if self.measure in RATIOS else 0.0

    @property
    def whole(self) -> float:
        """What stands for all people where a difference of shares is printed: 100 of percentage points, else 1."""
        return 100.0 if self.measure is EffectMeasure.RD and _OF_100.search(self.unit) is not None else 1.0

    @property
    def excludes_null(self) -> bool | None:
        """Whether the interval excludes no difference; None where there is no complete interval."""
        if self.ci_low is None or self.ci_high is None:
            return None
        return self.ci_low > self.null_value or self.ci_high < self.null_value


def favours(effect: Effect, better_higher: bool | None) -> Favours | None:
    """Say which arm a comparative estimate favours; None where it cannot be told.

    ``positive_favours`` settles it; else the sign and which way is better do. For a ratio, "positive" means above 1.
    """
    if effect.estimate is None or effect.measure not in COMPARATIVE:
        return None
    if effect.estimate == effect.null_value:
        return Favours.NEITHER
    above = effect.estimate > effect.null_value
    if effect.positive_favours is not None:
        wins = (effect.positive_favours is ArmRole.INTERVENTION) == above
    elif better_higher is not None:
        wins = better_higher == above
    else:
        return None
    return Favours.INTERVENTION if wins else Favours.COMPARATOR
