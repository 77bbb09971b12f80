"""Absolute numbers, numbers needed to treat, harms in numbers, and the overlap of reviews."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evidence.overlap import overlap
from kb.evidence.shares import share_difference
from kb.evidence.summaries import summarise
from schema.effect import Arm, Effect
from schema.finding import Finding
from schema.pooled import Absolute
from schema.study import Harm, Study
from schema.terms import ArmRole, Better, Direction, EffectMeasure, Favours, RetractionState, StudyDesign
from tests.kb.evidence.test_comparable import counts
from tests.kb.evidence.test_pools import lead, responders
from tests.kb.evidence.trials import citation, evidence, finding, review, study


def absolute(*findings: Finding, more: tuple[Study, ...] = ()) -> Absolute | None:
    return lead(*findings, more=more).absolute


def told(*findings: Finding, more: tuple[Study, ...] = ()) -> Absolute:
    found = absolute(*findings, more=more)
    assert found is not None
    return found


def test_the_difference_of_two_shares_is_that_of_newcombe():
    # Newcombe 1998, table II: 56/70 and 48/80.
    assert share_difference(56, 70, 48, 80) == (
        pytest.approx(0.2),
        pytest.approx(0.0524, abs=5e-5),
        pytest.approx(0.3339, abs=5e-5),
    )


@given(st.integers(1, 500), st.integers(1, 500), st.data())
def test_a_difference_stays_within_what_is_possible(n: int, of: int, data: st.DataObject):
    events, others = data.draw(st.integers(0, n)), data.draw(st.integers(0, of))
    difference, low, high = share_difference(events, n, others, of)
    assert -1 - 1e-9 <= low <= difference <= high <= 1 + 1e-9


def test_one_trial_tells_its_own_numbers():
    one = told(responders("a", (60, 100), (30, 100)))
    assert (one.with_comparator, one.with_therapy) == (30, 60)
    assert one.nnt == pytest.approx(1 / 0.3)
    assert (one.nnt_low, one.nnt_high) == (
        pytest.approx(100 / one.difference_high),
        pytest.approx(100 / one.difference_low),
    )
    assert not one.harm
    assert one.source == "the two arms of the study"


def test_no_number_needed_to_treat_where_the_interval_holds_no_difference():
    one = told(responders("a", (12, 40), (10, 40)))
    assert (one.nnt, one.nnt_low, one.nnt_high) == (None, None, None)


def test_no_number_needed_to_treat_where_the_study_itself_found_no_difference():
    result = responders("a", (10, 18), (3, 20)).model_copy(update={"direction": Direction.NO_DIFFERENCE})
    one = told(result)
    assert one.difference_low > 0
    assert (one.nnt, one.harm) == (None, False)


def test_the_interval_of_a_difference_counts_the_error_of_both_arms():
    fewer = responders("a", (0, 113), (10, 115), better=Better.LOWER, favours=Favours.INTERVENTION)
    one = told(fewer.model_copy(update={"direction": Direction.BENEFIT}))
    assert one.with_therapy == 0
    # Newcombe's interval reaches below what the comparator's share alone leaves possible.
    assert one.difference_low < -one.with_comparator
    assert one.nnt_low is not None
    assert one.nnt is not None
    assert one.nnt_low < one.nnt


def test_printed_shares_take_the_interval_of_the_printed_effect():
    def of(measure: EffectMeasure, low: float, high: float, unit: str) -> Absolute | None:
        shares = tuple(
            Arm(name=name, role=role, percent=percent)
            for name, role, percent in (("t", ArmRole.INTERVENTION, 84.5), ("c", ArmRole.COMPARATOR, 43.8))
        )
        printed = Effect(measure=measure, ci_low=low, ci_high=high, level=95, unit=unit)
        return absolute(responders("a", (60, 100), (30, 100)).model_copy(update={"arms": shares, "effect": printed}))

    ratio = of(EffectMeasure.RR, 1.4, 2.5, "ratio")
    assert ratio is not None
    assert (ratio.with_comparator, ratio.with_therapy) == (43.8, 84.5)
    assert (ratio.therapy_low, ratio.therapy_high) == (pytest.approx(61.32), 100)
    difference = of(EffectMeasure.RD, 25, 55, "percentage points")
    assert difference is not None
    assert (difference.difference_low, difference.difference_high) == (pytest.approx(25), pytest.approx(55))
    assert difference.nnt == pytest.approx(100 / 40.7)
    # An effect that does not hold the shares is of something else.
    assert of(EffectMeasure.RR, 1.1, 1.5, "ratio") is None
    assert of(EffectMeasure.HR, 1.4, 2.5, "ratio") is None


@pytest.mark.parametrize("unit", ["per cent", "%", "percentage points"])
def test_a_difference_of_shares_is_never_more_than_everybody(unit: str):
    arms = tuple(
        Arm(name=name, role=role, percent=percent)
        for name, role, percent in (("t", ArmRole.INTERVENTION, 42), ("c", ArmRole.COMPARATOR, 40))
    )

    def of(unit: str) -> Absolute | None:
        effect = Effect(measure=EffectMeasure.RD, estimate=2, ci_low=-5, ci_high=9, level=95, unit=unit)
        return absolute(responders("a", (42, 100), (40, 100), arms=arms, effect=effect))

    found = of(unit)
    assert found is not None
    assert (round(found.difference_low), round(found.difference_high)) == (-5, 9)
    assert of("proportion") is None


def test_an_event_that_is_bad_counts_as_harm():
    bad: dict[str, Any] = {"better": Better.LOWER, "outcomes": ("adverse-events",), "favours": Favours.COMPARATOR}
    result = responders("a", (60, 100), (30, 100), **bad).model_copy(update={"direction": Direction.HARM})
    assert told(result).harm


def test_a_pool_is_put_on_the_middle_comparator_arm():
    three = [responders(id, (2 * k, 100), (k, 100)) for id, k in (("a", 20), ("b", 30), ("c", 40))]
    one = told(*three)
    assert one.with_comparator == 30
    assert one.with_therapy == pytest.approx(60, abs=0.5)
    assert one.source == "middle of the comparator arms of 3 of 3 pooled studies"


def test_a_ratio_of_a_review_needs_the_share_that_it_applies_to():
    ratio = Effect(measure=EffectMeasure.RR, estimate=1.5, ci_low=1.2, ci_high=1.9, level=95, unit="ratio")
    fields: dict[str, Any] = {"effect": ratio, "pooled_studies": 6}
    bare = responders("r", (30, 100), (20, 100), arms=(), **fields)
    full = responders("r", (30, 100), (20, 100), **fields)
    assert absolute(bare, more=(review("r"),)) is None
    one = told(full, more=(review("r"),))
    assert (one.with_comparator, one.with_therapy) == (20, pytest.approx(30))


def test_arms_of_a_crossover_trial_are_not_two_groups():
    assert absolute(responders("a", (60, 100), (30, 100)), more=(study("a", design=StudyDesign.CROSSOVER_RCT),)) is None


def harms(*events: tuple[str, tuple[int, int], tuple[int, int]], report: str = "local:a") -> tuple[Harm, ...]:
    return tuple(Harm(event=name, citation=report, arms=counts(one, two)) for name, one, two in events)


def test_harms_in_both_arms_are_compared():
    trial = study("a", harms=harms(("rash", (11, 108), (4, 110)), ("falls", (0, 108), (0, 110))))
    found = summarise(evidence([finding("a")], trial))
    assert found is not None
    rash, falls = found.harm_differences
    assert (rash.event, rash.events, rash.comparator_n) == ("rash", 11, 110)
    assert rash.difference == pytest.approx(100 * (11 / 108 - 4 / 110))
    assert falls.difference == 0
    assert falls.difference_low < 0 < falls.difference_high


def test_an_arm_of_a_harm_is_the_arm_of_that_name_in_the_results():
    arms = tuple(arm.model_copy(update={"role": None}) for arm in counts((11, 108), (4, 110)))
    trial = study("a", harms=(Harm(event="rash", citation="local:a", arms=arms),))
    named = summarise(evidence([finding("a", arms=counts((3, 9), (1, 9)))], trial))
    unnamed = summarise(evidence([finding("a")], trial))
    assert named is not None
    assert unnamed is not None
    assert [one.difference for one in named.harm_differences] == [pytest.approx(100 * (11 / 108 - 4 / 110))]
    assert unnamed.harm_differences == ()


def test_harms_that_cannot_be_compared_are_left_to_the_study():
    one_arm = Harm(event="rash", citation="local:a", arms=(Arm(name="TENS", role=ArmRole.INTERVENTION, n=9, events=1),))
    found = summarise(evidence([finding("a")], study("a", harms=(one_arm,))))
    assert found is not None
    assert found.harm_differences == ()
    assert "rash (TENS 1 of 9)" in found.harms_sentence
    gone = study("a", citations=("local:a", "local:b"), harms=harms(("rash", (1, 9), (0, 9))))
    withdrawn = citation("a", RetractionState.RETRACTED)
    later = summarise(evidence([finding("a", citation="local:b")], gone, withdrawn))
    assert later is not None
    assert later.harm_differences == ()


def test_an_answer_without_harms_says_so():
    found = summarise(evidence([finding("a", Direction.BENEFIT)]))
    assert found is not None
    assert found.harms_sentence.startswith("Harms are not reported")


def test_reviews_that_share_trials_show_how_many():
    first, second = review("r", includes=("a", "b", "c")), review("q", includes=("b", "c", "d"))
    found = overlap([first, second])
    assert found is not None
    assert (found.reviews, found.trials, found.inclusions) == (2, 4, 6)
    assert found.corrected_covered_area == pytest.approx(50)
    assert overlap([first, review("bare")]) is None
    answer = summarise(evidence([finding("r", pooled_studies=3), finding("q", pooled_studies=3)], first, second))
    assert answer is not None
    assert answer.review_overlap == found
