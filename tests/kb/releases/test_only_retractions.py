"""A release of retractions alone: what it holds, what keeps waiting, and that nothing else can slip into it."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from kb.check import check_graph
from kb.duplicates import merge_two
from kb.errors import StoreBusy
from kb.ingest import Action
from kb.questions import PageRequest, Questions
from kb.questions.changes import read_changes, record_counts
from kb.questions.feed import read_feed
from kb.questions.records import current_release, read_all_records, read_records
from kb.questions.summaries import every_answer
from kb.releases import Published, pending_records, publish, publish_retractions
from kb.releases.attempt import begin
from kb.store import Statement, Store
from schema.citation import Citation, Retraction
from schema.record import DRAFT, Record
from schema.records import LOADED
from schema.summary import Summary
from schema.terms import ChangeReason, Direction, RetractionState, StudyDesign
from tests.kb.killed import Killed
from tests.samples import HIP, KNEE, PRP, SAMPLE, citation, finding, load, study, trial

Held = dict[tuple[str, str], Any]

REVIEW: tuple[Record, ...] = (
    citation(9),
    study(
        9,
        "prp",
        "knee-osteoarthritis",
        design=StudyDesign.SYSTEMATIC_REVIEW,
        participants=None,
        includes=("author1trial",),
    ),
    finding(9, "prp", "knee-osteoarthritis"),
)
PUBLISHED = (*SAMPLE, *REVIEW)


def retraction(state: RetractionState = RetractionState.RETRACTED) -> Retraction:
    return Retraction(state=state, date="2026-01", notice_pmid="990001")


#: What became of three reports; the first two are edited otherwise too.
RETRACTED = retraction()
MARKED = (
    citation(1, retraction=RETRACTED),
    citation(2, retraction=retraction(RetractionState.EXPRESSION_OF_CONCERN)),
    citation(3, retraction=RETRACTED),
)
#: Drafts of every kind, each of which would change answers.
DRAFTS: tuple[Record, ...] = (
    citation(1, retraction=RETRACTED, title="Another title"),
    citation(2, retraction=MARKED[1].retraction, year=1999),
    MARKED[2],
    citation(9, title="A review under another title"),
    *trial(4, "prp", "knee-osteoarthritis", estimate=9.0),
    citation(5, retraction=RETRACTED),
    # Their newest relationships lead elsewhere: to another therapy, another condition, another report.
    finding(1, "tens", "hip-osteoarthritis", estimate=4.0, id=finding(1, "prp", "knee-osteoarthritis").id),
    finding(2, "prp", "knee-osteoarthritis", estimate=5.0),
    study(1, "prp", "knee-osteoarthritis", citations=("pmid:900004",), participants=7),
    study(9, "prp", "knee-osteoarthritis", design=StudyDesign.SYSTEMATIC_REVIEW, participants=9, includes=()),
    PRP.model_copy(update={"name": "Plasma with platelets", "broader": ()}),
    KNEE.model_copy(update={"broader": ()}),
    HIP.model_copy(update={"sentence": "Hips that are worn."}),
)


async def answers(store: Store, release: int) -> dict[tuple[str, str], Summary]:
    return {(one.therapy, one.condition): one async for one in every_answer(Questions(store), release)}


async def held(store: Store, release: int) -> Held:
    found: Held = {}
    for kind in LOADED:
        records = await read_all_records(store, kind.label, release)
        found |= {(kind.label, id_): record for id_, record in records.items()}
    return found


async def drafts(store: Store) -> Held:
    """Every node that waits, with all that it carries."""
    found: Held = {}
    for kind in LOADED:
        for row in await store.read("nodes_of_label", {"Label": kind.label}):
            if row["node"]["since"] == DRAFT:
                found[kind.label, row["node"]["id"]] = row["node"]
    return found


async def emptied(store: Store) -> None:
    while (await store.write("wipe"))[0]["removed"]:
        pass


async def with_drafts(store: Store) -> None:
    await load(store, PUBLISHED)
    await publish(store, who="tester")
    report = await load(store, DRAFTS, name="drafts")
    assert (report.problems, report.counts[Action.NEW], report.counts[Action.UPDATED]) == ([], 4, len(DRAFTS) - 4)


async def without_drafts(store: Store, records: Sequence[Record] = MARKED) -> dict[tuple[str, str], Summary]:
    """The answers of a release of these records where nothing else waits."""
    await load(store, PUBLISHED)
    await publish(store, who="tester")
    await load(store, records, name="drafts")
    await publish(store, who="tester")
    found = await answers(store, 2)
    await emptied(store)
    return found


def said(found: dict[tuple[str, str], Summary]) -> dict[tuple[str, str], Any]:
    return {pair: one.model_dump(exclude={"id", "first", "until"}) for pair, one in found.items()}


async def test_the_marks_are_published_and_every_other_draft_waits(store: Store) -> None:
    expected = await without_drafts(store)
    await with_drafts(store)
    before, waiting = await held(store, 1), await drafts(store)
    counts = await pending_records(store)
    published = await publish_retractions(store, who="tester")
    assert published.release is not None
    assert (published.release.number, published.records, published.release.records) == (2, 3, 3)
    assert await answers(store, 2) == expected
    for one in MARKED:
        before["Citation", one.id] = one
    assert await held(store, 2) == before
    # Only the citation that waited for nothing but its mark waits no more.
    del waiting["Citation", "pmid:900003"]
    assert await drafts(store) == waiting
    assert await pending_records(store) == counts | {"Citation": counts["Citation"] - 1}
    assert await check_graph(store) == []
    assert (await publish_retractions(store, who="tester")).release is None


async def test_the_drafts_are_published_later_as_if_the_marks_had_waited_with_them(store: Store) -> None:
    expected = await without_drafts(store, DRAFTS)
    await with_drafts(store)
    first = await answers(store, 1)
    await publish_retractions(store, who="tester")
    second, marked = await answers(store, 2), await held(store, 2)
    assert (await publish(store, who="tester")).release is not None
    assert said(await answers(store, 3)) == said(expected)
    assert sum((await pending_records(store)).values()) == 0
    # What the earlier releases said, they still say.
    assert said(await answers(store, 1)) == said(first)
    assert said(await answers(store, 2)) == said(second)
    assert await held(store, 2) == marked
    assert await check_graph(store) == []


async def test_what_led_to_a_report_when_it_was_published_is_reached_where_drafts_lead_elsewhere(store: Store) -> None:
    review = (
        citation(8),
        study(
            8,
            "prp",
            "hip-osteoarthritis",
            design=StudyDesign.SYSTEMATIC_REVIEW,
            participants=None,
            includes=("author1trial",),
        ),
        finding(8, "prp", "hip-osteoarthritis"),
    )
    mark = citation(1, retraction=RETRACTED)

    async def marked(*others: Record) -> dict[tuple[str, str], Summary]:
        await load(store, [*SAMPLE, *review])
        await publish(store, who="tester")
        await load(store, [*others, mark], name="drafts")
        await publish_retractions(store, who="tester")
        return await answers(store, 2)

    expected = await marked()
    await emptied(store)
    found = await marked(
        study(1, "prp", "knee-osteoarthritis", citations=("pmid:900002",)),
        finding(1, "prp", "knee-osteoarthritis", citation="pmid:900002"),
        study(8, "prp", "hip-osteoarthritis", design=StudyDesign.SYSTEMATIC_REVIEW, participants=None),
    )
    assert expected["prp", "hip-osteoarthritis"].first == 2
    assert found == expected


async def test_it_says_what_was_retracted(store: Store) -> None:
    await with_drafts(store)
    published = await publish_retractions(store, who="tester", message="Urgent.")
    assert published.release is not None
    message = "Urgent. Retractions only (retracted: pmid:900001, pmid:900003; expression of concern: pmid:900002)"
    assert published.release.message == message
    whys = {(one.therapy, one.condition): one.why for one in published.release.changes}
    assert (
        whys["prp", "knee-osteoarthritis"]
        == whys["tens", "hip-osteoarthritis"]
        == ("a study was retracted or reinstated")
    )
    questions = Questions(store)
    page = await read_changes(questions, PageRequest(first=50), since=1)
    kinds = {reason.kind for one in page.items for reason in one.reasons}
    assert kinds == {
        ChangeReason.CITATION_RETRACTED,
        ChangeReason.CITATION_CONCERN,
        ChangeReason.INCLUDED_TRIAL_RETRACTED,
    }
    assert (await record_counts(questions, 1, 2)) == {"Citation": (0, 3)}
    newest = (await read_feed(questions, therapy="tens")).entries[0]
    assert (newest.release.number, {one.condition for one in newest.told}) == (2, {"Osteoarthritis", HIP.name})


async def test_an_expression_of_concern_alone_says_so(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    await load(store, [MARKED[1]], name="notice")
    published = await publish_retractions(store, who="tester")
    assert published.release is not None
    assert {one.why for one in published.release.changes} == {"what became of a report was marked"}


class Cut:
    """A store whose process ends before one of its writes, and at the latest before a release is created."""

    def __init__(self, store: Store, writes: int) -> None:
        self._store = store
        self._left = writes
        self.reached_the_end = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, query: str, names: Any = None, **params: Any) -> Any:
        return (await self.write_all([Statement(query, names, params)]))[0]

    async def write_all(self, writes: Sequence[Any], **given: Any) -> Any:
        self.reached_the_end = any(query == "create_release" for query, _, _ in writes)
        if self.reached_the_end or self._left == 0:
            raise Killed
        self._left -= 1
        return await self._store.write_all(writes, **given)


async def killed_everywhere(store: Store, work: Callable[..., Any]) -> None:
    """Begin some work again and again, killed one write later each time."""
    writes = 0
    while True:
        cut = Cut(store, writes)
        with pytest.raises(Killed):
            await work(cut, who="killed")
        if cut.reached_the_end:
            return
        writes += 1


@pytest.mark.parametrize("last", [publish, publish_retractions])
async def test_killed_at_any_point_nothing_changes_and_either_way_completes_it(
    store: Store, last: Callable[..., Any]
) -> None:
    only = last is publish_retractions
    expected = await without_drafts(store, MARKED if only else DRAFTS)
    await with_drafts(store)
    before, first, waiting = await held(store, 1), await answers(store, 1), await drafts(store)
    await killed_everywhere(store, publish if only else publish_retractions)
    await killed_everywhere(store, publish_retractions if only else publish)
    assert (await current_release(store), await held(store, 1)) == (1, before)
    assert said(await answers(store, 1)) == said(first)
    published: Published = await last(store, who="tester")
    assert published.release is not None
    assert await answers(store, 2) == expected
    assert said(await answers(store, 1)) == said(first)
    del waiting["Citation", "pmid:900003"]
    assert await drafts(store) == (waiting if only else {})
    assert await check_graph(store) == []


async def test_a_mark_that_is_taken_back_after_a_killed_attempt_is_not_published(store: Store) -> None:
    await with_drafts(store)
    await killed_everywhere(store, publish_retractions)
    await load(store, [citation(1, title="Another title"), citation(3)], name="drafts")
    published = await publish_retractions(store, who="tester")
    assert [one.citation.id for one in published.marks] == ["pmid:900002"]
    found = await read_records(store, "Citation", ["pmid:900001", "pmid:900003"], 2)
    assert found == {one.id: one for one in (citation(1), citation(3))}


@pytest.mark.parametrize("other", [publish, publish_retractions])
async def test_of_two_who_publish_at_once_one_is_told(store: Store, other: Callable[..., Any]) -> None:
    await with_drafts(store)
    late = await begin(store)
    published: Published = await other(store, who="tester")
    assert published.release is not None
    with pytest.raises(StoreBusy):
        await late.finish(published.release)
    assert await current_release(store) == 2


async def test_a_citation_that_was_never_published_has_nothing_to_mark(store: Store) -> None:
    await load(store, SAMPLE)
    assert (await publish_retractions(store, who="tester")).release is None
    await publish(store, who="tester")
    await load(store, [citation(5, retraction=RETRACTED)], name="new")
    assert (await publish_retractions(store, who="tester")).release is None
    assert (await current_release(store), (await pending_records(store))["Citation"]) == (1, 1)


async def test_what_is_reinstated_counts_again_and_what_is_retracted_leaves_an_answer_in_words(store: Store) -> None:
    await load(store, PUBLISHED)
    await publish(store, who="tester")
    before = (await answers(store, 1))["tens", "hip-osteoarthritis"]
    edit = finding(3, "tens", "hip-osteoarthritis", estimate=-7.0)
    await load(store, [citation(3, retraction=RETRACTED, pages="1"), edit], name="drafts")
    await publish_retractions(store, who="tester")
    empty = (await answers(store, 2))["tens", "hip-osteoarthritis"]
    assert (empty.direction, empty.study_count, empty.retracted_studies) == (Direction.UNCLEAR, 0, ("author3trial",))
    again = citation(3, retraction=retraction(RetractionState.REINSTATED), pages="2")
    await load(store, [again], name="drafts")
    published = await publish_retractions(store, who="tester")
    assert [one.before.state for one in published.marks] == [RetractionState.RETRACTED]
    back = (await answers(store, 3))["tens", "hip-osteoarthritis"]
    assert said({("", ""): back}) == said({("", ""): before})
    (shown,) = (await read_records(store, "Citation", [again.id], 3)).values()
    assert isinstance(shown, Citation)
    assert (shown.retraction, shown.pages) == (again.retraction, None)
    assert (await pending_records(store)) == await counted(store)


async def counted(store: Store) -> dict[str, int]:
    found = dict.fromkeys((kind.label for kind in LOADED), 0)
    for label, _ in await drafts(store):
        found[label] += 1
    return found


async def test_a_mark_reaches_what_readers_still_find_of_a_merged_citation(store: Store) -> None:
    await load(store, PUBLISHED)
    await publish(store, who="tester")
    # One paper under two ids: its study still names the second one in the release.
    await merge_two(store, "pmid:900003", "pmid:900001", who="tester")
    await load(store, [citation(3, retraction=RETRACTED)], name="sample")
    waiting = await drafts(store)
    published = await publish_retractions(store, who="tester")
    assert [one.citation.id for one in published.marks] == ["pmid:900001", "pmid:900003"]
    found = (await answers(store, 2))["prp", "knee-osteoarthritis"]
    assert found.retracted_studies == ("author1trial",)
    (change,) = (
        await read_changes(Questions(store), PageRequest(), since=1, therapy="prp", condition="knee-osteoarthritis")
    ).items
    assert ChangeReason.CITATION_RETRACTED in {one.kind for one in change.reasons}
    # The merge waits as it did, and a later release ends the second id.
    assert await drafts(store) == waiting
    assert set(await read_records(store, "Citation", ["pmid:900001", "pmid:900003"], 2)) == {
        "pmid:900001",
        "pmid:900003",
    }
    await publish(store, who="tester")
    assert set(await read_records(store, "Citation", ["pmid:900001", "pmid:900003"], 3)) == {"pmid:900003"}
    assert (await answers(store, 3))["prp", "knee-osteoarthritis"].retracted_studies == ("author1trial",)
    assert await check_graph(store) == []


async def test_new_rules_derive_every_answer_anew_from_what_is_published(store: Store) -> None:
    await load(store, PUBLISHED)
    first = await publish(store, who="tester", rules="old")
    unmarked = [one for one in DRAFTS if getattr(one, "retraction", None) in (None, citation(1).retraction)]
    await load(store, unmarked, name="drafts")
    assert (await publish_retractions(store, who="tester")).release is None
    await load(store, [MARKED[2]], name="notice")
    published = await publish_retractions(store, who="tester")
    assert published.release is not None
    assert published.release.rules != "old"
    assert published.summaries_derived == first.summaries_derived
    assert {one.therapy for one in published.release.changes} == {"tens"}
