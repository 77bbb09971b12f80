"""Pools: what is pooled, what is not and why, and what a pool says."""

import sys
from dataclasses import replace
from math import isfinite
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.evidence import pooling
from kb.evidence.effects import mean_difference
from kb.evidence.evidence import Evidence
from kb.evidence.pools import settled
from kb.evidence.summaries import summarise
from kb.evidence.synthesis import sign_test
from schema.effect import Effect
from schema.finding import Finding
from schema.instrument import Instrument, Source, Threshold
from schema.study import Harm, RiskOfBiasFacts, Study
from schema.summary import Line, Summary
from schema.terms import (
    Better,
    Certainty,
    CertaintyReason,
    ComparatorClass,
    Direction,
    EffectMeasure,
    Favours,
    Measured,
    OutcomeDomain,
    StudyDesign,
    Synthesis,
    ThresholdKind,
    ThresholdMeaning,
)
from tests.kb.evidence.test_comparable import counts, means
from tests.kb.evidence.trials import evidence, finding, review, study

SOURCE = Source(title="Made up", authors_first="Nobody N", year=2020)
VAS_100 = Instrument(
    id="vas-pain-0-100",
    name="VAS, 0-100 mm",
    measures=OutcomeDomain.PAIN,
    range_min=0,
    range_max=100,
    better=Better.LOWER,
    thresholds=(
        Threshold(
            value=10,
            kind=ThresholdKind.ABSOLUTE,
            meaning=ThresholdMeaning.MCID,
            population="people with pain",
            source=SOURCE,
            source_url="https://example.org",
        ),
    ),
)
VAS_10 = VAS_100.model_copy(update={"id": "vas-pain-0-10", "name": "VAS, 0-10 cm", "range_max": 10, "thresholds": ()})
NRS = VAS_100.model_copy(update={"id": "nrs-pain-0-10", "name": "NRS", "range_max": 10, "thresholds": ()})
CHANGE = VAS_100.thresholds[0].model_copy(update={"value": 5, "meaning": ThresholdMeaning.MIC})
RMDQ = VAS_100.model_copy(update={"id": "rmdq", "name": "RMDQ", "range_max": 24, "thresholds": (CHANGE,)})


def trial(id: str, therapy: float, control: float, n: int = 50, sd: float = 20, **fields: Any) -> Finding:
    """A trial with pain on a scale from 0 to 100 after eight weeks in two arms of n people."""
    favours = (
        Favours.INTERVENTION if therapy < control else Favours.COMPARATOR if therapy > control else Favours.NEITHER
    )
    verdict = Direction.BENEFIT if favours is Favours.INTERVENTION else Direction.NO_DIFFERENCE
    fields = {
        "arms": means((therapy, sd, n), (control, sd, n)),
        "better": Better.LOWER,
        "instrument": "vas-pain-0-100",
        "favours": favours,
        "direction": verdict,
    } | fields
    return finding(id, fields.pop("direction"), **fields)


def responders(id: str, therapy: tuple[int, int], control: tuple[int, int], **fields: Any) -> Finding:
    """A trial that counts people with half of their pain gone."""
    more = therapy[0] / therapy[1] - control[0] / control[1]
    favours = Favours.INTERVENTION if more > 0 else Favours.COMPARATOR if more < 0 else Favours.NEITHER
    fields = {
        "arms": counts(therapy, control),
        "better": Better.HIGHER,
        "measured": Measured.RESPONDERS,
        "outcomes": ("pain-relief-50",),
        "favours": favours,
    } | fields
    return finding(id, Direction.BENEFIT if more > 0 else Direction.NO_DIFFERENCE, **fields)


def known(*findings: Finding, more: tuple[Study, ...] = (), therapy: str = "tens") -> Evidence:
    plain = evidence(findings, *more, therapy=therapy)
    instruments = {one.id: one for one in (VAS_100, VAS_10, NRS, RMDQ)}
    return replace(plain, vocabulary=replace(plain.vocabulary, instruments=instruments))


def answer(*findings: Finding, more: tuple[Study, ...] = (), therapy: str = "tens") -> Summary:
    found = summarise(known(*findings, more=more, therapy=therapy))
    assert found is not None
    return found


def lead(*findings: Finding, more: tuple[Study, ...] = (), therapy: str = "tens") -> Line:
    return answer(*findings, more=more, therapy=therapy).lines[0]


def why(line: Line) -> dict[str, str]:
    return {one.study: one.why for one in line.not_pooled}


