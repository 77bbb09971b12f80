"""Comparable effects: what is taken from a result, and the written reason where nothing can be."""

from math import log, sqrt
from typing import Any

import pytest

from kb.evidence.comparable import Comparable, comparable
from kb.evidence.effects import mean_difference, risk_ratio, standardised_mean_difference
from kb.evidence.results import weigh
from schema.effect import Arm, Effect
from schema.study import Study
from schema.terms import ArmRole, Better, Direction, EffectMeasure, Favours, Measured, StudyDesign
from tests.kb.evidence.trials import evidence, finding, study

MD, SMD, RR, OR, RD, HR = (
    EffectMeasure.MD,
    EffectMeasure.SMD,
    EffectMeasure.RR,
    EffectMeasure.OR,
    EffectMeasure.RD,
    EffectMeasure.HR,
)
YES, NO = ArmRole.INTERVENTION, ArmRole.COMPARATOR


def means(*numbers: tuple[float, float, int], **fields: Any) -> tuple[Arm, ...]:
    """Arms of mean, standard deviation and people; the last is the comparator."""
    roles = [YES] * (len(numbers) - 1) + [NO]
    return tuple(
        Arm(name=f"arm {at}", role=role, n=n, mean=mean, sd=sd, **fields)
        for at, ((mean, sd, n), role) in enumerate(zip(numbers, roles, strict=True))
    )


def counts(*numbers: tuple[int, int]) -> tuple[Arm, ...]:
    """Arms of events and people; the last is the comparator."""
    roles = [YES] * (len(numbers) - 1) + [NO]
    return tuple(
        Arm(name=f"arm {at}", role=role, n=n, events=events)
        for at, ((events, n), role) in enumerate(zip(numbers, roles, strict=True))
    )


def difference(estimate: float, low: float | None, high: float | None, **fields: Any) -> Effect:
    fields = {"level": 95, "unit": "mm (VAS 0-100)", "measure": MD} | fields
    return Effect(estimate=estimate, ci_low=low, ci_high=high, **fields)


def found(measure: EffectMeasure, *more: Study, **fields: Any) -> Comparable | str:
    fields = {"better": Better.LOWER, "unit": "mm (VAS 0-100)"} | fields
    known = evidence([finding("a", **fields)], *more)
    return comparable(weigh(known).results[0], measure, known)


def effect(measure: EffectMeasure, *more: Study, **fields: Any) -> Comparable:
    one = found(measure, *more, **fields)
    assert isinstance(one, Comparable), one
    return one


def refused(measure: EffectMeasure, *more: Study, **fields: Any) -> str:
    one = found(measure, *more, **fields)
    assert isinstance(one, str)
    return one


ARMS = means((30.0, 20.0, 50), (42.0, 22.0, 48))


def test_it_is_positive_where_the_therapy_does_better():
    better = effect(MD, arms=ARMS)
    assert (better.estimate, better.source) == (12.0, "arms")
    assert better.variance == pytest.approx(mean_difference(30, 20, 50, 42, 22, 48).variance)
    worse = effect(MD, arms=ARMS, direction=Direction.HARM, favours=Favours.COMPARATOR, better=Better.HIGHER)
    assert worse.estimate == -12.0


def test_hedges_correction_is_the_exact_one():
    exact = standardised_mean_difference(30, 20, 50, 42, 22, 48)
    assert effect(SMD, arms=ARMS).estimate == pytest.approx(-exact.estimate)


def test_counts_give_ratios_and_differences():
    fields: dict[str, Any] = {
        "arms": counts((30, 50), (15, 50)),
        "better": Better.HIGHER,
        "measured": Measured.RESPONDERS,
        "outcomes": ("pain-relief-50",),
    }
    assert effect(RR, **fields).estimate == pytest.approx(log(2))
    assert effect(RD, **fields).estimate == pytest.approx(0.3)
    assert effect(OR, **fields).estimate == pytest.approx(log((30 / 20) / (15 / 35)))


def test_the_printed_interval_stands_in_for_arms_at_its_own_level():
    plain = effect(MD, effect=difference(-10, -15, -5))
    wide = effect(MD, effect=difference(-10, -15, -5, level=99))
    assert (plain.estimate, plain.source) == (10.0, "printed effect")
    assert sqrt(plain.variance) == pytest.approx(5 / 1.959964)
    assert sqrt(wide.variance) == pytest.approx(5 / 2.575829)
    assert wide.source == "printed effect, interval of 99 %"


def test_a_ratio_is_read_from_its_logarithm():
    hazard = Effect(measure=HR, estimate=0.5, ci_low=0.25, ci_high=1, level=95, unit="ratio")
    assert effect(HR, effect=hazard).estimate == pytest.approx(log(2))


def test_a_difference_of_shares_is_out_of_100_or_of_1():
    def printed(estimate: float, unit: str) -> dict[str, Any]:
        effect = difference(estimate, estimate / 2, estimate * 1.5, measure=RD, unit=unit)
        return {"effect": effect, "favours": Favours.INTERVENTION, "better": Better.HIGHER}

    assert effect(RD, **printed(20, "per cent")).estimate == pytest.approx(0.2)
    assert effect(RD, **printed(0.2, "proportion")).estimate == pytest.approx(0.2)
    assert "is more than everybody" in refused(RD, **printed(20, "proportion"))


