"""Loading a paper that is there already, without an identifier that says so."""

from kb.check import check_graph
from kb.ingest import Action, FileReport
from kb.ingest.existing import TOGETHER
from kb.ingest.match_keys import ensure_match_keys
from kb.questions import PageRequest, Questions
from kb.store import Store
from schema.citation import Author, Citation, Retraction
from schema.possible_duplicate import PossibleDuplicate
from schema.terms import CitationType, DuplicateState, RetractionState
from tests.samples import SAMPLE, load, study

PAPER = Citation(
    id="pmid:990001",
    title="Spinal cord stimulation for painful diabetic neuropathy: a randomised trial",
    authors=(Author(family="Harlow", initials="L"), Author(family="Sato", initials="M")),
    year=2019,
    journal="Journal of Pain and Symptom Management",
    volume="20",
    pages="112-119",
    pmid="990001",
)
EXPORT = Citation(
    id="local:harlow-2019",
    title="Spinal Cord Stimulation for Painful Diabetic Neuropathy: A Randomized Trial.",
    authors=(Author(family="Harlow", given="Lena"),),
    year=2019,
    journal="J Pain Symptom Manage",
    volume="20",
    issue="2",
    pages="112-9",
    doi="10.5555/harlow",
)
UNSURE = EXPORT.model_copy(
    update={"id": "local:harlow-bare", "journal": None, "volume": None, "pages": None, "doi": None}
)


def done(report: FileReport) -> dict[Action, int]:
    return {action: number for action, number in report.counts.items() if number}


async def citations(store: Store) -> dict[str, Citation]:
    rows = await store.read("nodes_of_label", {"Label": "Citation"})
    return {row["node"]["id"]: Citation.from_properties(row["node"]) for row in rows}


async def pairs(store: Store, state: DuplicateState = DuplicateState.OPEN) -> list[PossibleDuplicate]:
    return list((await Questions(store).possible_duplicates(PageRequest(first=100), state)).items)


async def test_a_paper_without_its_identifier_is_the_paper_that_is_there(store: Store) -> None:
    await load(store, [PAPER], form="pubmed")
    report = await load(store, [EXPORT], name="export.ris", form="ris")
    assert done(report) == {Action.UPDATED: 1}
    (only,) = (await citations(store)).values()
    assert (only.id, only.doi, only.issue) == ("pmid:990001", "10.5555/harlow", "2")
    # PubMed ranks higher: its title, authors and journal stay.
    assert (only.title, only.journal, len(only.authors)) == (PAPER.title, PAPER.journal, 2)
    (node,) = await store.nodes("Citation", [only.id])
    assert '"doi":"ris:export.ris"' in node["field_sources"]
    again = await load(store, [EXPORT], name="export.ris", form="ris")
    assert done(again) == {Action.MATCHED: 1}
    assert await pairs(store) == []
    assert await check_graph(store) == []


async def test_more_papers_than_are_looked_up_in_one_list_are_all_found_again(store: Store) -> None:
    papers = [
        PAPER.model_copy(
            update={
                "id": f"pmid:{880000 + number}",
                "pmid": f"{880000 + number}",
                "title": f"Stimulation of {number} segments of the spinal cord for painful diabetic neuropathy",
                "pages": str(number),
            }
        )
        for number in range(1, TOGETHER + 51)
    ]
    await load(store, papers, form="pubmed")
    without = [one.model_copy(update={"id": f"local:export-{one.pmid}", "pmid": None}) for one in papers]
    assert done(await load(store, without, name="bare.ris", form="ris")) == {Action.MATCHED: len(papers)}
    named = [one.model_copy(update={"id": f"local:named-{one.pmid}"}) for one in papers]
    assert done(await load(store, named, name="named.ris", form="ris")) == {Action.MATCHED: len(papers)}
    assert len(await citations(store)) == len(papers)