HARM = (Harm(event="rash", citation="local:a", arms=counts((3, 40), (1, 40))),)
OPEN = RiskOfBiasFacts(blinding_participants="open label", allocation_concealment="not described")

THREE = (trial("a", 30, 45), trial("b", 34, 46, 80), trial("c", 28, 44, 60))


def test_trials_on_one_scale_are_pooled_in_its_unit():
    line = lead(*THREE)
    pooled = line.pooled
    assert pooled is not None
    assert (line.synthesis, line.direction) == (Synthesis.POOLED, Direction.BENEFIT)
    sizes = [
        mean_difference(*one) for one in ((30, 20, 50, 45, 20, 50), (34, 20, 80, 46, 20, 80), (28, 20, 60, 44, 20, 60))
    ]
    own = pooling.pool([one.estimate for one in sizes], [one.variance for one in sizes], knapp_hartung=True)
    assert (pooled.measure, pooled.better, pooled.k, pooled.people) == (EffectMeasure.MD, Better.LOWER, 3, 380)
    assert pooled.estimate == pytest.approx(own.pooled.estimate)
    assert (pooled.ci_low, pooled.ci_high) == (pytest.approx(own.pooled.ci_low), pytest.approx(own.pooled.ci_high))
    assert pooled.prediction_low is not None
    assert [one.study for one in pooled.leave_one_out] == ["a", "b", "c"]
    assert sum(one.weight for one in pooled.studies) == pytest.approx(100)
    assert pooled.important == 10
    assert pooled.important_source is not None
    assert "Nobody N 2020" in pooled.important_source


def test_half_of_a_change_within_a_patient_stands_in_where_nothing_else_tells_what_matters():
    def pooled(**fields: Any) -> tuple[float | None, str | None]:
        effect = Effect(measure=EffectMeasure.MD, estimate=-3, ci_low=-4, ci_high=-2, level=95, unit="points (0-24)")
        found = lead(*(trial(id, 8, 11, instrument="rmdq", effect=effect, **fields) for id in ("a", "b"))).pooled
        assert found is not None
        return found.important, found.important_source

    change = (2.5, "half of the MIC of RMDQ, Nobody N 2020: people with pain")
    assert pooled(arms=()) == change
    difference, source = pooled(arms=means((8, 5, 50), (11, 5, 50)))
    assert difference == pytest.approx(1.5)
    assert source == "convention: 0.3 standard deviations of 5"


def test_ranges_of_one_instrument_are_converted_and_others_are_not():
    ten = trial("c", 2.8, 4.4, 60, 2, instrument="vas-pain-0-10")
    same = lead(*THREE[:2], ten).pooled
    assert same is not None
    assert same.measure is EffectMeasure.MD
    assert same.studies[2].estimate == pytest.approx(-16)
    assert "converted" in same.studies[2].source
    other = lead(*THREE[:2], trial("c", 2.8, 4.4, 60, 2, instrument="nrs-pain-0-10")).pooled
    assert other is not None
    assert other.measure is EffectMeasure.SMD


def test_change_scores_and_final_values_are_not_standardised_together():
    found = lead(
        trial("a", 30, 45, instrument=None, unit=None),
        trial("b", 34, 46, instrument=None, unit=None),
        trial("c", -20, -8, instrument=None, unit=None, measured=Measured.CHANGE),
    )
    assert found.pooled is not None
    assert [one.study for one in found.pooled.studies] == ["a", "b"]
    assert why(found) == {"c": "its scale cannot be told"}


def test_reviews_are_never_in_a_pool():
    printed = Effect(measure=EffectMeasure.MD, estimate=-9, ci_low=-12, ci_high=-6, level=95, unit="mm")
    found = lead(*THREE, finding("r", pooled_studies=2, effect=printed, better=Better.LOWER), more=(review("r"),))
    assert found.pooled is not None
    assert {one.study for one in found.pooled.studies} == {"a", "b", "c"}
    assert found.synthesis is Synthesis.POOLED


def test_a_review_of_as_many_studies_speaks_and_the_pool_stands_beside_it():
    found = lead(*THREE, finding("r", pooled_studies=12), more=(review("r"),))
    assert found.synthesis is Synthesis.REVIEW_CONCLUSION
    assert found.pooled is not None


def test_a_few_do_not_speak_for_many():
    silent = [finding(f"s{at}", Direction.NO_DIFFERENCE) for at in range(4)]
    found = lead(*THREE, *silent)
    assert found.pooled is not None
    assert (found.synthesis, len(found.studies)) == (Synthesis.DIRECTION_OF_EFFECT, 7)
    assert why(found) == {f"s{at}": "no figures were read" for at in range(4)}


