"""Synthesis: how several results become one direction, and when a review speaks instead of trials."""

import pytest

from kb.evidence.results import weigh
from kb.evidence.synthesis import Answer, direction_of, sign_test, synthesise
from schema.finding import Finding
from schema.study import Study
from schema.terms import Direction, Favours, RetractionState, StudyDesign, Synthesis
from tests.kb.evidence.trials import arms, citation, evidence, finding, review, smd, study

YES, NO, SAME, MIXED, UNCLEAR = (
    Direction.BENEFIT,
    Direction.HARM,
    Direction.NO_DIFFERENCE,
    Direction.MIXED,
    Direction.UNCLEAR,
)
FOR, AGAINST = Favours.INTERVENTION, Favours.COMPARATOR


def answer(findings: list[Finding], *more: Study) -> Answer:
    known = evidence(findings, *more)
    return synthesise(weigh(known).results, known)


def direction(*results: Direction | tuple[Direction, Favours | None]) -> Direction:
    """The direction of studies given by their own verdicts, each with the arm that it points to."""
    findings: list[Finding] = []
    for number, result in enumerate(results):
        verdict, vote = result if isinstance(result, tuple) else (result, None)
        fields = {} if vote is None else {"favours": vote}
        findings.append(finding(f"s{number}", verdict, **fields))
    return direction_of(weigh(evidence(findings)).results)


@pytest.mark.parametrize(
    ("favouring", "against", "p"),
    [(5, 0, 0.0625), (6, 0, 0.03125), (0, 6, 0.03125), (7, 1, 0.0703125), (3, 3, 1.0), (1, 0, 1.0), (0, 0, None)],
)
def test_the_sign_test_is_exact_and_two_sided(favouring: int, against: int, p: float | None):
    assert sign_test(favouring, against) == p


def test_1_unclear_where_nothing_or_too_little_is_known():
    assert direction(UNCLEAR, UNCLEAR) is UNCLEAR
    assert direction(YES, UNCLEAR, UNCLEAR) is UNCLEAR


def test_2_one_known_study_gives_its_own_direction():
    assert direction(YES, UNCLEAR) is YES
    assert direction((UNCLEAR, FOR), UNCLEAR) is UNCLEAR


def test_3_the_sign_test_decides_whatever_the_single_studies_could_show():
    assert direction(*[(SAME, FOR)] * 6) is YES
    assert direction(*[(SAME, AGAINST)] * 6) is NO
    assert direction(*[(SAME, FOR)] * 5) is SAME


def test_4_all_favour_and_half_show_benefit_of_their_own():
    assert direction(YES, (SAME, FOR)) is YES
    assert direction(NO, (SAME, AGAINST)) is NO
    assert direction(YES, (SAME, FOR), (SAME, FOR)) is MIXED


def test_5_a_majority_of_clear_benefit_with_few_against():
    assert direction(YES, YES, SAME) is YES
    assert direction(YES, YES, YES, (SAME, AGAINST)) is YES
    assert direction(YES, YES, (SAME, AGAINST)) is MIXED
    assert direction(NO, NO, SAME) is NO


def test_4_and_5_not_where_those_that_found_no_difference_have_more_people():
    def of(*sizes: int | None) -> Direction:
        verdicts = [YES, YES, SAME]
        found = [finding(f"s{at}", verdict) for at, verdict in enumerate(verdicts)]
        trials = [study(f"s{at}", participants=n) for at, n in enumerate(sizes)]
        return direction_of(weigh(evidence(found, *trials)).results)

    assert of(60, 60, 120) is YES
    assert of(60, 59, 120) is MIXED
    assert of(60, None, 120) is YES


def test_6_mixed_where_clear_results_disagree():
    assert direction(YES, NO) is MIXED
    assert direction(YES, SAME) is MIXED
    assert direction(YES, YES, YES, NO) is MIXED
    assert direction(MIXED, SAME) is MIXED


def test_7_no_difference_where_nobody_found_one():
    assert direction(SAME, SAME) is SAME
    assert direction((SAME, FOR), (SAME, AGAINST), (SAME, Favours.NEITHER)) is SAME


def test_8_points_without_precision_stay_unclear():
    assert direction((UNCLEAR, FOR), (UNCLEAR, AGAINST), (UNCLEAR, FOR)) is UNCLEAR


def test_a_single_study_says_so():
    found = answer([finding("a", arms=arms(100), effect=smd(-0.5, -0.8, -0.2))])
    assert (found.synthesis, found.direction, found.people) == (Synthesis.SINGLE_STUDY, YES, 200)
    assert found.effect == smd(-0.5, -0.8, -0.2)
    assert found.sign_test_p is None


def test_a_result_that_contradicts_its_own_sign_says_nothing():
    found = answer([finding("a", YES, favours=AGAINST)])
    assert (found.synthesis, found.direction) == (Synthesis.NONE, UNCLEAR)


def test_several_studies_are_counted_by_direction():
    found = answer([finding("a"), finding("b"), finding("c", SAME, favours=AGAINST)])
    assert found.synthesis is Synthesis.DIRECTION_OF_EFFECT
    assert (found.favouring, found.against, found.sign_test_p) == (2, 1, 1.0)


