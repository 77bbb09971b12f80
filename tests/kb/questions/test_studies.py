"""Studies by therapy, condition and how the treatment was given."""

import pytest

from kb.errors import UsageError
from kb.questions import PageRequest, Questions
from kb.questions.studies import DoseFilter, Limits, listed, parse_dose_filter, read_studies, studies_naming
from kb.releases import publish
from kb.store import Store
from schema.citation import Retraction
from schema.dose import Dose, Sham, Span
from schema.study import Study
from schema.terms import Guidance, RetractionState, ShamKind, StudyDesign, Waveform
from tests.samples import SAMPLE, citation, load, study, with_changed

GIVEN = Dose(
    waveform=Waveform.BURST,
    device="Pulse One",
    guidance=Guidance.ULTRASOUND,
    sessions=Span(low=6, high=8),
    minutes=Span(high=30),
    closed_loop=False,
    sham=Sham(kind=ShamKind.INACTIVE),
)


@pytest.mark.parametrize(
    ("asked", "admitted"),
    [
        (["waveform=burst"], True),
        (["waveform = tonic"], False),
        (["sessions>=6", "sessions<=8"], True),
        (["sessions>=7"], False),  # an arm with six sessions is in it
        (["sessions=6"], False),
        (["minutes<=30"], True),
        (["minutes>=10"], False),  # up to 30 may be 5
        (["device=pulse"], True),
        (["guidance=Ultrasound", "sham=inactive"], True),
        (["closed_loop=no"], True),
        (["weeks<=12"], False),  # not reported
        ([], True),
    ],
)
def test_a_dose_is_let_through_where_it_surely_meets_what_is_asked(asked: list[str], admitted: bool) -> None:
    assert parse_dose_filter(asked).admits(GIVEN) is admitted


def test_a_study_without_a_dose_meets_nothing_but_an_empty_question() -> None:
    assert DoseFilter({}).admits(None)
    assert not DoseFilter({"minutes": Limits(most=30)}).admits(None)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("colour=red", "asks for nothing that a dose has"),
        ("minutes", "asks for nothing that a dose has"),
        ("minutes>=soon", "is no number"),
        ("waveform>=burst", "has no order"),
        ("waveform=square", "TONIC, BURST"),
    ],
)
def test_a_question_that_cannot_be_read_says_what_can_be_asked(asked: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_dose_filter([asked])
    assert said in f"{caught.value.message} {caught.value.hint}"


def test_limits_with_nothing_between_them_are_refused() -> None:
    with pytest.raises(UsageError) as caught:
        parse_dose_filter(["frequency>=100", "frequency<=50"])
    assert caught.value.message == "Nothing is at least 100 and at most 50."
    assert parse_dose_filter(["frequency>=50", "frequency<=50"]).wanted == {"frequency": Limits(50, 50)}


async def test_studies_are_found_by_therapy_condition_design_and_dose(store: Store) -> None:
    await load(store, with_changed(SAMPLE, study(2, "prp", "knee-osteoarthritis", dose=GIVEN)))
    await publish(store, who="tester")
    questions, page = Questions(store), PageRequest(first=10)

    async def ids(**asked: object) -> list[str]:
        found = await read_studies(questions, page, **asked)  # pyright: ignore[reportArgumentType]
        return [one.id for one in found.items]

    assert await ids(condition="OA") == ["author1trial", "author2trial", "author3trial"]
    assert await ids(condition="OA", therapy="PRP") == ["author1trial", "author2trial"]
    assert await ids(therapy="prp", dose=parse_dose_filter(["waveform=burst"])) == ["author2trial"]
    assert await ids(therapy="prp", design=StudyDesign.COHORT) == []
    kept = (await questions.get_many("Study", ["author2trial"]))["author2trial"]
    assert isinstance(kept, Study)
    assert kept.dose == GIVEN
    with pytest.raises(UsageError):
        await ids()


async def test_a_study_without_a_result_is_told_from_no_study(store: Store) -> None:
    gone = citation(8, retraction=Retraction(state=RetractionState.RETRACTED))
    naming = (study(8, "prp", "hip-osteoarthritis"), study(9, "prp", "hip-osteoarthritis"))
    await load(store, [*SAMPLE, gone, citation(9), *naming])
    await publish(store, who="tester")
    questions = Questions(store)
    release = await questions.number()
    found = await studies_naming(questions, "regenerative-medicine", "hip-osteoarthritis", release)
    assert [(one.study.id, one.retracted) for one in found] == [(naming[0].id, True), (naming[1].id, False)]
    assert listed(found) == f"{naming[0].name} (retracted), {naming[1].name}"
    assert await studies_naming(questions, "tens", "knee-osteoarthritis", release) == []
