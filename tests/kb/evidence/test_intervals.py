"""Intervals: what a result's other numbers tell where no interval was printed."""

from typing import Any

import pytest

from kb.evidence.intervals import Openness, by_numbers, interval_of, openness
from kb.evidence.results import Result, weigh
from schema.effect import Arm, Effect
from schema.finding import Finding
from schema.study import Study
from schema.terms import (
    ArmRole,
    Better,
    Direction,
    EffectMeasure,
    Favours,
    Measured,
    StudyDesign,
)
from tests.kb.evidence.trials import arms, evidence, finding, study

UNCLEAR = Direction.UNCLEAR


def result(one: Finding, *more: Study) -> tuple[Result, Any]:
    known = evidence([one], *more)
    return weigh(known).results[0], known


def difference(**fields: Any) -> Effect:
    return Effect(**({"measure": EffectMeasure.MD, "estimate": -10.0, "unit": "points"} | fields))


def means(one: float, other: float, sd: float, n: int) -> tuple[Arm, ...]:
    return (
        Arm(name="t", role=ArmRole.INTERVENTION, n=n, mean=one, sd=sd),
        Arm(name="c", role=ArmRole.COMPARATOR, n=n, mean=other, sd=sd),
    )


def counts(one: int, other: int, n: int) -> tuple[Arm, ...]:
    return (
        Arm(name="t", role=ArmRole.INTERVENTION, n=n, events=one),
        Arm(name="c", role=ArmRole.COMPARATOR, n=n, events=other),
    )


def ends(one: Finding, *more: Study) -> tuple[float, float, str] | None:
    found = interval_of(*result(one, *more))
    return None if found is None else (round(found.low, 2), round(found.high, 2), found.source)


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        (difference(ci_low=-20, ci_high=0, level=95), (-20.0, 0.0, "printed")),
        # 90 %: half-width 10 is 1.6449 standard errors, 1.96 of which are 11.92.
        (difference(ci_low=-20, ci_high=0, level=90), (-21.92, 1.92, "printed at 90 %")),
        # Without its level nobody knows how many standard errors it is wide.
        (difference(ci_low=-20, ci_high=0), None),
        (difference(ci_low=-20, ci_high=0, se=5.0), (-19.8, -0.2, "from its standard error")),
        (difference(se=5.0), (-19.8, -0.2, "from its standard error")),
        # Altman and Bland 2011 (doi:10.1136/bmj.d2090): z of p 0.05 is 1.96, the standard error 5.1.
        (difference(p="0.05"), (-20.0, 0.0, "from its p")),
        (difference(p="p = .05"), (-20.0, 0.0, "from its p")),
        (difference(p="<0.05"), None),
        (difference(p="0.05 (three groups)"), None),
        (difference(p="1"), None),
        (difference(p="0.0"), None),
        (difference(estimate=None, p="0.05"), None),
        (difference(), None),
    ],
)
def test_the_interval_of_an_effect(effect: Effect, expected: tuple[float, float, str] | None):
    assert ends(finding("a", effect=effect)) == expected


@pytest.mark.parametrize(
    ("measure", "estimate", "low", "high"),
    [
        # A ratio of rates: 1 is no difference, and it is inside.
        (EffectMeasure.OTHER, 0.82, 0.6, 1.1),
        # Sixty per cent of those who got the therapy, and of the others nothing is told.
        (EffectMeasure.PROPORTION, 60, 50, 70),
        (EffectMeasure.SMD_BEFORE_AFTER, 0.9, 0.5, 1.3),
        (EffectMeasure.ETA_SQUARED, 0.1, 0.01, 0.2),
    ],
)
def test_an_interval_that_does_not_tell_whether_arms_differ_shows_no_benefit(
    measure: EffectMeasure, estimate: float, low: float, high: float
):
    effect = Effect(measure=measure, estimate=estimate, ci_low=low, ci_high=high, level=95, unit="as printed")
    one, known = result(finding("a", UNCLEAR, favours=Favours.INTERVENTION, effect=effect))
    assert by_numbers(one, known).direction is UNCLEAR
    told = openness(one, known)
    assert isinstance(told, str)
    assert "does not tell whether the arms differ" in told


def test_the_interval_of_a_regression_coefficient_is_read_at_its_level():
    effect = difference(measure=EffectMeasure.REGRESSION_COEFFICIENT, ci_low=-19.0, ci_high=-1.0, level=90)
    assert ends(finding("a", effect=effect)) == (-20.72, 0.72, "printed at 90 %")
    assert ends(finding("a", effect=effect.model_copy(update={"level": None}))) is None
    needed = Effect(measure=EffectMeasure.NNT, estimate=5, ci_low=3, ci_high=12, level=90, unit="people")
    assert ends(finding("a", effect=needed)) is None
    assert ends(finding("a", effect=needed.model_copy(update={"level": 95.0}))) == (3.0, 12.0, "printed")


