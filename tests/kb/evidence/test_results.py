"""Results: retraction, what a therapy was compared with, and prediction."""

from typing import Any

import pytest

from kb.evidence.evidence import Evidence
from kb.evidence.results import Result, open_label, weigh
from schema.effect import Arm, Effect
from schema.finding import Finding
from schema.terms import (
    ComparatorClass,
    ComparatorGroup,
    Direction,
    EffectMeasure,
    RetractionState,
    StudyDesign,
)
from tests.kb.evidence.trials import arms, citation, evidence, finding, review, study


def only(found: Evidence) -> Result:
    (result,) = weigh(found).results
    return result


@pytest.mark.parametrize("state", [RetractionState.RETRACTED, RetractionState.REMOVED])
def test_a_finding_of_a_retracted_report_carries_no_weight(state: RetractionState):
    weighed = weigh(evidence([finding("a"), finding("b")], citation("a", state)))
    assert [result.study.id for result in weighed.results] == ["b"]
    assert weighed.retracted_studies == ("a",)


def test_a_study_stands_by_its_other_reports():
    trial = study("a", citations=("local:a", "local:later"))
    weighed = weigh(
        evidence([finding("a"), finding("a", citation="local:later")], trial, citation("a", RetractionState.RETRACTED))
    )
    assert [result.finding.citation for result in weighed.results] == ["local:later"]
    assert weighed.retracted_studies == ()


def test_a_study_all_of_whose_reports_are_retracted_carries_no_weight():
    trial = study("a", citations=("local:a", "local:later"))
    weighed = weigh(
        evidence(
            [finding("a", citation="local:registry")],
            trial,
            citation("a", RetractionState.RETRACTED),
            citation("later", RetractionState.REMOVED),
            citation("registry"),
        )
    )
    assert not weighed.results
    assert weighed.retracted_studies == ("a",)


def test_a_concern_is_carried_along():
    assert only(evidence([finding("a")], citation("a", RetractionState.EXPRESSION_OF_CONCERN))).concern
    assert not only(evidence([finding("a")], citation("a", RetractionState.CORRECTED))).concern


def test_what_cannot_be_followed_to_its_source_is_left_out():
    known = evidence([finding("a"), finding("b")])
    missing_study = Evidence(known.therapy, known.condition, known.vocabulary, known.findings, {}, known.citations)
    missing_report = Evidence(known.therapy, known.condition, known.vocabulary, known.findings, known.studies, {})
    assert not weigh(missing_study).results
    assert not weigh(missing_report).results


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        (ComparatorClass.SHAM, ComparatorGroup.SHAM_OR_PLACEBO),
        (ComparatorClass.PLACEBO, ComparatorGroup.SHAM_OR_PLACEBO),
        (ComparatorClass.USUAL_CARE, ComparatorGroup.USUAL_CARE),
        (ComparatorClass.WAITLIST, ComparatorGroup.USUAL_CARE),
        (ComparatorClass.NO_TREATMENT, ComparatorGroup.USUAL_CARE),
        (ComparatorClass.ACTIVE, ComparatorGroup.ACTIVE),
        (ComparatorClass.DOSE, ComparatorGroup.WITHIN_THERAPY),
        (ComparatorClass.NONE, ComparatorGroup.NONE),
        (None, ComparatorGroup.NONE),
    ],
)
def test_comparators_fall_into_kinds(kind: ComparatorClass | None, group: ComparatorGroup):
    assert only(evidence([finding("a", comparator_class=kind, comparators=())])).comparison is group


def against_tens(**fields: Any) -> Finding:
    return finding("a", therapies=("scs",), comparators=("tens",), comparator_class=ComparatorClass.ACTIVE, **fields)


def test_two_forms_of_the_therapy_asked_for_are_within_it_and_two_therapies_are_not():
    asked_scs = only(evidence([against_tens()], therapy="scs"))
    asked_all = only(evidence([against_tens()], therapy="neuromodulation"))
    assert asked_scs.comparison is ComparatorGroup.ACTIVE
    assert asked_all.comparison is ComparatorGroup.WITHIN_THERAPY


def test_comparators_of_one_kind_tell_a_class_that_was_not_read():
    told = only(evidence([finding("a", comparator_class=None, comparators=("usual-care",))]))
    torn = only(evidence([finding("a", comparator_class=None, comparators=("usual-care", "exercise"))]))
    assert told.comparison is ComparatorGroup.USUAL_CARE
    assert torn.comparison is ComparatorGroup.NONE