def test_other_therapies_are_not_pooled_because_somebody_asks_for_both():
    both = (*THREE, *(trial(id, 30, 44, therapies=("scs",)) for id in ("x", "y")))
    found = lead(*both, therapy="neuromodulation")
    assert found.pooled is not None
    assert {one.study for one in found.pooled.studies} == {"a", "b", "c"}
    assert why(found)["x"] == "another therapy than in the studies that were pooled"
    narrower = lead(*THREE, trial("d", 30, 44, therapies=("tens-high",)))
    assert narrower.pooled is not None
    assert narrower.pooled.k == 4


def test_other_treatments_are_one_comparator_only_where_they_are_the_same():
    active: dict[str, Any] = {"comparator_class": ComparatorClass.ACTIVE}
    one = [trial(id, 30, 40, comparators=("exercise",), **active) for id in "ab"]
    found = lead(*one, trial("c", 30, 40, comparators=("usual-care",), **active))
    assert why(found) == {"c": "another comparator than in the studies that were pooled"}


def test_an_unknown_time_is_not_one_time():
    found = lead(*(trial(id, 30, 44, timepoint_days=None) for id in "ab"))
    assert found.pooled is None
    assert set(why(found).values()) == {"when it was measured is not known"}


def test_two_trials_that_differ_hugely_are_no_confident_answer():
    found = lead(trial("a", 10, 60, 100), trial("b", 44, 45, 100, direction=Direction.BENEFIT))
    assert found.pooled is not None
    assert (found.pooled.i2 or 0) > 95
    assert found.synthesis is Synthesis.DIRECTION_OF_EFFECT
    assert found.certainty in (Certainty.LOW, Certainty.VERY_LOW)
    assert any(step.reason is CertaintyReason.INCONSISTENCY for step in found.steps)


def test_identical_trials_are_told():
    found = lead(*(trial(id, 30, 45) for id in "abc")).pooled
    assert found is not None
    assert any("All estimates are the same" in note for note in found.notes)


def test_no_events_in_both_arms_is_left_out_and_said():
    found = lead(
        responders("a", (30, 50), (15, 50)), responders("b", (25, 50), (14, 50)), responders("c", (0, 9), (0, 9))
    )
    assert found.pooled is not None
    assert found.pooled.measure is EffectMeasure.RR
    assert found.pooled.k == 2
    assert why(found)["c"].startswith("Nobody in both arms had the event")


def test_a_reduction_is_pooled_with_final_values_on_the_same_instrument():
    """A reduction of 20 against one of 5 is 15 points better, as a final 30 against 45 is."""
    reduction = trial("b", 20, 5, better=Better.HIGHER, measured=Measured.CHANGE, favours=Favours.INTERVENTION)
    found = lead(trial("a", 30, 45), reduction)
    assert found.pooled is not None, found.not_pooled
    assert (found.pooled.measure, found.pooled.k, found.pooled.better) == (EffectMeasure.MD, 2, Better.LOWER)
    assert [one.estimate for one in found.pooled.studies] == pytest.approx([-15, -15])


def test_why_a_study_is_not_in_the_pool_is_the_real_reason():
    final, changed = Measured.FINAL, {"measured": Measured.CHANGE, "favours": Favours.INTERVENTION}
    unknown: dict[str, Any] = {"instrument": None, "unit": "points (pain scale 0-10)"}
    some = [trial(id, 30, 45, measured=final, **unknown) for id in "ab"]
    # Without an instrument nobody can tell whether it is a reduction, or a scale on which more is better.
    turned = trial("c", 20, 5, better=Better.HIGHER, **changed, **unknown)
    assert why(lead(*some, turned)) == {"c": "more of what it measured is better, and less of what the others did"}
    scales = [trial(id, 3, 5, sd=2, measured=final, instrument=f"{id}-pain-0-10") for id in ("vas", "nrs")]
    found = lead(*scales, trial("c", -20, -5, **changed, **unknown))
    assert why(found) == {"c": "an SMD of changes from the start, and the others' is of final values"}


def test_studies_of_a_lesser_kind_are_named_beside_the_pool():
    cohort = study("k", design=StudyDesign.COHORT)
    found = lead(*THREE, trial("k", 10, 60), more=(cohort,))
    assert found.pooled is not None
    assert found.pooled.k == 3
    assert why(found) == {"k": "not randomised, and there are randomised trials"}
    assert lead(trial("a", 30, 45), trial("k", 10, 60), more=(cohort,)).not_pooled == (), "no pool was tried"


