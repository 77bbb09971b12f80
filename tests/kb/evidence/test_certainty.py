"""Certainty: each step of the rating, with its figure."""

from typing import Any

import pytest

from kb.evidence.precision import FAR_TOO_FEW, for_mean, for_share
from kb.evidence.summaries import summarise
from schema.citation import Citation
from schema.effect import Arm, Effect
from schema.finding import Finding
from schema.study import RiskOfBiasFacts, Study
from schema.summary import Line
from schema.terms import (
    ArmRole,
    Better,
    Certainty,
    CertaintyBasis,
    CertaintyReason,
    ComparatorClass,
    Direction,
    EffectMeasure,
    Measured,
    RetractionState,
    StudyDesign,
)
from tests.kb.evidence.trials import arms, citation, evidence, finding, review, smd, study

ROB, UNEVEN, INDIRECT, IMPRECISE = (
    CertaintyReason.RISK_OF_BIAS,
    CertaintyReason.INCONSISTENCY,
    CertaintyReason.INDIRECTNESS,
    CertaintyReason.IMPRECISION,
)
LARGE = arms(300)
SAME = Direction.NO_DIFFERENCE


def lead(
    findings: list[Finding], *more: Study | Citation, therapy: str = "tens", condition: str = "knee-osteoarthritis"
) -> Line:
    summary = summarise(evidence(findings, *more, therapy=therapy, condition=condition))
    assert summary is not None
    assert summary.certainty == summary.lines[0].certainty
    return summary.lines[0]


def steps(line: Line) -> dict[CertaintyReason, int]:
    found: dict[CertaintyReason, int] = {}
    for step in line.steps:
        found[step.reason] = found.get(step.reason, 0) + step.levels
        assert step.figure
    return found


def big(id: str, **fields: object) -> Study:
    return study(id, **({"participants": 600} | fields))


def test_a_large_direct_trial_is_moderate_because_its_bias_was_not_assessed():
    line = lead([finding("a", arms=LARGE)], big("a"))
    assert (line.certainty, line.certainty_basis) == (Certainty.MODERATE, CertaintyBasis.COMPUTED)
    assert steps(line) == {ROB: -1}


@pytest.mark.parametrize(
    ("design", "certainty"),
    [(StudyDesign.COHORT, Certainty.VERY_LOW), (StudyDesign.CASE_SERIES, Certainty.VERY_LOW)],
)
def test_other_designs_start_lower(design: StudyDesign, certainty: Certainty):
    assert lead([finding("a", arms=LARGE)], big("a", design=design)).certainty is certainty


def test_open_label_without_concealment_costs_two_levels():
    facts = RiskOfBiasFacts(blinding_participants="open label", allocation_concealment="not described")
    line = lead([finding("a", arms=LARGE)], big("a", risk_of_bias=facts))
    assert steps(line) == {ROB: -2}
    assert "open label with an outcome that people rate themselves in 1 of 1" in line.steps[0].figure
    assert "concealment of the allocation not described in 1 of 1" in line.steps[0].figure


def test_known_facts_are_shown_without_a_second_level():
    facts = RiskOfBiasFacts(allocation_concealment="sealed opaque envelopes", dropouts="4 of 60")
    line = lead([finding("a", arms=LARGE)], big("a", risk_of_bias=facts, blinding="double-blind"))
    assert steps(line) == {ROB: -1}
    assert line.steps[0].figure == "not assessed; drop-outs reported in 1 of 1"


def test_nobody_is_blind_to_getting_usual_care():
    usual: dict[str, Any] = {"comparators": ("usual-care",), "comparator_class": ComparatorClass.USUAL_CARE}
    assert "open label" in lead([finding("a", arms=LARGE, **usual)], big("a")).steps[0].figure
    assert (
        "open label" not in lead([finding("a", arms=LARGE, **usual)], big("a", blinding="double-blind")).steps[0].figure
    )


def test_people_of_other_arms_do_not_count_as_compared():
    several = study("a", participants=600, design_as_printed="randomised trial, three parallel arms")
    line = lead([finding("a")], several)
    assert steps(line)[IMPRECISE] == -1
    assert "all arms of a trial" in line.steps[-1].figure
    assert IMPRECISE not in steps(lead([finding("a", effect=smd(-0.5, -0.7, -0.3))], several))
    assert IMPRECISE not in steps(lead([finding("a", arms=LARGE)], several))


