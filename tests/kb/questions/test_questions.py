"""Questions: names that find things, pages, and errors that help."""

import asyncio

import pytest

from kb.errors import NotFound, UsageError
from kb.questions import BadPage, PageRequest, Questions
from kb.questions.summaries import EvidenceFilter, read_evidence, without_evidence
from kb.releases import publish
from kb.store import Store
from schema.terms import Certainty, Direction, TherapyKind
from tests.samples import SAMPLE, load


@pytest.fixture
async def questions(store: Store) -> Questions:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    return Questions(store)


@pytest.mark.parametrize("name", ["prp", "PRP", "Platelet-Rich Plasma", "platelet rich plasma", "Platelet Injection"])
async def test_every_spelling_of_every_name_finds_the_therapy(questions: Questions, name: str) -> None:
    assert (await questions.therapy(name=name)).id == "prp"


@pytest.mark.parametrize(
    ("typed", "meant"), [("ostheoarthritis", "Osteoarthritis"), ("knee artritis", "Knee osteoarthritis")]
)
async def test_a_name_that_finds_nothing_gets_the_nearest_first(questions: Questions, typed: str, meant: str) -> None:
    with pytest.raises(NotFound) as caught:
        await questions.condition(name=typed)
    assert caught.value.nearest[0] == meant


async def test_the_vocabulary_of_a_release_is_read_once_for_all_who_ask_together(questions: Questions) -> None:
    number = await questions.number()
    found = await asyncio.gather(*(questions.catalogue(number) for _ in range(5)))
    assert all(one is found[0] for one in found)


async def test_who_leaves_while_the_vocabulary_is_read_takes_it_from_nobody(questions: Questions) -> None:
    number = await questions.number()
    first, second = (asyncio.create_task(questions.catalogue(number)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).find("Therapy", "PRP") is not None
    assert await questions.catalogue(number) is await second


async def test_narrower_conditions_are_listed_by_name(questions: Questions) -> None:
    found = await questions.narrower("Condition", "osteoarthritis")
    assert [one.name for one in found] == ["Hip osteoarthritis", "Knee osteoarthritis"]


async def test_answers_are_filtered_by_what_is_asked(questions: Questions) -> None:
    page = PageRequest(first=10)

    async def therapies(kept: EvidenceFilter) -> set[str]:
        found = await read_evidence(questions, page, condition="osteoarthritis", kept=kept)
        return {one.therapy for one in found.items}

    assert await therapies(EvidenceFilter(direction=Direction.BENEFIT)) == {"prp"}
    assert await therapies(EvidenceFilter(min_certainty=Certainty.HIGH)) == set()
    assert await therapies(EvidenceFilter(min_certainty=Certainty.VERY_LOW)) == {"prp", "tens"}
    assert await therapies(EvidenceFilter(outcome="pain intensity")) == {"prp", "tens"}
    assert await therapies(EvidenceFilter(outcome="SLEEP")) == set()
    assert await therapies(EvidenceFilter(include_narrower=False)) == set()
    by_therapy = await read_evidence(questions, page, therapy="TENS")
    assert {one.condition for one in by_therapy.items} == {"hip-osteoarthritis"}
    with pytest.raises(UsageError):
        await read_evidence(questions, page)


async def test_pages_follow_on_without_gap_or_overlap(questions: Questions) -> None:
    first = await questions.therapies(PageRequest(first=2))
    assert (first.total, first.has_next) == (3, True)
    second = await questions.therapies(PageRequest(first=2, after=first.cursors[-1]))
    assert (len(second.items), second.has_next) == (1, False)
    assert len({one.id for one in [*first.items, *second.items]}) == 3
    assert [one.id for one in (await questions.therapies(PageRequest(), kind=TherapyKind.DEVICE)).items] == ["tens"]
    under = await questions.therapies(PageRequest(), broader="regenerative-medicine")
    assert {one.id for one in under.items} == {"prp", "regenerative-medicine"}


@pytest.mark.parametrize("first", [-1, 101])
def test_pages_that_cannot_be_given_are_refused(first: int) -> None:
    with pytest.raises(BadPage):
        PageRequest(first=first)


@pytest.mark.parametrize("cursor", ["", "nonsense", "bnVsbA", "WyJhIl0="])
async def test_foreign_cursors_are_refused(questions: Questions, cursor: str) -> None:
    with pytest.raises(BadPage, match="cursor"):
        await read_evidence(questions, PageRequest(after=cursor), condition="osteoarthritis")


async def test_a_citation_is_found_by_any_identifier_in_any_spelling(questions: Questions) -> None:
    assert (await questions.citation(pmid="PMID: 900001")).id == "pmid:900001"
    assert (await questions.citation(doi="https://doi.org/10.5555/INVENTED.2")).id == "pmid:900002"
    with pytest.raises(NotFound):
        await questions.citation(doi="10.5555/unknown")
    with pytest.raises(UsageError):
        await questions.citation(doi="not a doi")


async def test_therapies_without_any_study_are_named(questions: Questions) -> None:
    assert [one.id for one in await without_evidence(questions, "hip osteoarthritis")] == [
        "prp",
        "regenerative-medicine",
    ]


async def test_before_the_first_release_nothing_is_known(store: Store) -> None:
    questions = Questions(store)
    assert await questions.release() is None
    assert (await questions.therapies(PageRequest())).total == 0