def test_an_adjusted_effect_goes_before_the_arms():
    adjusted = effect(MD, arms=ARMS, effect=difference(-9, -14, -4, adjusted=True))
    assert (adjusted.estimate, adjusted.source) == (9.0, "printed effect, adjusted")


def test_arms_of_one_role_are_one_group():
    three = effect(MD, arms=means((30, 20, 50), (34, 20, 50), (42, 22, 48)))
    assert three.estimate == pytest.approx(10)
    both = effect(RR, arms=counts((10, 20), (20, 30), (15, 50)), better=Better.HIGHER, measured=Measured.RESPONDERS)
    assert both.variance == pytest.approx(risk_ratio(30, 50, 15, 50).variance)


def test_a_standard_error_gives_the_standard_deviation():
    arms = tuple(arm.model_copy(update={"sd": None, "se": (arm.sd or 0) / sqrt(arm.n or 1)}) for arm in ARMS)
    assert effect(MD, arms=arms).variance == pytest.approx(effect(MD, arms=ARMS).variance)


def test_an_interval_of_a_difference_gives_a_standardised_one():
    bare = tuple(Arm(name=arm.name, role=arm.role, n=arm.n) for arm in ARMS)
    made = mean_difference(30, 21, 50, 42, 21, 48)
    reach = 1.984984 * sqrt(made.variance)
    printed = difference(-12, -12 - reach, -12 + reach)
    exact = standardised_mean_difference(30, 21, 50, 42, 21, 48)
    assert effect(SMD, arms=bare, effect=printed).estimate == pytest.approx(-exact.estimate, rel=1e-3)


def test_a_share_that_fits_one_whole_number_of_people_is_a_count():
    arms = (Arm(name="a", role=YES, n=40, percent=60), Arm(name="b", role=NO, n=40, percent=30))
    fields: dict[str, Any] = {"better": Better.HIGHER, "measured": Measured.RESPONDERS}
    assert effect(RR, arms=arms, **fields).estimate == pytest.approx(log(2))
    many = tuple(arm.model_copy(update={"n": 400}) for arm in arms)
    assert "no effect" in refused(RR, arms=many, **fields), "several counts print as 60 %"


def test_half_is_added_for_one_empty_arm_and_said():
    one = effect(RR, arms=counts((5, 50), (0, 50)), better=Better.HIGHER, measured=Measured.RESPONDERS)
    assert one.source == "arms; ½ was added because a cell was empty"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"arms": counts((0, 50), (0, 50))}, "Nobody in both arms"),
        ({"poolable": False, "note": "a lower bound", "arms": ARMS}, "not to be pooled: a lower bound"),
        ({"favours": None, "arms": ARMS}, "which arm it favours was not told"),
        ({"arms": means((42, 20, 50), (30, 22, 48))}, "the arms favour another side"),
        ({"arms": ARMS, "effect": difference(-40, -45, -35)}, "the arms and the printed effect disagree"),
        ({"arms": means((30, 2.8, 50), (42, 3.1, 48)), "effect": difference(-12, -20, -4)}, "may be standard errors"),
        ({"effect": difference(-10, None, None)}, "no effect with its variance was read"),
        ({"effect": difference(-10, -15, -5, level=None)}, "level of the printed interval is not known"),
        ({"effect": difference(-10, -15, -5, interval="credible")}, "a credible one"),
        ({"effect": difference(-10, -10, -10)}, "is no interval"),
        ({"effect": difference(-10, None, None, se=0)}, "standard error is 0"),
        ({"arms": means((30, 0, 50), (42, 0, 48))}, "which cannot be pooled"),
        ({"effect": difference(-10, -10.5, -2)}, "not in the middle of its interval"),
    ],
)
def test_what_cannot_be_compared_says_why(fields: dict[str, Any], why: str):
    measure = RR if fields.get("arms") and fields["arms"][0].events is not None else MD
    assert why in refused(measure, **fields)


def test_arms_that_the_printed_effect_contradicts_count_on_no_other_measure():
    assert "the arms and the printed effect disagree" in refused(SMD, arms=ARMS, effect=difference(-40, -45, -35))
    ratio = Effect(measure=RR, estimate=4, ci_low=3, ci_high=5.3, level=95, unit="risk ratio")
    shares = {"arms": counts((20, 50), (15, 50)), "effect": ratio, "better": Better.HIGHER}
    for measure in (RR, OR, RD):
        assert "the arms and the printed effect disagree" in refused(measure, measured=Measured.RESPONDERS, **shares)


def test_a_variance_below_zero_is_no_record():
    with pytest.raises(ValueError, match="greater than or equal to 0"):
        Arm(name="a", sd=-1)


def test_a_crossover_trial_counts_by_its_paired_effect_alone():
    trial = study("a", design=StudyDesign.CROSSOVER_RCT)
    assert "crossover" in refused(MD, trial, arms=ARMS)
    assert effect(MD, trial, arms=ARMS, effect=difference(-10, -15, -5)).source == "printed effect"


@pytest.mark.parametrize("design", [StudyDesign.CLUSTER_RCT, StudyDesign.COHORT])
def test_clusters_and_groups_not_made_by_chance_count_by_an_adjusted_effect_alone(design: StudyDesign):
    trial = study("a", design=design)
    assert "adjusted" in refused(MD, trial, arms=ARMS, effect=difference(-10, -15, -5))
    assert effect(MD, trial, effect=difference(-10, -15, -5, adjusted=True)).estimate == 10
