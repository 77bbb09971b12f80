"""What the entry of a study or a page holds no longer, or holds otherwise, counts no more; what was published stays."""

from collections.abc import Sequence

from kb.ingest import Action, FileReport, Source, load_sources
from kb.questions import PageRequest, Questions
from kb.questions.changes import read_changes
from kb.questions.pages import find_pages, read_page_records, read_references
from kb.questions.summaries import every_answer
from kb.releases import publish
from kb.retractions import find_impact
from kb.store import Store
from schema.citation import Retraction
from schema.finding import Finding, finding_id
from schema.page import Page, Reference, Statement
from schema.parsed import Parsed
from schema.study import Study
from schema.summary import Summary
from schema.terms import ChangeReason, RetractionState, Strength
from tests.samples import VOCABULARY, citation, finding, load, study

FIRST = finding(1, "prp", "knee-osteoarthritis")
#: The same result with its time point corrected, and so another one.
CORRECTED = finding(
    1,
    "prp",
    "knee-osteoarthritis",
    id=finding_id("author1trial", "pain at 6 months"),
    timepoint="6 months",
    timepoint_days=182,
)
TRIAL = study(1, "prp", "knee-osteoarthritis")


async def entry(
    store: Store,
    *findings: Finding,
    trial: Study = TRIAL,
    whole: bool = True,
    form: str = "seeds",
    preview: bool = False,
) -> FileReport:
    """Load a study with all the findings that its source holds."""
    held = frozenset((one.label, one.id) for one in findings)
    parsed = [Parsed(trial, "x.yaml:1", held if whole else None), *(Parsed(one, "x.yaml:5") for one in findings)]
    source = Source("x.yaml", form, "1", "hash", True, lambda: iter(parsed))
    (report,) = await load_sources(store, [source], who="tester", preview=preview)
    return report


async def answer(store: Store, as_of: int | None = None) -> Summary | None:
    questions = Questions(store)
    number = await questions.number(as_of)
    found = [one async for one in every_answer(questions, number)]
    return next((one for one in found if (one.therapy, one.condition) == ("prp", "knee-osteoarthritis")), None)


async def first(store: Store) -> None:
    await load(store, [*VOCABULARY, citation(1)], name="vocabulary")
    await entry(store, FIRST)
    await publish(store, who="tester")


async def results(store: Store, as_of: int | None = None) -> Sequence[str]:
    found = await answer(store, as_of)
    return () if found is None else found.findings


async def test_a_corrected_result_takes_the_place_of_the_wrong_one(store: Store) -> None:
    await first(store)
    report = await entry(store, CORRECTED)
    assert (report.counts[Action.NEW], report.counts[Action.UPDATED]) == (1, 1)
    (told,) = report.problems
    assert (told.where, told.rejected) == ("x.yaml:1", False)
    assert "pain, 3 months: its study holds this result no longer; it is withdrawn" in told.message
    assert await results(store) == (FIRST.id,)
    await publish(store, who="tester")
    assert [await results(store, release) for release in (1, 2)] == [(FIRST.id,), (CORRECTED.id,)]
    # It is what somebody gets who never had the wrong one.
    grown = await answer(store)
    while (await store.write("wipe"))[0]["removed"]:
        pass
    await load(store, [*VOCABULARY, citation(1)], name="vocabulary")
    await entry(store, CORRECTED)
    await publish(store, who="tester")
    fresh = await answer(store)
    version = {"id", "first", "until"}
    assert grown is not None
    assert fresh is not None
    assert grown.model_dump(exclude=version) == fresh.model_dump(exclude=version)