def test_a_pool_of_small_certain_effects_is_no_difference_and_a_wide_one_settles_nothing():
    narrow = lead(*(trial(id, 40, 40 + at, 900) for at, id in enumerate("abc")))
    assert narrow.pooled is not None
    assert (narrow.synthesis, narrow.direction) == (Synthesis.POOLED, Direction.NO_DIFFERENCE)
    wide = lead(trial("a", 20, 45, 12), trial("b", 45, 40, 12), trial("c", 20, 40, 12))
    assert wide.pooled is not None
    assert settled(wide.pooled) is None
    assert (wide.synthesis, wide.direction) == (Synthesis.DIRECTION_OF_EFFECT, Direction.MIXED), "very few: counted"
    five = lead(*(trial(f"s{at}", 48 - less, 48, 8, 30) for at, less in enumerate((25, 5, 30, -5, 20))))
    assert five.pooled is not None
    assert settled(five.pooled) is None
    assert (five.synthesis, five.direction) == (Synthesis.POOLED, Direction.UNCLEAR)
    assert "Taken together the studies lean towards the therapy, but not enough to be sure." in five.sentence


def test_a_quarter_more_matters_in_a_pool_as_it_does_in_one_result():
    found = lead(*(responders(id, (66, 200), (60, 200)) for id in "abcdef"))
    assert found.pooled is not None
    assert found.pooled.ci_low < 1
    assert 1.25 < found.pooled.ci_high < 1 / 0.75
    assert CertaintyReason.IMPRECISION in {step.reason for step in found.steps}


def test_harm_is_harm():
    found = lead(*(trial(id, 50, 38, 90, direction=Direction.HARM) for id in "abc"))
    assert (found.synthesis, found.direction) == (Synthesis.POOLED, Direction.HARM)


def test_parts_are_pooled_where_each_holds_two():
    usual: dict[str, Any] = {"comparators": ("usual-care",), "comparator_class": ComparatorClass.USUAL_CARE}
    wait: dict[str, Any] = {"comparators": (), "comparator_class": ComparatorClass.WAITLIST}
    found = lead(
        trial("a", 30, 45, **usual), trial("b", 30, 44, **usual), trial("c", 30, 38, **wait), trial("d", 30, 37, **wait)
    ).pooled
    assert found is not None
    assert {(part.by, part.name, part.k) for part in found.subgroups} == {
        ("comparator", "USUAL_CARE", 2),
        ("comparator", "WAITLIST", 2),
    }
    assert all(part.difference_p is not None for part in found.subgroups)


def test_parts_by_what_was_read_of_the_risk_of_bias_say_what_they_are():
    def like(id: str, told: str) -> Study:
        return study(id, risk_of_bias=RiskOfBiasFacts(allocation_concealment=told))

    found = lead(
        *(trial(id, 30, 45) for id in "abcd"),
        more=(*(like(id, "sealed opaque envelopes") for id in "ab"), *(like(id, "not described") for id in "cd")),
    ).pooled
    assert found is not None
    assert {(part.by, part.name, part.k) for part in found.subgroups} == {
        ("concealment of the allocation", "described", 2),
        ("concealment of the allocation", "not described, or none", 2),
    }


def test_small_studies_are_looked_at_from_ten_on():
    few = lead(*(trial(f"s{at}", 30, 42, 30 + 9 * at) for at in range(9))).pooled
    assert few is not None
    assert few.small_study_p is None
    # The smaller, the better: an old sign of what was never published.
    found = lead(*(trial(f"s{at}", 30, 34 + 260 / (10 + 5 * at), 10 + 5 * at) for at in range(12)))
    assert found.pooled is not None
    assert found.pooled.small_study_p is not None
    assert found.pooled.small_study_p < 0.1
    assert found.pooled.small_studies_better is True
    assert any(step.reason is CertaintyReason.PUBLICATION_BIAS for step in found.steps)


