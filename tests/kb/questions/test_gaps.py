"""Gaps of the sample, as a reader asks for them."""

import pytest

from kb.errors import NotFound, UsageError
from kb.questions import PageRequest, Questions
from kb.questions.gaps import read_gaps
from kb.releases import publish
from kb.store import Store
from schema.citation import Citation, Retraction
from schema.record import Record
from schema.registration import RegisteredIntervention, Registration
from schema.study import Harm, Study
from schema.terms import CitationType, GapKind, OutcomeDomain, RecruitmentStatus, RetractionState, StudyDesign
from tests.samples import SAMPLE, citation, load, study, with_changed


async def test_gaps_are_what_no_study_measured_what_is_unsure_and_what_nobody_studied(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    questions, page = Questions(store), PageRequest(first=100)
    found = await read_gaps(questions, page, condition="knee arthritis")
    nobody = [one.therapy for one in found.items if one.kind is GapKind.NO_STUDY]
    assert nobody == ["tens"]
    measured = {one.domain for one in found.items if one.kind is GapKind.NOT_MEASURED and one.therapy == "prp"}
    assert OutcomeDomain.PHYSICAL_FUNCTION in measured
    assert OutcomeDomain.PAIN not in measured
    both = await read_gaps(questions, page, condition="knee arthritis", therapy="TENS")
    assert [(one.kind, one.domain) for one in both.items] == [(GapKind.NO_STUDY, None)]
    narrowed = await read_gaps(questions, page, therapy="prp", domain=OutcomeDomain.DISPOSITION)
    assert {one.domain for one in narrowed.items} == {OutcomeDomain.DISPOSITION, None}
    with pytest.raises(UsageError):
        await read_gaps(questions, page)
    with pytest.raises(NotFound):
        await read_gaps(questions, page, condition="nothing of the kind")


async def test_what_a_retracted_trial_told_of_harms_is_not_known(store: Store) -> None:
    """The answer says that harms were not reported, and so does the list of what is open."""

    async def open_(as_of: int) -> bool:
        found = await read_gaps(Questions(store), PageRequest(first=100), condition="OA", therapy="PRP", as_of=as_of)
        return OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS in {one.domain for one in found.items}

    harms = (Harm(event="bleeding", text="in two people", citation="pmid:900001"),)
    await load(store, with_changed(SAMPLE, study(1, "prp", "knee-osteoarthritis", harms=harms)))
    await publish(store, who="tester")
    await load(store, [citation(1, retraction=Retraction(state=RetractionState.RETRACTED))], name="notice")
    await publish(store, who="tester")
    assert [await open_(release) for release in (1, 2)] == [False, True]


async def test_pages_of_gaps_follow_on(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    questions = Questions(store)
    whole = await read_gaps(questions, PageRequest(first=100), condition="OA")
    first = await read_gaps(questions, PageRequest(first=2), condition="OA")
    second = await read_gaps(questions, PageRequest(first=100, after=first.cursors[-1]), condition="OA")
    assert [*first.items, *second.items] == list(whole.items)


async def test_a_gap_names_the_trials_under_way(store: Store) -> None:
    await load(store, [*SAMPLE, *(going for status in RecruitmentStatus for going in entry(status))])
    await publish(store, who="tester")
    found = await read_gaps(Questions(store), PageRequest(first=100), condition="OA", therapy="PRP")
    assert found.items
    open_states = {"NOT_YET_RECRUITING", "RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING"}
    expected = {f"trial-{list(RecruitmentStatus).index(RecruitmentStatus(state))}" for state in open_states}
    assert {trial for gap in found.items for trial in gap.trials} == expected
    other = await read_gaps(Questions(store), PageRequest(first=100), condition="hip osteoarthritis", therapy="PRP")
    assert all(gap.trials == () for gap in other.items)


def entry(status: RecruitmentStatus) -> tuple[Record, ...]:
    """A registered trial of PRP for knee osteoarthritis, by other names of both."""
    number = f"NCT9900000{list(RecruitmentStatus).index(status)}"
    registration = Registration(
        number=number,
        registry="ClinicalTrials.gov",
        status=status,
        conditions=("Knee Arthritis",),
        interventions=(RegisteredIntervention(name="Platelet injection"),),
    )
    return (
        Citation(id=f"nct:{number}", title="An entry", type=CitationType.REGISTRATION),
        Study(
            id=f"trial-{number[-1]}",
            name=number,
            design=StudyDesign.RCT,
            registry_numbers=(number,),
            registration=registration,
            registered_in=f"nct:{number}",
            citations=(f"nct:{number}",),
        ),
    )