def test_randomised_trials_speak_before_other_studies():
    found = answer([finding("trial", SAME), finding("cohort")], study("cohort", design=StudyDesign.COHORT))
    assert [result.study.id for result in found.counted] == ["trial"]
    assert found.direction is SAME


def test_a_review_that_pools_as_many_studies_as_we_hold_speaks():
    found = answer([finding("a"), finding("b"), finding("r", SAME, pooled_studies=2)], review("r"))
    assert (found.synthesis, found.direction) == (Synthesis.REVIEW_CONCLUSION, SAME)
    assert [result.study.id for result in found.counted] == ["r"]


def test_trials_speak_where_the_review_pools_fewer():
    found = answer(
        [finding("a"), finding("b"), finding("c"), finding("r", SAME, pooled_studies=2)],
        review("r"),
    )
    assert (found.synthesis, found.direction) == (Synthesis.DIRECTION_OF_EFFECT, YES)


def test_a_review_of_unknown_size_speaks_by_its_people():
    trials = [finding("a", arms=arms(50)), finding("b", arms=arms(50))]
    wide = answer([*trials, finding("r", SAME, pooled_participants=200)], review("r"))
    slim = answer([*trials, finding("r", SAME, pooled_participants=199)], review("r"))
    assert wide.synthesis is Synthesis.REVIEW_CONCLUSION
    assert slim.synthesis is Synthesis.DIRECTION_OF_EFFECT


def test_reviews_are_never_added_up():
    found = answer(
        [finding("r", SAME, pooled_studies=5, effect=smd(-0.1, -0.3, 0.1)), finding("q", pooled_studies=9)],
        review("r"),
        review("q"),
    )
    assert [result.study.id for result in found.counted] == ["r"], "an effect with its interval comes first"


def test_of_two_equal_reviews_the_newer_one_speaks():
    known = evidence(
        [finding("old", pooled_studies=5), finding("new", SAME, pooled_studies=5)],
        review("old"),
        review("new"),
        citation("old", year=2010),
        citation("new", year=2022),
    )
    assert synthesise(weigh(known).results, known).direction is SAME


def test_a_network_speaks_only_when_there_is_nothing_else():
    network = review("n", design=StudyDesign.NMA)
    pairwise = answer([finding("n", pooled_studies=30), finding("r", SAME, pooled_studies=3)], network, review("r"))
    trial = answer([finding("n", pooled_studies=30), finding("a", SAME)], network)
    alone = answer([finding("n", pooled_studies=30)], network)
    assert [result.study.id for result in pairwise.counted] == ["r"]
    assert [result.study.id for result in trial.counted] == ["a"]
    assert alone.synthesis is Synthesis.REVIEW_CONCLUSION


def test_people_who_are_not_reported_are_counted_as_unknown():
    found = answer(
        [finding("a", arms=arms(30)), finding("b")], study("a", participants=60), study("b", participants=None)
    )
    assert (found.people, found.people_unknown) == (60, 1)
    assert answer([finding("b")], study("b", participants=None)).people is None


def test_a_review_that_names_the_condition_speaks_before_one_of_a_narrower_condition():
    narrow = finding("n", conditions=("knee-osteoarthritis",), pooled_studies=30)
    asked = finding("a", conditions=("osteoarthritis",), pooled_studies=5)
    known = evidence([narrow, asked], review("n"), review("a"), condition="osteoarthritis")
    assert synthesise(weigh(known).results, known).counted[0].study.id == "a"


def test_later_trials_with_more_people_make_a_review_out_of_date():
    old = finding("r", pooled_studies=2, pooled_participants=150)
    trial = finding("t", SAME, arms=arms(100))
    reports = (review("r"), citation("r", year=2010))
    known = evidence([old, trial], *reports)
    assert synthesise(weigh(known).results, known).synthesis is Synthesis.SINGLE_STUDY
    smaller = evidence([old, finding("t", SAME, arms=arms(50))], *reports)
    assert synthesise(weigh(smaller).results, smaller).synthesis is Synthesis.REVIEW_CONCLUSION
    earlier = evidence([old, trial], *reports, citation("t", year=2009))
    assert synthesise(weigh(earlier).results, earlier).synthesis is Synthesis.REVIEW_CONCLUSION
    held = evidence([old, trial], review("r", includes=("t",)), citation("r", year=2010))
    assert synthesise(weigh(held).results, held).synthesis is Synthesis.REVIEW_CONCLUSION


def test_a_review_under_an_expression_of_concern_does_not_speak_for_trials():
    concern = citation("r", RetractionState.EXPRESSION_OF_CONCERN)
    known = evidence([finding("r", pooled_studies=9), finding("t", SAME)], review("r"), concern)
    assert synthesise(weigh(known).results, known).synthesis is Synthesis.SINGLE_STUDY


def test_other_reviews_that_say_otherwise_are_named():
    found = answer(
        [finding("a", pooled_studies=9), finding("b", SAME, pooled_studies=3), finding("c", UNCLEAR)],
        review("a"),
        review("b"),
        review("c"),
    )
    assert found.otherwise == ("B",)