async def test_one_paper_twice_in_one_load_is_one_citation_in_either_order(store: Store) -> None:
    for records in ([PAPER, EXPORT], [EXPORT, PAPER]):
        while (await store.write("wipe"))[0]["removed"]:
            pass
        await load(store, records, name="both.ris", form="ris")
        (only,) = (await citations(store)).values()
        assert (only.id, only.pmid, only.doi, only.issue) == ("pmid:990001", "990001", "10.5555/harlow", "2")
        assert (await load(store, records, name="both.ris", form="ris")).counts[Action.UPDATED] == 0


async def test_what_is_not_sure_stays_two_and_is_asked_once(store: Store) -> None:
    await load(store, [PAPER], form="pubmed")
    report = await load(store, [UNSURE], name="export.ris", form="ris")
    assert done(report) == {Action.NEW: 1}
    (told,) = report.problems
    assert not told.rejected
    assert "may be the same paper as pmid:990001" in told.message
    assert len(await citations(store)) == 2
    (pair,) = await pairs(store)
    assert (pair.one, pair.other) == ("local:harlow-bare", "pmid:990001")
    assert "a journal is missing" in pair.reason
    again = await load(store, [UNSURE], name="export.ris", form="ris")
    assert (done(again), again.problems) == ({Action.UNCHANGED: 1}, [])
    assert await pairs(store) == [pair]
    assert await check_graph(store) == []


async def test_preview_notes_nothing(store: Store) -> None:
    await load(store, [PAPER], form="pubmed")
    report = await load(store, [UNSURE, EXPORT], name="export.ris", form="ris", preview=True)
    assert done(report) == {Action.NEW: 1, Action.UPDATED: 1}
    assert len(report.problems) == 1
    assert await pairs(store) == []
    assert len(await citations(store)) == 1


async def test_references_follow_a_matched_paper_in_this_load_and_in_later_ones(store: Store) -> None:
    await load(store, [*SAMPLE, PAPER])
    report = study(9, "prp", "knee-osteoarthritis", citations=(EXPORT.id,))
    await load(store, [EXPORT, report], name="more")
    assert (await Questions(store).records_now("Study", [report.id]))[report.id].model_dump()["citations"] == (
        PAPER.id,
    )
    later = study(8, "prp", "knee-osteoarthritis", citations=(EXPORT.id,))
    assert (await load(store, [later], name="later")).problems == []
    assert (await Questions(store).records_now("Study", [later.id]))[later.id].model_dump()["citations"] == (PAPER.id,)
    assert await check_graph(store) == []


async def test_a_notice_under_the_articles_doi_is_not_merged_into_it(store: Store) -> None:
    article = PAPER.model_copy(update={"doi": "10.5555/harlow"})
    await load(store, [article], form="pubmed")
    notice = EXPORT.model_copy(update={"id": "doi:10.5555/harlow", "title": f"Erratum: {PAPER.title}"})
    report = await load(store, [notice], name="export.ris", form="ris")
    assert done(report) == {Action.REJECTED: 1}
    assert "a notice of correction or retraction" in report.problems[0].message
    assert (await citations(store))[article.id].title == PAPER.title


async def test_a_reply_a_preprint_and_a_protocol_stay_by_themselves(store: Store) -> None:
    others = [
        EXPORT.model_copy(update={"id": f"local:other-{place}", "doi": None, "pages": None, "volume": None, **changed})
        for place, changed in enumerate(
            (
                {"title": f"Re: {PAPER.title}", "pages": "400"},
                {"journal": "medRxiv"},
                {"title": f"{PAPER.title}: study protocol"},
                {"type": CitationType.REGISTRATION},
            )
        )
    ]
    await load(store, [PAPER], form="pubmed")
    report = await load(store, others, name="export.ris", form="ris")
    assert done(report) == {Action.NEW: 4}
    assert await pairs(store) == []


async def test_a_graph_from_before_the_match_keys_is_given_them(store: Store) -> None:
    await load(store, [PAPER], form="pubmed")
    await store.write("strip_match_keys")
    assert [one.where for one in await check_graph(store)] == ["Citation"]
    assert done(await load(store, [EXPORT], name="export.ris", form="ris")) == {Action.UPDATED: 1}
    assert await ensure_match_keys(store) == 0
    assert await check_graph(store) == []