def test_arms_tell_an_interval_of_a_parallel_randomised_trial_only():
    some = finding("a", arms=means(40, 50, 20, 50))
    low, high, source = ends(some) or (0, 0, "")
    assert (low, high, source) == (0.1, 0.89, "from the arms")
    assert ends(some, study("a", design=StudyDesign.COHORT)) is None
    assert ends(some, study("a", design=StudyDesign.CROSSOVER_RCT)) is None


def test_an_empty_cell_is_told_by_the_difference_of_the_shares():
    relief = {"measured": Measured.RESPONDERS, "outcomes": ("pain-relief-50",)}
    found = interval_of(*result(finding("a", arms=counts(10, 0, 50), **relief)))
    assert found is not None
    assert found.measure is EffectMeasure.RD
    assert found.excludes_null


def test_that_nobody_of_a_few_had_it_does_not_show_a_difference():
    """4 of 11 against 0 of 6: Fisher's exact p is 0.24, Newcombe's interval -8 to 65 per 100."""
    fields: dict[str, Any] = {"measured": Measured.RESPONDERS, "outcomes": ("adverse-events",), "better": Better.LOWER}
    few = (counts(4, 0, 11)[0], counts(4, 0, 6)[1])
    one, known = result(finding("a", UNCLEAR, favours=Favours.COMPARATOR, arms=few, **fields))
    found = interval_of(one, known)
    assert found is not None
    # A bad event: what is better points the other way.
    assert (round(found.low, 2), round(found.high, 2)) == (-0.65, 0.08)
    assert by_numbers(one, known).direction is Direction.NO_DIFFERENCE


def test_shares_of_the_arms_are_not_percentage_points_because_those_were_printed():
    relief: dict[str, Any] = {"measured": Measured.RESPONDERS, "outcomes": ("pain-relief-50",), "better": Better.HIGHER}
    printed = Effect(measure=EffectMeasure.RD, estimate=-14.3, unit="percentage points")
    fields = relief | {"favours": Favours.COMPARATOR, "arms": counts(0, 2, 14), "effect": printed}
    one, known = result(finding("a", Direction.NO_DIFFERENCE, **fields))
    told = openness(one, known)
    assert isinstance(told, Openness)
    assert told.open


@pytest.mark.parametrize(
    ("numbers", "direction"),
    [
        (means(30, 50, 20, 50), Direction.BENEFIT),
        (means(48, 50, 20, 50), Direction.NO_DIFFERENCE),
        (arms(50), UNCLEAR),
    ],
)
def test_a_result_of_which_only_the_side_is_known_says_what_its_arms_say(
    numbers: tuple[Arm, ...], direction: Direction
):
    one, known = result(finding("a", UNCLEAR, favours=Favours.INTERVENTION, arms=numbers))
    assert by_numbers(one, known).direction is direction


def test_a_result_without_a_side_or_with_its_own_direction_stays_as_it_is():
    for one in (
        finding("a", UNCLEAR, arms=means(30, 50, 20, 50)),
        finding("a", Direction.NO_DIFFERENCE, favours=Favours.INTERVENTION, arms=means(30, 50, 20, 50)),
    ):
        before, known = result(one)
        assert by_numbers(before, known) is before


def test_an_interval_leaves_both_answers_open_or_not_or_nobody_can_tell():
    wide = openness(*result(finding("a", arms=means(45, 50, 20, 20), favours=Favours.INTERVENTION)))
    assert isinstance(wide, Openness)
    assert wide.open
    narrow = openness(*result(finding("a", arms=means(49, 50, 20, 900), favours=Favours.INTERVENTION)))
    assert isinstance(narrow, Openness)
    assert not narrow.open
    unknown = openness(*result(finding("a", effect=difference(ci_low=-20, ci_high=2, level=95))))
    assert unknown == (
        "the interval -20 to 2 (printed) includes no difference, and which difference matters on its scale is not known"
    )
    assert openness(*result(finding("a"))) == "no interval was read, and nothing that was read tells one"


def test_a_printed_interval_tells_the_spread_within_the_arms():
    # Standard error 4 of two arms of 50: a standard deviation of 20, three tenths of which are 6.
    printed = difference(estimate=-1.0, ci_low=-8.84, ci_high=6.84, level=95)
    found = openness(*result(finding("a", effect=printed, arms=arms(50))))
    assert isinstance(found, Openness)
    assert found.open
    assert "0.3 standard deviations of 20" in found.figure


def test_a_result_whose_arms_point_the_other_way_says_nothing():
    printed = difference(ci_low=-15, ci_high=-5, level=95)
    against = finding("a", arms=means(60, 40, 20, 40), effect=printed)
    one, known = result(against)
    assert (by_numbers(one, known).vote, by_numbers(one, known).direction) == (None, UNCLEAR)
    adjusted = finding("a", arms=means(60, 40, 20, 40), effect=printed.model_copy(update={"adjusted": True}))
    one, known = result(adjusted)
    assert by_numbers(one, known) is one