def test_people_of_clusters_tell_less_than_their_number():
    by_practice = study("a", participants=1200, design=StudyDesign.CLUSTER_RCT)
    line = lead([finding("a")], by_practice)
    assert steps(line)[IMPRECISE] == -1
    assert "of clusters" in line.steps[-1].figure
    assert IMPRECISE not in steps(lead([finding("a", effect=smd(-0.5, -0.7, -0.3))], by_practice))
    assert IMPRECISE not in steps(lead([finding("a"), finding("b", arms=LARGE)], by_practice, big("b")))


def test_no_difference_among_people_of_all_arms_of_whom_no_interval_tells_costs_two_levels():
    arms_of_four = study("a", participants=480, design_as_printed="randomised trial, four-arm")
    same = lead([finding("a", SAME)], arms_of_four)
    assert steps(same)[IMPRECISE] == -2
    unit = "points of nobody knows what"
    known = Effect(measure=EffectMeasure.MD, estimate=0.1, ci_low=-0.2, ci_high=0.4, level=95, unit=unit)
    assert steps(lead([finding("a", SAME, effect=known)], arms_of_four))[IMPRECISE] == -1


def test_another_review_that_says_otherwise_costs_a_level():
    says: dict[str, Any] = {"pooled_studies": 4, "pooled_participants": 900}
    other = finding("b", Direction.NO_DIFFERENCE, pooled_studies=2)
    line = lead([finding("a", **says), other], review("a"), review("b"))
    assert steps(line)[UNEVEN] == -1
    assert "another review says otherwise: B" in [step.figure for step in line.steps]


def test_an_expression_of_concern_costs_a_level_and_is_named():
    line = lead([finding("a", arms=LARGE)], big("a"), citation("a", RetractionState.EXPRESSION_OF_CONCERN))
    assert steps(line) == {ROB: -2}
    assert any("expression of concern about A" in step.figure for step in line.steps)


def test_a_review_that_includes_a_retracted_trial_loses_a_level():
    line = lead(
        [finding("r", pooled_studies=4, pooled_participants=900, certainty_stated=Certainty.HIGH)],
        review("r", includes=("gone",)),
        study("gone"),
        citation("gone", RetractionState.RETRACTED),
    )
    assert (line.certainty, line.certainty_basis) == (Certainty.MODERATE, CertaintyBasis.STATED_BY_REVIEW)
    assert "retracted: Gone" in line.steps[0].figure


def test_a_rating_stated_by_a_review_is_passed_on():
    stated = finding("r", pooled_studies=4, pooled_participants=90, i2=95, certainty_stated=Certainty.LOW)
    line = lead([stated], review("r"))
    assert (line.certainty, line.certainty_basis, line.steps) == (Certainty.LOW, CertaintyBasis.STATED_BY_REVIEW, ())


def test_an_indirect_comparison_costs_a_level_unless_the_review_rated_it():
    told: dict[str, Any] = {
        "outcome_as_printed": "pain (indirect)",
        "pooled_studies": 4,
        "pooled_participants": 900,
        "comparators": ("exercise",),
        "comparator_class": ComparatorClass.ACTIVE,
    }
    line = lead([finding("r", **told)], review("r"))
    assert steps(line)[INDIRECT] == -1
    assert "an indirect comparison: no study compared the two" in [step.figure for step in line.steps]
    assert INDIRECT not in steps(lead([finding("r", **told, certainty_stated=Certainty.LOW)], review("r")))


def test_considerable_heterogeneity_of_a_review_costs_a_level():
    even = lead([finding("r", pooled_studies=4, pooled_participants=900, i2=74)], review("r"))
    uneven = lead([finding("r", pooled_studies=4, pooled_participants=900, i2=75)], review("r"))
    assert (UNEVEN in steps(even), steps(uneven)[UNEVEN]) == (False, -1)


def test_studies_that_disagree_cost_a_level():
    line = lead([finding("a", arms=LARGE), finding("b", Direction.HARM, arms=LARGE)], big("a"), big("b"))
    assert line.direction is Direction.MIXED
    assert steps(line)[UNEVEN] == -1
    told = "1 of 2 studies favour the therapy, 1 the comparator; a difference of its own was shown by 2"
    assert told in [step.figure for step in line.steps]


def test_both_sides_of_no_difference_agree_with_no_difference():
    results = [finding("a", SAME, arms=LARGE, effect=smd(-0.1, -0.25, 0.05)), finding("b", SAME, arms=LARGE)]
    line = lead(results, big("a"), big("b"))
    assert (line.direction, UNEVEN in steps(line)) == (SAME, False)