async def test_of_two_exports_the_one_that_pubmed_revised_later_stands(store: Store) -> None:
    old = PAPER.model_copy(update={"revised": "2020-01-05", "title": "An older title of it", "note": "gone since"})
    new = PAPER.model_copy(update={"revised": "2021-06-01"})
    for records in ([old, new], [new, old]):
        while (await store.write("wipe"))[0]["removed"]:
            pass
        for place, one in enumerate(records):
            await load(store, [one], name=f"export-{place}", form="pubmed")
        assert (await Questions(store).records_now("Citation", [PAPER.id])) == {PAPER.id: new}
        assert done(await load(store, [old], name="older", form="pubmed")) == {Action.UNCHANGED: 1}
        await load(store, records, name="both", form="pubmed")
        assert (await Questions(store).records_now("Citation", [PAPER.id])) == {PAPER.id: new}
    assert (await citations(store))[PAPER.id].revised == "2021-06-01"


BARE = PAPER.model_copy(
    update={"id": "local:harlow-list", "pmid": None, "volume": None, "pages": None, "journal": "J Pain Symptom Manage"}
)
REPUBLISHED = PAPER.model_copy(
    update={"id": "doi:10.5555/again", "pmid": None, "doi": "10.5555/again", "pages": "640-7"}
)
ARTICLE = PAPER.model_copy(update={"doi": "10.5555/first"})


async def test_without_a_place_in_print_the_only_paper_that_fits_is_taken(store: Store) -> None:
    await load(store, [ARTICLE], form="pubmed")
    report = await load(store, [BARE], name="list.ris", form="ris")
    assert (list(await citations(store)), report.problems) == ([ARTICLE.id], [])
    assert await check_graph(store) == []


async def test_of_two_papers_that_fit_none_is_taken(store: Store) -> None:
    for records in ([ARTICLE, REPUBLISHED], [REPUBLISHED, ARTICLE]):
        while (await store.write("wipe"))[0]["removed"]:
            pass
        await load(store, records, form="pubmed")
        report = await load(store, [BARE], name="list.ris", form="ris")
        assert len(await citations(store)) == 3
        assert {(pair.one, pair.other) for pair in await pairs(store)} == {
            (REPUBLISHED.id, BARE.id),
            (BARE.id, ARTICLE.id),
        }
        assert "fits too" in report.problems[0].message


async def test_a_paper_that_fits_what_was_merged_into_another_one_is_told_of_later(store: Store) -> None:
    for records in ([ARTICLE, BARE], [BARE, ARTICLE]):
        while (await store.write("wipe"))[0]["removed"]:
            pass
        for place, one in enumerate(records):
            await load(store, [one], name=f"{place}.ris", form="ris")
        (merged,) = await citations(store)
        report = await load(store, [REPUBLISHED], name="later.ris", form="ris")
        assert set(await citations(store)) == {merged, REPUBLISHED.id}
        (pair,) = await pairs(store)
        assert {pair.one, pair.other} == {merged, REPUBLISHED.id}
        assert f"fits {REPUBLISHED.id} as well" in pair.reason
        assert len(report.problems) == 1
        assert (await load(store, [REPUBLISHED], name="later.ris", form="ris")).problems == []


async def test_a_retracted_paper_takes_in_nothing_that_may_be_what_replaced_it(store: Store) -> None:
    for year, expected in ((None, 2), (PAPER.year, 2), (2021, 1)):
        while (await store.write("wipe"))[0]["removed"]:
            pass
        state = Retraction(state=RetractionState.RETRACTED, date=str(year) if year else None)
        await load(store, [ARTICLE.model_copy(update={"retraction": state})], form="pubmed")
        await load(store, [BARE], name="list.ris", form="ris")
        assert len(await citations(store)) == expected
        assert all("one was retracted" in pair.reason for pair in await pairs(store))