@pytest.mark.parametrize(
    ("design", "fields", "foretells"),
    [
        (StudyDesign.PREDICTION, {}, True),
        (StudyDesign.RCT, {"effect": Effect(measure=EffectMeasure.AUC, estimate=0.7, unit="area")}, True),
        (StudyDesign.COHORT, {"markers": ("hrv",), "comparator_class": None, "comparators": ()}, True),
        (StudyDesign.COHORT, {"therapies": ("risk-score",), "comparator_class": None, "comparators": ()}, True),
        (StudyDesign.RCT, {"therapies": ("risk-score",), "comparator_class": ComparatorClass.USUAL_CARE}, False),
        (StudyDesign.RCT, {"markers": ("hrv",)}, False),
        (StudyDesign.COHORT, {"comparator_class": None, "comparators": ()}, False),
    ],
)
def test_foretelling_is_told_from_treating(design: StudyDesign, fields: dict[str, Any], foretells: bool):
    assert only(evidence([finding("a", **fields)], study("a", design=design))).predicts is foretells


def test_groups_without_comparison_are_known_as_such():
    alone = {"comparator_class": ComparatorClass.NONE, "comparators": ()}
    series = only(evidence([finding("a", **alone)], study("a", design=StudyDesign.CASE_SERIES)))
    before_after = only(evidence([finding("a", **alone)], review("a", comparator="baseline")))
    mixed = only(evidence([finding("a", **alone)], review("a", comparator="various controls")))
    assert (series.one_group, before_after.one_group, mixed.one_group) == (True, True, False)


def test_a_guideline_is_no_result():
    assert not only(evidence([finding("a")], review("a", design=StudyDesign.GUIDELINE))).usable


def test_people_are_those_of_the_comparison():
    four_arms = only(evidence([finding("a", arms=arms(40, 45))], study("a", participants=200)))
    knees = only(evidence([finding("a", arms=arms(150))], study("a", participants=200)))
    crossover = only(
        evidence([finding("a", arms=arms(24))], study("a", design=StudyDesign.CROSSOVER_RCT, participants=None))
    )
    half_told = only(evidence([finding("a", arms=arms(24)[:1])], study("a", participants=None)))
    assert [r.people for r in (four_arms, knees, crossover, half_told)] == [85, 200, 24, None]


def test_knees_are_no_people():
    knees = finding("a", arms=arms(150, n_basis="knees"))
    assert only(evidence([knees], study("a", participants=None))).people is None
    assert only(evidence([knees], study("a", participants=180))).people == 180
    sizes = finding("a", arms=arms(150, n_basis="group size in Table 1"))
    assert only(evidence([sizes], study("a", participants=None))).people == 300


def test_a_third_arm_that_is_not_compared_adds_nobody():
    three = (*arms(20, 21), Arm(name="plasma", n=21))
    assert only(evidence([finding("a", arms=three)], study("a", participants=62))).people == 41


@pytest.mark.parametrize(
    ("design", "comparator", "third"),
    [
        ("randomised trial, three parallel arms", "usual care", True),
        ("2 x 2 factorial randomised trial", "usual care", True),
        ("randomised trial", "placebo; usual care", True),
        ("randomised trial", "usual care plus placebo", False),
        ("randomised trial, two parallel arms", "placebo; usual care", False),
        ("randomised trial, 2:1", "placebo or usual care", False),
        ("randomised trial, 2:2:1", "placebo or usual care", True),
    ],
)
def test_a_third_arm_is_one_that_the_report_tells_apart(design: str, comparator: str, third: bool):
    trial = study(
        "a", comparators=("sham", "usual-care"), design_as_printed=design, comparator=comparator, participants=200
    )
    assert only(evidence([finding("a")], trial)).all_arms is third


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("double-blind", False),
        ("assessor-, therapist- and participant-blinded", False),
        ("patients not informed of allocation or hypothesis", False),
        ("patients and therapists not masked", True),
        ("not possible", True),
        ("assessors blind", None),
        ("single-blind", None),
        ("not described", None),
    ],
)
def test_that_assessors_were_blind_says_nothing_of_those_who_were_treated(told: str, known: bool | None):
    assert open_label(study("a", blinding=told)) is known


def test_people_of_a_whole_review_are_not_those_of_its_result():
    assert only(evidence([finding("r")], review("r", participants=6000))).people is None
    assert only(evidence([finding("r", pooled_participants=300)], review("r", participants=6000))).people == 300


def test_no_people_at_all_is_not_reported():
    assert only(evidence([finding("a", arms=arms(0))], study("a", participants=0))).people is None


def test_a_direction_alone_is_a_vote():
    assert only(evidence([finding("a", Direction.BENEFIT, favours=None)])).vote is not None
    assert only(evidence([finding("a", Direction.NO_DIFFERENCE, favours=None)])).vote is None
