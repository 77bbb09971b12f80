"""What notices make of citations: by both identifiers, by the history, and never a wrong mark."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.ingest import Action
from kb.questions import Questions
from kb.releases import publish
from kb.retractions import Mark, find_marking, find_marks, link_notices, notices_of, write_marks
from kb.store import Store
from schema.citation import Citation, CitationLink, Retraction
from schema.notice import Notice
from schema.parsed import Problem
from schema.terms import CitationLinkKind, CitationType, RetractionState
from tests.kb.killed import Killed, killed_after
from tests.samples import SAMPLE, citation, load, with_changed

RETRACTED, CONCERN = RetractionState.RETRACTED, RetractionState.EXPRESSION_OF_CONCERN
CORRECTED, REINSTATED = RetractionState.CORRECTED, RetractionState.REINSTATED


def notice(state: RetractionState, date: str | None = None, **changed: str | None) -> Notice:
    """A notice of the first trial, by its PMID."""
    return replace(Notice(state, "file:2", pmid="900001", date=date), **changed)


def state_of(*notices: Notice, now: Retraction | None = None) -> tuple[RetractionState, str | None]:
    held = citation(1) if now is None else citation(1, retraction=now)
    (mark,), _ = find_marks(notices, [held, citation(2)])
    return mark.retraction.state, mark.retraction.date


@pytest.mark.parametrize("state", [RETRACTED, CONCERN, CORRECTED, REINSTATED])
def test_each_nature_is_a_state_of_its_own_with_its_notice(state: RetractionState) -> None:
    told = notice(state, "2019-04-02", notice_pmid="990001", notice_doi="10.5555/notice", reason="Duplication")
    (mark,), problems = find_marks([told], [citation(1), citation(2)])
    assert (mark.citation.id, mark.where, problems) == ("pmid:900001", "file:2", [])
    assert mark.retraction == Retraction(
        state=state, date="2019-04-02", notice_pmid="990001", notice_doi="10.5555/notice", reason="Duplication"
    )
    assert mark.marked.title == citation(1).title


@pytest.mark.parametrize(
    ("pmid", "doi"), [("900001", None), (None, "10.5555/invented.1"), ("900001", "10.5555/invented.1")]
)
def test_an_article_is_found_by_either_identifier(pmid: str | None, doi: str | None) -> None:
    (mark,), _ = find_marks([notice(RETRACTED, pmid=pmid, doi=doi)], [citation(1), citation(2)])
    assert mark.citation.id == "pmid:900001"


@pytest.mark.parametrize(
    ("doi", "said"), [("10.5555/invented.2", "two citations"), ("10.5555/of.nobody", "10.5555/invented.1")]
)
def test_identifiers_that_contradict_mark_nothing_and_are_told(doi: str, said: str) -> None:
    marks, (problem,) = find_marks([notice(RETRACTED, doi=doi)], [citation(1), citation(2)])
    assert marks == []
    assert (problem.where, problem.rejected, said in problem.message) == ("file:2", True, True)


def test_what_a_citation_took_over_from_a_merged_one_leads_to_it() -> None:
    told = notice(RETRACTED, pmid="123", doi="10.5555/invented.1")
    (mark,), problems = find_marks([told], [citation(1)], {("pmid", "123"): "pmid:900001"})
    assert (mark.citation.id, problems) == ("pmid:900001", [])


def test_articles_that_nobody_has_are_passed_over() -> None:
    assert find_marks([notice(RETRACTED, pmid="1"), notice(RETRACTED, pmid=None)], [citation(1)]) == ([], [])


HISTORIES = [
    ([(RETRACTED, "2010-03-01"), (REINSTATED, "2012-01-01")], REINSTATED, "2012-01-01"),
    ([(REINSTATED, "2009"), (RETRACTED, "2010-03-01")], RETRACTED, "2010-03-01"),
    ([(RETRACTED, "2010-03-01"), (REINSTATED, "2012"), (RETRACTED, "2015")], RETRACTED, "2015"),
    ([(RETRACTED, "2010"), (REINSTATED, "2012"), (CONCERN, "2013")], CONCERN, "2013"),
    ([(RETRACTED, "2010"), (REINSTATED, "2012"), (CORRECTED, "2013")], REINSTATED, "2012"),
    ([(RETRACTED, "2010"), (CORRECTED, "2013")], RETRACTED, "2010"),
    ([(CONCERN, "2010"), (CORRECTED, "2013")], CONCERN, "2010"),
    ([(CONCERN, "2010"), (RETRACTED, "2011")], RETRACTED, "2011"),
    # Nobody knows which came first: on one day, in one year, or without a date.
    ([(RETRACTED, "2012-01-01"), (REINSTATED, "2012-01-01")], RETRACTED, "2012-01-01"),
    ([(RETRACTED, "2012"), (REINSTATED, "2012-06-01")], RETRACTED, "2012"),
    ([(RETRACTED, None), (REINSTATED, "2012")], RETRACTED, None),
    ([(RETRACTED, "2010"), (REINSTATED, None)], RETRACTED, "2010"),
]


@pytest.mark.parametrize(("history", "state", "date"), HISTORIES)
def test_of_several_notices_the_history_counts_in_whatever_order_they_are_read(
    history: list[tuple[RetractionState, str | None]], state: RetractionState, date: str | None
) -> None:
    for order in itertools.permutations(history):
        assert state_of(*(notice(*one) for one in order)) == (state, date)


def test_what_the_graph_says_is_part_of_the_history() -> None:
    retracted = Retraction(state=RETRACTED, date="2010")
    assert state_of(notice(CORRECTED, "2020"), now=retracted) == (RETRACTED, "2010")
    assert state_of(notice(REINSTATED, "2012"), now=retracted) == (REINSTATED, "2012")
    reinstated = Retraction(state=REINSTATED, date="2012")
    assert state_of(notice(RETRACTED, "2010"), now=reinstated) == (REINSTATED, "2012")
    assert state_of(notice(RETRACTED, "2013"), now=reinstated) == (RETRACTED, "2013")


def test_a_notice_without_a_date_beside_a_reinstatement_is_told_and_changes_nothing() -> None:
    held = citation(1, retraction=Retraction(state=REINSTATED, date="2012"))
    (mark,), (problem,) = find_marks([notice(RETRACTED)], [held])
    assert mark.retraction == held.retraction
    assert (problem.rejected, "reinstatement" in problem.message) == (False, True)


def test_one_notice_read_in_two_places_has_the_date_of_the_place_that_knows_it() -> None:
    undated = Retraction(state=RETRACTED, notice_pmid="990001")
    told = [notice(RETRACTED, "2010", notice_pmid="990001"), notice(REINSTATED, "2012")]
    assert state_of(*told, now=undated) == (REINSTATED, "2012")


def test_what_the_graph_knows_of_the_same_state_is_completed_not_replaced() -> None:
    now = Retraction(state=RETRACTED, notice_pmid="990001", source_url="https://pubmed.ncbi.nlm.nih.gov/900001/")
    told = notice(RETRACTED, "2019", notice_pmid="990001", notice_doi="10.5555/notice", reason="Duplication")
    other = notice(RETRACTED, "2021", notice_pmid="990002", reason="Another one")
    (mark,), _ = find_marks([told, other], [citation(1, retraction=now)])
    assert mark.retraction == now.model_copy(
        update={"date": "2019", "notice_doi": "10.5555/notice", "reason": "Duplication"}
    )


STATES = st.sampled_from([RETRACTED, RetractionState.REMOVED, CONCERN, CORRECTED, REINSTATED])
PMIDS = st.sampled_from([None, "990001", "990002"])
DATES = st.one_of(st.none(), st.sampled_from(["2009", "2010", "2010-05", "2010-05-02", "2012", "2012-01-01"]))


@given(history=st.lists(st.tuples(STATES, DATES, PMIDS), min_size=1, max_size=5))
@example(history=[(RETRACTED, None, None), (RETRACTED, "2009", None), (REINSTATED, "2010", None)])
@example(history=[(RETRACTED, "2010", None), (RETRACTED, None, "990001"), (RETRACTED, None, "990002")])
def test_marking_again_changes_nothing(history: list[tuple[RetractionState, str | None, str | None]]) -> None:
    told = [notice(state, date, notice_pmid=pmid) for state, date, pmid in history]
    (first,), _ = find_marks(told, [citation(1)])
    (again,), _ = find_marks(told, [first.marked])
    assert again.retraction == first.retraction


@given(history=st.lists(st.tuples(STATES, DATES), min_size=1, max_size=5))
def test_no_retraction_is_lifted_by_anything_but_a_later_reinstatement(
    history: list[tuple[RetractionState, str | None]],
) -> None:
    state, _ = state_of(*(notice(*one) for one in history))
    latest = max((date for kind, date in history if kind is REINSTATED and date), default="")
    for kind, date in history:
        if kind is RETRACTED and not (date and date < latest[: len(date)]):
            assert state in (RETRACTED, RetractionState.REMOVED)


def link(kind: CitationLinkKind, **identifiers: str) -> CitationLink:
    return CitationLink.model_validate({"kind": kind, **identifiers})


def retraction_notice(number: int, kind: CitationLinkKind = CitationLinkKind.RETRACTION_OF) -> Citation:
    """A notice, itself a citation of the graph, of the trial of that number."""
    return citation(
        90 + number,
        type=CitationType.NOTICE,
        title=f"Notice about number {number}",
        year=2020,
        published="2020-05",
        links=(link(kind, pmid=str(900000 + number)),),
    )


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (CitationLinkKind.RETRACTION_OF, RETRACTED),
        (CitationLinkKind.EXPRESSION_OF_CONCERN_FOR, CONCERN),
        (CitationLinkKind.ERRATUM_FOR, CORRECTED),
    ],
)
def test_a_notice_in_the_graph_and_a_link_of_the_article_say_the_same(
    kind: CitationLinkKind, state: RetractionState
) -> None:
    (mark,), _ = find_marks(notices_of(retraction_notice(1, kind)), [citation(1)])
    assert (mark.retraction.state, mark.retraction.date, mark.retraction.notice_pmid) == (state, "2020-05", "900091")
    back = kind.value.removesuffix("_OF").removesuffix("_FOR") + "_IN"
    article = citation(1, links=(link(CitationLinkKind[back], pmid="900091"),))
    (mark,), _ = find_marks(notices_of(article), [article])
    assert (mark.retraction.state, mark.retraction.notice_pmid) == (state, "900091")


def test_comments_and_what_is_cited_make_no_notice() -> None:
    kinds = (CitationLinkKind.COMMENT_IN, CitationLinkKind.CITES, CitationLinkKind.UPDATE_IN)
    assert list(notices_of(citation(1, links=tuple(link(kind, pmid="5") for kind in kinds)))) == []


async def mark(store: Store, *notices: Notice, form: str = "retraction-watch") -> tuple[list[Mark], list[Problem]]:
    found = await find_marking(store, notices)
    report = await write_marks(store, found, name="watch.csv", form=form, who="tester")
    assert report.counts[Action.UPDATED] == len(found.unwritten)
    return list(found.unwritten), [*found.problems, *report.problems]


async def kept(store: Store) -> Retraction:
    await publish(store, who="tester")
    return (await Questions(store).citation(pmid="900001")).retraction


async def test_a_mark_outranks_other_sources_and_an_old_file_does_not_clear_it(store: Store) -> None:
    await load(store, SAMPLE)
    await load(store, [citation(1)], name="old.xml", form="pubmed")
    await mark(store, notice(RETRACTED, "2010", reason="Duplication"))
    for name, form in (("sample", "seeds"), ("old.xml", "pubmed"), ("old.ris", "ris")):
        await load(store, [citation(1)], name=name, form=form)
    assert await kept(store) == Retraction(state=RETRACTED, date="2010", reason="Duplication")
    assert (await Questions(store).citation(pmid="900001")).title == citation(1).title
    assert (await mark(store, notice(RETRACTED, "2010", reason="Duplication")))[0] == []


async def test_a_later_reinstatement_sticks_and_a_new_retraction_counts(store: Store) -> None:
    retracted = citation(1, retraction=Retraction(state=RETRACTED, date="2010"))
    await load(store, with_changed(SAMPLE, retracted))
    await mark(store, notice(RETRACTED, "2010"), notice(REINSTATED, "2012"))
    await load(store, [retracted], name="old.xml", form="pubmed")
    # The table of last year did not know of the reinstatement.
    await mark(store, notice(RETRACTED, "2010"))
    assert (await kept(store)).state is REINSTATED
    again = citation(1, retraction=Retraction(state=RETRACTED, date="2014"))
    await load(store, [again], name="new.xml", form="pubmed")
    assert await kept(store) == again.retraction


async def test_the_graph_s_own_notices_are_found_by_their_links(store: Store) -> None:
    await load(store, [*SAMPLE, retraction_notice(1)])
    found = [one async for one in link_notices(store)]
    assert [(one.state, one.pmid, one.where) for one in found] == [(RETRACTED, "900001", "pmid:900091")]
    marks, problems = await mark(store, *found, form="retraction-links")
    assert ([one.citation.id for one in marks], problems) == (["pmid:900001"], [])
    assert (await kept(store)).notice_pmid == "900091"


@pytest.mark.parametrize("writes", [1, 2], ids=["after some marks", "after the last mark"])
async def test_marking_that_was_killed_is_one_whole_load_after_it_is_done_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    notices = [notice(RETRACTED, "2010"), notice(RETRACTED, "2011", pmid="900002")]
    await load(store, SAMPLE)
    await publish(store, who="tester")
    killed = killed_after(writes, store.write_all)
    with monkeypatch.context() as patch:
        patch.setattr("kb.ingest.chunks.CHUNK", 1)
        patch.setattr(store, "write_all", killed)
        with pytest.raises(Killed):
            await mark(store, *notices)
    written, _ = await mark(store, *notices)
    assert len(written) == 2 - writes
    runs = [row["node"] for row in await store.read("nodes_of_label", {"Label": "LoadRun"})]
    assert [one["state"] for one in runs if one["source"] == "watch.csv"] == ["COMPLETE"]