@pytest.mark.parametrize(("events", "uneven"), [(90, False), (91, True)])
def test_studies_that_all_show_a_quarter_less_agree_to_the_last_digit(events: int, uneven: bool):
    def trial(id: str, one: int, other: int):
        sides = zip(arms(400), (one, other), strict=True)
        counted = tuple(arm.model_copy(update={"events": count}) for arm, count in sides)
        return finding(id, arms=counted, measured=Measured.RESPONDERS, better=Better.LOWER)

    line = lead([trial("a", 10, 100), trial("b", events, 120)], big("a"), big("b"))
    assert line.pooled is not None
    assert (line.pooled.i2 or 0) >= 75
    assert (UNEVEN in steps(line)) is uneven


def test_one_narrower_condition_of_several_is_indirect_and_two_are_not():
    knee, hip = finding("a", arms=LARGE), finding("b", arms=LARGE, conditions=("hip-osteoarthritis",))
    one = lead([knee], big("a"), condition="osteoarthritis")
    two = lead([knee, hip], big("a"), big("b"), condition="osteoarthritis")
    named = lead([finding("c", arms=LARGE, conditions=("osteoarthritis",))], big("c"), condition="osteoarthritis")
    assert [INDIRECT in steps(line) for line in (one, two, named)] == [True, False, False]
    assert "Knee osteoarthritis" in next(step.figure for step in one.steps if step.reason is INDIRECT)


def test_a_therapy_that_no_study_tested_as_such_is_indirect():
    tens, scs = finding("a", arms=LARGE), finding("b", arms=LARGE, therapies=("scs",))
    mix = lead([tens, scs], big("a"), big("b"), therapy="neuromodulation")
    assert steps(mix)[INDIRECT] == -1


