"""Effects: what cannot be true is refused, and which side an estimate favours is told from sign and scale alone."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schema.effect import COMPARATIVE, RATIOS, Arm, Effect, favours
from schema.terms import ArmRole, EffectMeasure, Favours

NUMBER = st.floats(min_value=-100, max_value=100, allow_nan=False)
INTERVENTION, COMPARATOR = ArmRole.INTERVENTION, ArmRole.COMPARATOR


@given(low=NUMBER, estimate=NUMBER, high=NUMBER)
def test_an_effect_is_taken_only_if_its_interval_holds_its_estimate(low: float, estimate: float, high: float) -> None:
    if low <= estimate <= high:
        assert Effect(estimate=estimate, ci_low=low, ci_high=high, unit="points").estimate == estimate
    else:
        with pytest.raises(ValidationError, match=r"runs backwards|does not contain its estimate"):
            Effect(estimate=estimate, ci_low=low, ci_high=high, unit="points")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"ci_low": -0.5, "ci_high": -1.5}, "interval -0.5 to -1.5 runs backwards"),
        ({"estimate": 2.0, "ci_high": 1.9}, "does not contain its estimate 2.0"),
        ({"estimate": 2.0, "ci_low": 2.1}, "does not contain its estimate 2.0"),
        ({"level": 0}, "greater than 0"),
        ({"level": 100}, "less than 100"),
        ({"se": -1}, "greater than or equal to 0"),
    ],
)
def test_an_effect_that_cannot_be_true_is_refused(fields: dict[str, float], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Effect.model_validate({"unit": "points", **fields})


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"n": 20, "events": 21}, "21 events in 20 people"),
        ({"ci_low": 4.0, "ci_high": 3.0}, "interval 4.0 to 3.0 runs backwards"),
        ({"n": -1}, "greater than or equal to 0"),
        ({"sd": -0.1}, "greater than or equal to 0"),
        ({"percent": 140}, "less than or equal to 100"),
        ({"percent": -7}, "greater than or equal to 0"),
    ],
)
def test_an_arm_that_cannot_be_true_is_refused(fields: dict[str, float], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Arm.model_validate({"name": "sham", **fields})


@pytest.mark.parametrize(
    ("measure", "low", "high", "excludes"),
    [
        (EffectMeasure.MD, -2.0, -0.1, True),
        (EffectMeasure.MD, -2.0, 0.0, False),
        (EffectMeasure.MD, 0.1, 2.0, True),
        (EffectMeasure.RR, 0.5, 0.99, True),
        (EffectMeasure.RR, 0.5, 1.0, False),
        (EffectMeasure.OR, 1.01, 3.0, True),
        (EffectMeasure.HR, 0.4, 1.6, False),
        (EffectMeasure.MD, None, 2.0, None),
        (EffectMeasure.MD, -2.0, None, None),
    ],
)
def test_an_interval_excludes_no_difference_or_does_not_or_is_not_whole(
    measure: EffectMeasure, low: float | None, high: float | None, excludes: bool | None
) -> None:
    assert Effect(measure=measure, ci_low=low, ci_high=high, unit="1").excludes_null is excludes


def expected(above: bool, better_higher: bool | None, positive_favours: ArmRole | None) -> Favours | None:
    """The truth table in words: the printed flag decides, else the way that is good for the patient."""
    if positive_favours is not None:
        good_side_up = positive_favours is INTERVENTION
    elif better_higher is not None:
        good_side_up = better_higher
    else:
        return None
    return Favours.INTERVENTION if above == good_side_up else Favours.COMPARATOR


TABLE = list(product(sorted(COMPARATIVE), (True, False, None), (INTERVENTION, COMPARATOR, None)))


@pytest.mark.parametrize(("measure", "better_higher", "positive_favours"), TABLE)
def test_which_arm_an_estimate_favours(
    measure: EffectMeasure, better_higher: bool | None, positive_favours: ArmRole | None
) -> None:
    null = 1.0 if measure in RATIOS else 0.0

    def told(estimate: float) -> Favours | None:
        effect = Effect(measure=measure, estimate=estimate, unit="1", positive_favours=positive_favours)
        return favours(effect, better_higher)

    assert told(null + 0.3) == expected(True, better_higher, positive_favours)
    assert told(null - 0.3) == expected(False, better_higher, positive_favours)
    assert told(null) is Favours.NEITHER


@pytest.mark.parametrize(
    ("measure", "estimate", "better_higher", "positive_favours", "told"),
    [
        # Pain falls by 1.5 points more than with sham.
        (EffectMeasure.MD, -1.5, False, None, Favours.INTERVENTION),
        # The page prints "improvement" of 1.5 points more than with sham, on a scale where lower is better.
        (EffectMeasure.MD, 1.5, False, INTERVENTION, Favours.INTERVENTION),
        # Twice as many responders as with sham, and half as many.
        (EffectMeasure.RR, 2.0, True, None, Favours.INTERVENTION),
        (EffectMeasure.RR, 0.5, True, None, Favours.COMPARATOR),
        # Fewer dropouts: a ratio below 1 of something bad.
        (EffectMeasure.OR, 0.5, False, None, Favours.INTERVENTION),
        # The comparator minus the intervention, as some pages print it.
        (EffectMeasure.SMD, 0.4, False, COMPARATOR, Favours.COMPARATOR),
    ],
)
def test_which_arm_an_estimate_favours_in_cases_of_the_field(
    measure: EffectMeasure,
    estimate: float,
    better_higher: bool,
    positive_favours: ArmRole | None,
    told: Favours,
) -> None:
    effect = Effect(measure=measure, estimate=estimate, unit="1", positive_favours=positive_favours)
    assert favours(effect, better_higher) is told


@pytest.mark.parametrize("measure", [None, *sorted(set(EffectMeasure) - COMPARATIVE)])
def test_a_measure_that_compares_no_arms_favours_none(measure: EffectMeasure | None) -> None:
    effect = Effect(measure=measure, estimate=0.7, unit="1", positive_favours=INTERVENTION)
    assert favours(effect, better_higher=True) is None


def test_without_an_estimate_nothing_is_favoured() -> None:
    assert favours(Effect(measure=EffectMeasure.MD, printed="favours TENS", unit="points"), better_higher=False) is None


def test_every_ratio_compares_arms() -> None:
    assert RATIOS < COMPARATIVE < set(EffectMeasure)


@pytest.mark.parametrize(
    ("unit", "whole"),
    [("percentage points", 100), ("per cent", 100), ("%", 100), ("proportion", 1), ("risk difference", 1)],
)
def test_a_difference_of_shares_says_what_it_is_out_of(unit: str, whole: float) -> None:
    assert Effect(measure=EffectMeasure.RD, estimate=0.2, unit=unit).whole == whole
    assert Effect(measure=EffectMeasure.MD, estimate=0.2, unit=unit).whole == 1