@pytest.mark.parametrize(
    ("other", "why_not"),
    [
        ({"arms": means((30, 20, 50), (45, 20, 50))}, "a mean of 30 is more than its scale has (0 to 10)"),
        ({"arms": means((3, 9, 50), (4, 9, 50))}, "a standard deviation of 9 is more than its scale has (0 to 10)"),
        (
            {"arms": means((-24, 21, 50), (-12, 21, 50)), "measured": Measured.CHANGE},
            "a mean of -24 is more than its scale has (0 to 10)",
        ),
        (
            {"arms": (), "effect": Effect(measure=EffectMeasure.MD, estimate=-15, ci_low=-20, ci_high=-10, unit="")},
            "a difference of -15 is more than its scale has (0 to 10)",
        ),
    ],
)
def test_numbers_that_do_not_fit_their_scale_are_not_pooled_on_it(other: dict[str, Any], why_not: str):
    nrs: dict[str, Any] = {"instrument": "nrs-pain-0-10"}
    three = (trial("a", 3.0, 4.5, sd=2, **nrs), trial("b", 3.4, 4.6, 80, 2, **nrs), trial("c", 2.8, 4.4, 60, 2, **nrs))
    line = lead(*three, trial("d", 3, 4, **(nrs | other)))
    assert line.pooled is not None
    assert [one.study for one in line.pooled.studies] == ["a", "b", "c"]
    assert line.pooled.estimate == pytest.approx(-1.42, abs=0.05)
    assert why_not in why(line)["d"]


def test_a_study_never_says_more_points_than_its_scale_has():
    assert "12 points better" in lead(trial("a", 30, 42, 300)).sentence
    assert "On a scale" not in lead(trial("a", 30, 42, 300, instrument="nrs-pain-0-10")).sentence


def test_a_study_without_which_the_pool_turns_is_named():
    found = answer(trial("a", 39.5, 40, 400), trial("b", 39, 40, 400), trial("c", 10, 40, 400))
    assert "c" in found.turning_studies


def test_no_study_turns_an_answer_whose_small_studies_still_look_better_without_it():
    found = answer(*(trial(f"s{at:02}", 30, 34 + 260 / (10 + 5 * at), 10 + 5 * at) for at in range(14)))
    assert any(step.reason is CertaintyReason.PUBLICATION_BIAS for step in found.lines[0].steps)
    assert found.turning_studies == ()


@settings(max_examples=40, deadline=None)
@given(st.permutations([*THREE, *(responders(id, (20 + at, 50), (12, 50)) for at, id in enumerate("abc"))]))
def test_the_order_of_findings_does_not_matter(order: list[Finding]):
    assert summarise(known(*order)) == summarise(known(*sorted(order, key=lambda one: one.id)))


NUMBERS = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(0, 5000), st.floats(0, 1e5))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NUMBERS, st.sampled_from(list(StudyDesign))), min_size=1, max_size=6))
def test_whatever_the_numbers_there_is_an_answer_without_nan(rows: list[tuple[Any, StudyDesign]]):
    findings = [trial(f"s{at}", *numbers) for at, (numbers, _) in enumerate(rows)]
    found = answer(*findings, more=tuple(study(f"s{at}", design=design) for at, (_, design) in enumerate(rows)))
    for line in found.lines:
        pooled = line.pooled
        inside = {one.study for one in pooled.studies} if pooled is not None else set[str]()
        assert inside.isdisjoint(one.study for one in line.not_pooled), "no study is both"
        if pooled is not None:
            assert all(isfinite(one.estimate) for one in pooled.studies)
            assert pooled.ci_low <= pooled.estimate <= pooled.ci_high


def test_studies_without_the_result_of_the_pool_and_without_figures_lower_the_certainty():
    found = lead(*THREE, finding("silent", Direction.NO_DIFFERENCE))
    assert (found.synthesis, found.direction) == (Synthesis.POOLED, Direction.BENEFIT)
    (step,) = [step for step in found.steps if step.reason is CertaintyReason.PUBLICATION_BIAS]
    assert step.figure == "not in the pool, and without its result: Silent"


def test_work_grows_with_the_number_of_findings_and_no_faster():
    """Counted, not timed: every call of a Python function."""
    work: list[float] = []
    for k in (400, 1600):
        rows = [trial(f"s{at}", 30 + at % 7, 44 + at % 5, 40 + at % 11) for at in range(k)]
        more = tuple(study(f"s{at}", harms=HARM, risk_of_bias=OPEN) for at in range(k))
        evidence_of_all = known(*rows, more=more)
        calls = 0

        def count(frame: Any, event: str, argument: Any) -> None:
            nonlocal calls
            calls += event == "call"

        sys.setprofile(count)
        try:
            found = summarise(evidence_of_all)
        finally:
            sys.setprofile(None)
        assert found is not None
        assert found.lines[0].pooled is not None
        assert len(found.lines[0].pooled.leave_one_out) == 50
        work.append(calls / k)
    assert work[1] <= 1.1 * work[0]


def test_a_sign_test_of_very_many_studies_is_told():
    assert sign_test(25_100, 24_900) == pytest.approx(0.373, abs=2e-3)
    assert sign_test(300, 201) == pytest.approx(sign_test(299, 201), rel=0.2), "counted out, and by the beta function"
