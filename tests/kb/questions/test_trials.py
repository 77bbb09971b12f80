"""Registered trials: found by any name, and those that owe a report."""

from datetime import date

import pytest

from kb.errors import NotFound, UsageError
from kb.questions import PageRequest, Questions
from kb.questions.trials import registered_trials, unreported
from kb.releases import publish
from kb.store import Store
from schema.registration import LinkedPublication, RegisteredDate, Registration
from schema.study import Study
from schema.terms import PublicationLinkKind, RecruitmentStatus, StudyDesign
from tests.kb.ingest.test_trials import registered
from tests.samples import SAMPLE, citation, load


@pytest.fixture
async def questions(store: Store) -> Questions:
    await load(store, SAMPLE)
    await registered(store)
    await publish(store, who="tester")
    return Questions(store)


async def ids(questions: Questions, **asked: object) -> list[str]:
    found = await registered_trials(questions, PageRequest(), **asked)  # pyright: ignore[reportArgumentType]
    return [one.id for one in found.items]


async def test_trials_are_found_by_any_name_of_what_they_are_about(questions: Questions) -> None:
    assert await ids(questions) == ["nct90000001", "nct90000002"]
    assert await ids(questions, condition="OA") == ["nct90000001", "nct90000002"]
    assert await ids(questions, condition="knee arthritis") == ["nct90000001"]
    assert await ids(questions, therapy="platelet injection") == ["nct90000001"], "by the other name it was given"
    assert await ids(questions, therapy="regenerative medicine") == ["nct90000001"]
    assert await ids(questions, therapy="TENS", status=RecruitmentStatus.TERMINATED) == ["nct90000002"]
    assert await ids(questions, therapy="TENS", status=RecruitmentStatus.COMPLETED) == []
    with pytest.raises(NotFound):
        await ids(questions, therapy="tenz")


async def test_trials_that_owe_a_report_are_found_for_a_day(questions: Questions) -> None:
    assert await ids(questions, without_results=True, on="2018-06-01") == ["nct90000001"]
    assert await ids(questions, without_results=True, on="2018-05-31") == []
    with pytest.raises(UsageError):
        await ids(questions, without_results=True, on="June")


def trial(**changed: object) -> Study:
    entry = Registration(
        number="NCT90000001",
        registry="ClinicalTrials.gov",
        status=RecruitmentStatus.COMPLETED,
        primary_completion=RegisteredDate(date="2017-05-10", actual=True),
        results_posted=False,
    )
    return Study(
        id="nct90000001",
        name="NCT90000001",
        design=StudyDesign.RCT,
        citations=("nct:NCT90000001",),
        registration=entry.model_copy(update=changed),
    )


def test_a_year_after_completion_results_are_due() -> None:
    assert unreported(trial(), [], date(2018, 5, 11))
    assert not unreported(trial(), [], date(2018, 5, 10))
    assert not unreported(trial(primary_completion=RegisteredDate(date="2017")), [], date(2018, 12, 31))
    assert unreported(trial(primary_completion=RegisteredDate(date="2017")), [], date(2019, 1, 1))


@pytest.mark.parametrize(
    "changed",
    [
        {"status": RecruitmentStatus.TERMINATED},
        {"status": None},
        {"results_posted": True},
        {"results_posted": None},
        {"results_sent_on": "2018-04-30"},
        {"primary_completion": None},
        {"publications": (LinkedPublication(kind=PublicationLinkKind.RESULT, as_printed="A paper"),)},
    ],
)
def test_what_has_reported_or_is_unknown_is_not_accused(changed: dict[str, object]) -> None:
    assert not unreported(trial(**changed), [], date(2026, 1, 1))


def test_a_report_that_we_hold_is_a_report() -> None:
    assert not unreported(trial(), [citation(1)], date(2026, 1, 1))
    background = LinkedPublication(kind=PublicationLinkKind.BACKGROUND, pmid="1")
    assert unreported(trial(publications=(background,)), [], date(2026, 1, 1))