async def test_a_result_that_is_taken_out_says_why_the_answer_is_gone_and_may_come_back(store: Store) -> None:
    await first(store)
    await entry(store)
    assert (await entry(store)).counts == {Action.UNCHANGED: 1}
    await publish(store, who="tester")
    assert await answer(store) is None
    (change,) = (
        await read_changes(Questions(store), PageRequest(), since=1, therapy="prp", condition="knee-osteoarthritis")
    ).items
    told = {one.kind: one.what for one in change.reasons}
    assert told[ChangeReason.FINDING_LEFT].endswith("benefit: was withdrawn, its source holds it no longer")
    assert (await Questions(store).finding(FIRST.id)).withdrawn
    report = await entry(store, FIRST)
    assert (report.counts[Action.UPDATED], report.problems) == (1, [])
    await publish(store, who="tester")
    assert [await results(store, release) for release in (1, 2, 3)] == [(FIRST.id,), (), (FIRST.id,)]


async def test_what_does_not_tell_all_of_a_study_withdraws_nothing(store: Store) -> None:
    await first(store)
    assert (await entry(store, CORRECTED, whole=False)).counts[Action.UPDATED] == 0
    assert (await entry(store, form="csv")).counts[Action.UPDATED] == 0
    # The one that is left out may be the other one, as it was corrected.
    nowhere = CORRECTED.model_copy(update={"comparators": ("nowhere",), "id": finding_id("author1trial", "nowhere")})
    report = await entry(store, CORRECTED, nowhere)
    assert (report.counts[Action.REJECTED], report.counts[Action.UPDATED]) == (1, 0)
    # Nor does a look at what would happen.
    report = await entry(store, CORRECTED, preview=True)
    assert report.counts[Action.UPDATED] == 1
    await publish(store, who="tester")
    assert set(await results(store)) == {FIRST.id, CORRECTED.id}


PAGE = Page(id="knees", title="What helps knees")


def claim(position: int, therapy: str) -> Statement:
    return Statement(
        id=f"knees-s0{position}",
        page="knees",
        position=position,
        claim=f"{therapy} helps.",
        strength=Strength.ASSERTS,
        therapies=(therapy,),
    )


def entry_of_list(position: int) -> Reference:
    return Reference(
        id=f"knees-r0{position}", page="knees", position=position, printed=f"Author {position}", citation=citation(1).id
    )


async def page_entry(store: Store, *parts: Statement | Reference) -> FileReport:
    """Load a page with all that its source holds of it."""
    held = frozenset((one.label, one.id) for one in parts)
    parsed = [Parsed(PAGE, "pages.yaml:1", held), *(Parsed(one, "pages.yaml:5") for one in parts)]
    source = Source("pages.yaml", "seeds", "1", "hash", True, lambda: iter(parsed))
    (report,) = await load_sources(store, [source], who="tester")
    return report


async def test_what_a_page_says_no_longer_is_asked_of_it_no_more(store: Store) -> None:
    await first(store)
    said = claim(1, "prp"), claim(2, "tens"), entry_of_list(1), entry_of_list(2)
    await page_entry(store, *said)
    await publish(store, who="tester")
    report = await page_entry(store, said[1], said[3])
    assert [report.counts[one] for one in (Action.UNCHANGED, Action.UPDATED, Action.REJECTED)] == [3, 2, 0]
    assert {(one.where, one.rejected) for one in report.problems} == {("pages.yaml:1", False)}
    gone = "no longer; it is withdrawn from the next release on"
    assert {one.message for one in report.problems} == {
        f"Statement knees-s01: prp helps.: its page makes this statement {gone}",
        f"Reference knees-r01: Author 1: its page has this reference {gone}",
    }
    await publish(store, who="tester")
    for release, statements, references in ((2, said[:2], said[2:]), (3, said[1:2], said[3:])):
        held = await read_page_records(store, "knees", release)
        assert (held.statements, held.references) == (statements, references)
        assert set(await read_references(store, release)) == set(references)
    named = [(await find_pages(Questions(store), PageRequest(), therapy="prp", as_of=one)).items for one in (2, 3)]
    assert [len(one) for one in named] == [1, 0]
    retracted = citation(1).model_copy(update={"retraction": Retraction(state=RetractionState.RETRACTED)})
    touched = await find_impact(store, [retracted], 3)
    assert [(one.statements, one.references) for one in touched.pages] == [([], [said[3]])]
