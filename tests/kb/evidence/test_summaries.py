"""Summaries: the whole answer, from made-up trials."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.evidence.evidence import Evidence
from kb.evidence.summaries import summarise, touched_pairs
from schema.finding import Finding
from schema.record import DRAFT
from schema.summary import Summary
from schema.terms import (
    Certainty,
    ComparatorClass,
    Direction,
    Favours,
    Measured,
    OutcomeDomain,
    RetractionState,
    StudyDesign,
    Synthesis,
)
from tests.kb.evidence.trials import arms, citation, evidence, finding, review, smd, study, vocabulary


def answer(known: Evidence, first: int = 0) -> Summary:
    found = summarise(known, first)
    assert found is not None
    return found


def test_no_finding_is_no_answer():
    assert summarise(evidence([])) is None


def test_it_is_keyed_by_its_pair_and_its_first_release():
    found = answer(evidence([finding("a")]), 7)
    assert (found.id, found.first, found.until) == ("tens|knee-osteoarthritis|7", 7, DRAFT)


def test_a_finding_touches_every_pair_above_it():
    pairs = touched_pairs(finding("a", therapies=("tens-high", "exercise")), vocabulary())
    assert pairs == {
        (therapy, condition)
        for therapy in ("tens-high", "tens", "neuromodulation", "exercise")
        for condition in ("knee-osteoarthritis", "osteoarthritis", "chronic-pain")
    }


def test_reports_of_one_trial_are_one_study():
    trial = study("a", citations=("local:a", "local:later"))
    found = answer(evidence([finding("a"), finding("a", citation="local:later", timepoint_days=80)], trial))
    assert (found.study_count, found.participant_count) == (1, 200)
    assert found.citations == ("local:a", "local:later")
    assert len(found.findings) == 2


def test_people_of_a_review_are_not_added_to_those_of_its_trials():
    trials = review("r", includes=("a",), participants=5000)
    results = [finding("a"), finding("b"), finding("r", pooled_studies=9, pooled_participants=900)]
    found = answer(evidence(results, trials))
    assert (found.study_count, found.review_count) == (3, 1)
    assert found.participant_count == 400
    assert found.overlapping_studies == ("a",)
    assert found.lines[0].participants == 900


def test_where_there_are_only_reviews_their_people_are_those_of_the_leading_one():
    results = [finding(id, pooled_studies=k, pooled_participants=100 * k) for id, k in (("q", 3), ("r", 9))]
    found = answer(evidence(results, review("q"), review("r")))
    assert (found.study_count, found.review_count, found.participant_count) == (2, 2, 900)


def test_unknown_numbers_of_people_are_told():
    found = answer(evidence([finding("a"), finding("b")], study("b", participants=None)))
    assert (found.participant_count, found.participants_unknown) == (200, 1)
    alone = answer(evidence([finding("b")], study("b", participants=None)))
    assert (alone.participant_count, alone.participants_unknown) == (None, 1)


def test_a_retracted_trial_counts_nowhere_and_stays_visible():
    results = [finding("a", Direction.NO_DIFFERENCE), finding("gone"), finding("gone", timepoint_days=200)]
    found = answer(evidence(results, citation("gone", RetractionState.RETRACTED)))
    assert (found.direction, found.study_count, found.participant_count) == (Direction.NO_DIFFERENCE, 1, 200)
    assert found.retracted_studies == ("gone",)
    assert "gone" in found.studies
    assert "local:gone" in found.citations
    assert [id.split(":")[0] for id in found.findings] == ["a", "gone", "gone"]
    assert not any("gone" in line.studies for line in found.lines)


def test_only_retracted_evidence_is_an_answer_of_its_own():
    found = answer(evidence([finding("gone")], citation("gone", RetractionState.RETRACTED)))
    assert (found.direction, found.certainty, found.study_count) == (Direction.UNCLEAR, Certainty.VERY_LOW, 0)
    assert found.participant_count is None
    assert [line.synthesis for line in found.lines] == [Synthesis.NONE]
    assert len(found.findings) == 1


def test_counted_findings_come_first():
    results = [
        finding("a", arms=arms(30)),
        finding("a", outcomes=("worst-pain",), arms=arms(30)),
        finding("b", arms=arms(90)),
        finding("c", comparators=("usual-care",), comparator_class=ComparatorClass.USUAL_CARE),
    ]
    found = answer(evidence(results))
    lead = found.lines[0]
    assert lead.studies == ("b", "a")
    assert lead.findings == (results[2].id, results[0].id, results[1].id)
    assert found.findings == (*lead.findings, results[3].id)


def test_named_and_included_tell_what_the_studies_tested():
    found = answer(evidence([finding("a", therapies=("tens-high",)), finding("b", conditions=("osteoarthritis",))]))
    assert (found.names_therapy, found.therapies_included) == (True, ("tens-high",))
    narrow = answer(evidence([finding("a")], therapy="neuromodulation", condition="chronic-pain"))
    assert (narrow.names_therapy, narrow.indirect) == (False, True)
    assert (narrow.therapies_included, narrow.conditions_included) == (("tens",), ("knee-osteoarthritis",))


def test_the_study_that_would_turn_the_answer_is_named():
    same = {"favours": Favours.INTERVENTION}
    results = [finding("a"), finding("b"), finding("c", Direction.NO_DIFFERENCE, **same)]
    found = answer(evidence([*results, finding("d", Direction.NO_DIFFERENCE, **same)]))
    assert found.direction is Direction.BENEFIT
    assert set(found.turning_studies) >= {"a", "b"}, "without a or b only one of three shows benefit of its own"


def test_a_review_that_speaks_for_others_or_against_one_turns_an_answer_too():
    pooled: dict[str, Any] = {"pooled_studies": 9, "pooled_participants": 2000}
    trials = [finding("a", Direction.NO_DIFFERENCE), finding("b", Direction.NO_DIFFERENCE)]
    found = summarise(evidence([finding("r", **pooled), *trials], review("r")))
    assert found is not None
    assert (found.direction, found.turning_studies) == (Direction.BENEFIT, ("r",))
    other = finding("s", Direction.NO_DIFFERENCE, pooled_studies=2)
    found = summarise(evidence([finding("r", **pooled, arms=arms(1000)), other], review("r"), review("s")))
    assert found is not None
    assert found.turning_studies == ("r", "s"), "without s no review says otherwise"
    found = summarise(evidence([finding("r", **pooled)], review("r")))
    assert found is not None
    assert found.turning_studies == ()


def test_people_in_randomised_trials_are_told_apart_from_those_of_a_register():
    register = study("r", design=StudyDesign.COHORT, participants=552_937)
    trials = (study("a", participants=60), study("b", participants=None))
    found = answer(evidence([finding("a"), finding("b"), finding("r")], register, *trials))
    assert (found.participant_count, found.participants_randomised, found.participants_unknown) == (552_997, 60, 1)
    assert answer(evidence([finding("r")], register)).participants_randomised is None


def test_bad_input_neither_crashes_nor_invents():
    odd = [
        finding("a", outcomes=("unheard-of",), comparators=("unheard-of",), instrument="unheard-of", arms=arms(0)),
        finding("b", Direction.UNCLEAR, timepoint_days=None, comparator_class=None, outcomes=(), comparators=()),
        finding("c", Direction.HARM, favours=Favours.INTERVENTION, measured=None, domain=OutcomeDomain.OTHER),
    ]
    found = answer(evidence(odd, study("a", participants=0)))
    assert found.study_count == 3
    unknown = Evidence(
        "unheard-of", "nowhere", vocabulary(), [finding("a")], {"a": study("a")}, {"local:a": citation("a")}
    )
    assert answer(unknown).study_count == 1
    for text in (found.sentence, found.harms_sentence, *(line.sentence for line in found.lines)):
        assert "nan" not in text.lower().split()
        assert "None " not in text.replace("None of the studies", "")


STUDIES = ("a", "b", "c", "r", "gone")
FIELDS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "direction": st.sampled_from(list(Direction)),
        "timepoint_days": st.sampled_from([None, 7, 56, 200, 700]),
        "comparator_class": st.sampled_from([*ComparatorClass, None]),
        "measured": st.sampled_from([*Measured, None]),
        "domain": st.sampled_from(list(OutcomeDomain)),
        "outcomes": st.sampled_from([(), ("pain-intensity",), ("worst-pain",), ("adverse-events",)]),
        "arms": st.sampled_from([(), arms(20), arms(200), arms(0)]),
        "effect": st.sampled_from([None, smd(-0.5, -0.8, -0.2), smd(-0.1, -0.4, 0.2)]),
        "therapies": st.sampled_from([("tens",), ("tens-high",), ("tens", "scs")]),
        "conditions": st.sampled_from([("knee-osteoarthritis",), ("hip-osteoarthritis", "osteoarthritis")]),
        "pooled_studies": st.sampled_from([None, 0, 2, 12]),
    }
)


@st.composite
def bodies(draw: st.DrawFn) -> list[Finding]:
    drawn = draw(st.lists(st.tuples(st.sampled_from(STUDIES), FIELDS), min_size=1, max_size=8))
    return list({one.id: one for one in (finding(id, **fields) for id, fields in drawn)}.values())


def known(findings: list[Finding]) -> Evidence:
    return evidence(
        findings,
        review("r", includes=("a", "gone")),
        study("c", design=StudyDesign.COHORT, participants=None),
        study("gone"),
        citation("gone", RetractionState.RETRACTED),
        therapy="neuromodulation",
        condition="osteoarthritis",
    )


@settings(deadline=None)
@given(bodies(), st.randoms(use_true_random=False))
def test_the_order_of_findings_does_not_matter(findings: list[Finding], random: Any):
    shuffled = list(findings)
    random.shuffle(shuffled)
    assert summarise(known(shuffled)) == summarise(known(findings))


@settings(deadline=None)
@given(bodies())
def test_whatever_comes_in_the_answer_holds_together(findings: list[Finding]):
    found = answer(known(findings))
    assert sorted(found.findings) == sorted(one.id for one in findings), "every finding is shown once"
    lead = found.lines[0]
    assert (found.direction, found.certainty) == (lead.direction, lead.certainty)
    for line in found.lines:
        assert len(set(line.studies)) == len(line.studies), "one result per study"
        assert "gone" not in line.studies
        assert tuple(id.split(":")[0] for id in line.findings[: len(line.studies)]) == line.studies
        if line.direction in (Direction.NO_DIFFERENCE, Direction.UNCLEAR):
            assert " reduces pain" not in line.sentence
        assert line.certainty in Certainty
        assert "{" not in line.sentence


@settings(deadline=None)
@given(bodies())
def test_a_retracted_study_changes_nothing_but_its_mention(findings: list[Finding]):
    standing = [one for one in findings if one.study != "gone"]
    with_it, without = summarise(known(findings)), summarise(known(standing))
    if without is None:
        assert with_it is None or with_it.study_count == 0
    else:
        assert with_it is not None
        assert with_it.lines == without.lines
        assert (with_it.direction, with_it.certainty) == (without.direction, without.certainty)
        assert (with_it.study_count, with_it.participant_count) == (without.study_count, without.participant_count)