@pytest.mark.parametrize(
    ("people", "levels"),
    [(for_mean(0.3), None), (for_mean(0.3) - 2, -1), (FAR_TOO_FEW, -1), (FAR_TOO_FEW - 2, -2)],
)
def test_few_people_cost_one_level_and_far_too_few_two(people: int, levels: int | None):
    line = lead([finding("a", arms=arms(people // 2))], study("a", participants=people))
    assert steps(line).get(IMPRECISE) == levels


def test_unknown_numbers_of_people_cost_a_level():
    assert steps(lead([finding("a")], study("a", participants=None)))[IMPRECISE] == -1


def test_an_interval_that_leaves_both_answers_open_costs_a_level():
    open_both = lead([finding("a", SAME, arms=LARGE, effect=smd(-0.1, -0.35, 0.15))], big("a"))
    settled = lead([finding("a", SAME, arms=LARGE, effect=smd(-0.05, -0.2, 0.1))], big("a"))
    ratio = Effect(measure=EffectMeasure.RR, estimate=1.1, ci_low=0.9, ci_high=1.3, level=95, unit="ratio")
    relief = {"outcomes": ("pain-relief-50",), "measured": Measured.RESPONDERS}
    counts = lead([finding("a", SAME, arms=arms(2000), effect=ratio, **relief)], big("a", participants=4000))
    assert [steps(line).get(IMPRECISE) for line in (open_both, settled, counts)] == [-1, None, -1]


@pytest.mark.parametrize(
    ("low", "high", "levels"),
    [
        (-0.25, 0.25, None),
        (-0.35, 0.15, -1),
        (-0.62, 0.15, -2),
        (-0.35, 0.35, -2),
    ],
)
def test_an_interval_that_crosses_far_or_both_ways_costs_two_levels(low: float, high: float, levels: int | None):
    middle = (low + high) / 2
    line = lead([finding("a", SAME, arms=LARGE, effect=smd(middle, low, high))], big("a"))
    assert steps(line).get(IMPRECISE) == levels


def test_what_the_interval_and_the_people_cost_is_not_added_up():
    one_way = finding("a", SAME, arms=arms(100), effect=smd(-0.1, -0.35, 0.15))
    assert steps(lead([one_way], study("a")))[IMPRECISE] == -1
    untold = finding("a", SAME, arms=arms(100))
    assert steps(lead([untold], study("a")))[IMPRECISE] == -2


def test_people_cost_nothing_where_a_narrow_interval_shows_a_modest_effect():
    modest, great = smd(-0.25, -0.4, -0.1), smd(-0.5, -0.8, -0.2)
    pooled = [lead([finding("r", effect=effect)], review("r")) for effect in (modest, great)]
    assert [steps(line).get(IMPRECISE) for line in pooled] == [None, -1]
    few = [lead([finding("a", arms=arms(n), effect=modest)], study("a")) for n in (100, 60)]
    assert [steps(line).get(IMPRECISE) for line in few] == [None, -2]


def test_a_benefit_of_which_neither_interval_nor_p_was_read_costs_a_level():
    tested = Effect(p="<0.05", unit="points")
    told = [lead([finding("a", effect=effect)], big("a")) for effect in (None, tested)]
    assert [steps(line).get(IMPRECISE) for line in told] == [-1, None]
    mixed = lead([finding("a", Direction.MIXED)], big("a"))
    assert IMPRECISE not in steps(mixed)


def test_a_mean_difference_is_judged_in_standard_deviations_of_its_arms():
    wide = Effect(measure=EffectMeasure.MD, estimate=-0.5, ci_low=-1.1, ci_high=0.1, level=95, unit="points")
    line = lead([finding("a", SAME, arms=arms(300, sd=2.0), effect=wide)], big("a"))
    spread = lead([finding("a", SAME, arms=arms(300, sd=4.0), effect=wide)], big("a"))
    assert (steps(line)[IMPRECISE], IMPRECISE in steps(spread)) == (-1, False)


def test_no_difference_that_nothing_rules_out_costs_a_level():
    same = lead([finding("a", SAME, arms=LARGE), finding("b", SAME, arms=LARGE)], big("a"), big("b"))
    assert steps(same)[IMPRECISE] == -1
    assert "no interval is known that rules out a difference of interest" in [step.figure for step in same.steps]
    narrow = finding("b", SAME, arms=LARGE, effect=smd(-0.05, -0.2, 0.1))
    assert IMPRECISE not in steps(lead([finding("a", SAME, arms=LARGE), narrow], big("a"), big("b")))


def test_information_sizes_are_those_of_the_textbook_formula():
    # 2 × (1.95996 + 0.84162)² / 0.5² = 62.8 per arm; 0.3: 174.4 per arm.
    assert (for_mean(0.5), for_mean(0.3)) == (126, 350)
    # 7.8489 × (0.5 × 0.5 + 0.375 × 0.625) / 0.125² = 243.3 per arm.
    assert for_share(0.5) == 488


def test_information_sizes_are_told_with_both_shares():
    relief = {"outcomes": ("pain-relief-50",), "measured": Measured.RESPONDERS}

    def figure(events: int) -> str:
        sides = (
            Arm(name="t", role=ArmRole.INTERVENTION, n=100, events=30),
            Arm(name="c", role=ArmRole.COMPARATOR, n=100, events=events),
        )
        steps_told = lead([finding("a", arms=sides, **relief)], study("a")).steps
        return next(step.figure for step in steps_told if step.reason is IMPRECISE)

    # 7.8489 × (0.17 × 0.83 + 0.1275 × 0.8725) / 0.0425² = 1,096.5 per arm.
    assert figure(17).startswith("200 people; 2,194 are needed to show a quarter less than 17 % (13 %)")
    assert "(of a mean: nobody or everybody with the comparator)" in figure(0)


def test_nothing_falls_below_very_low():
    facts = RiskOfBiasFacts(blinding_participants="open label", allocation_concealment="not described")
    line = lead(
        [finding("a", arms=arms(10))],
        study("a", design=StudyDesign.COHORT, participants=20, risk_of_bias=facts),
        condition="osteoarthritis",
    )
    assert line.certainty is Certainty.VERY_LOW


def test_what_does_not_say_which_way_has_nothing_to_be_sure_of():
    line = lead([finding("a", Direction.UNCLEAR, arms=LARGE)], big("a"))
    assert (line.certainty, line.steps) == (Certainty.VERY_LOW, ())


def test_people_of_a_study_that_does_not_say_which_way_make_no_answer_more_certain():
    small, large = study("a", participants=92), study("b", participants=5000)
    found = lead([finding("a"), finding("b", Direction.UNCLEAR)], small, large)
    assert found.direction is Direction.BENEFIT
    alone = lead([finding("a")], small)
    assert (found.certainty, steps(found)) == (alone.certainty, steps(alone))
    assert any(step.figure.startswith("92 people; 350 are needed") for step in found.steps)
    assert "2 studies with 5,092 people" in found.sentence
    assert "One of these studies does not say which way." in found.sentence
    assert "Uno de estos estudios no dice en qué sentido." in found.translations[0].sentence
