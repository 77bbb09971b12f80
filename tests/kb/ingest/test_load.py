"""Loading: what a user sees in the report, and what is in the graph afterwards."""

from typing import Any

import pytest

from kb.check import check_graph
from kb.duplicates import merge_two
from kb.ingest import Action, Source, load_sources
from kb.store import Store
from schema.citation import Citation
from schema.parsed import Problem
from schema.study import Harm, Reading
from schema.terms import CitationType, RetractionState
from tests.samples import KNEE, PRP, SAMPLE, citation, finding, load, source, study, with_changed

ALL = len(SAMPLE)


async def nodes(store: Store, label: str) -> int:
    return (await store.read("count_nodes", {"Label": label}))[0]["nodes"]


async def edges(store: Store, label: str, kind: str, record: str) -> set[str]:
    rows = await store.read("edges_of_nodes", {"Label": label, "TYPE": kind}, ids=[record])
    return {row["target"] for row in rows}


async def test_a_first_load_brings_everything_and_a_second_changes_nothing(store: Store) -> None:
    first = await load(store, SAMPLE)
    assert (first.read, first.counts[Action.NEW], first.problems) == (ALL, ALL, [])
    second = await load(store, SAMPLE)
    assert (second.read, second.counts[Action.UNCHANGED], second.problems) == (ALL, ALL, [])
    assert await nodes(store, "LoadRun") == 1
    assert await edges(store, "Finding", "TESTS", SAMPLE[-1].id) == {"tens"}


async def test_preview_says_what_would_happen_and_writes_nothing(store: Store) -> None:
    report = await load(store, SAMPLE, preview=True)
    assert report.counts[Action.NEW] == ALL
    assert await nodes(store, "Therapy") == await nodes(store, "LoadRun") == 0


def two_exports(kind: str) -> list[Source]:
    """Two files that hold a paper both, with two more of their own."""
    paper = citation(
        1, id="local:paper", pmid=None, doi=None, pages="11-19", title="An invented trial of paper and ink"
    )
    one, other = {
        "one DOI": (citation(1), citation(1, id="doi:10.5555/invented.1", pmid=None, volume="7")),
        "the same": (citation(1), citation(1)),
        "no identifier": (paper, paper.model_copy(update={"id": "local:same-paper", "volume": "7"})),
        "one identifier": (citation(1, title=paper.title, pages="11-19"), paper),
    }[kind]
    first = source([one, citation(2)], name="a.ris", form="ris", whole=False)
    return [first, source([other, citation(3)], name="b.ris", form="ris", whole=False)]


@pytest.mark.parametrize("kind", ["one DOI", "the same", "no identifier", "one identifier"])
@pytest.mark.parametrize("size", [2500, 1])
async def test_a_preview_says_what_the_load_then_does(
    store: Store, kind: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.ingest.chunks.CHUNK", size)
    told: list[list[tuple[dict[Action, int], list[Problem]]]] = []
    # On an empty graph, and again on one that holds all of it.
    for preview in (True, False, True, False):
        reports = await load_sources(store, two_exports(kind), who="tester", preview=preview)
        told.append([(dict(one.counts), one.problems) for one in reports])
    assert told[0] == told[1]
    assert told[2] == told[3]
    assert sum(counts.get(Action.NEW, 0) for counts, _ in told[1]) == 3
    assert not any(counts.get(Action.NEW) for counts, _ in told[3])


async def test_a_preview_knows_what_an_earlier_file_would_bring(store: Store) -> None:
    """The seeds come last: what they name may come with an export of the same load."""

    def sources() -> list[Source]:
        papers = [one for one in SAMPLE if isinstance(one, Citation)]
        return [
            source([one for one in SAMPLE if one not in papers]),
            source(papers, name="export.xml", form="pubmed", whole=False),
        ]

    shown = await load_sources(store, sources(), who="tester", preview=True)
    assert await nodes(store, "Citation") == 0
    done = await load_sources(store, sources(), who="tester")
    assert [(one.counts, one.problems) for one in shown] == [(one.counts, one.problems) for one in done]
    assert sum(one.counts[Action.NEW] for one in done) == ALL


async def test_order_of_records_in_a_source_does_not_matter(store: Store) -> None:
    report = await load(store, reversed(SAMPLE))
    assert report.counts[Action.NEW] == ALL


async def test_a_changed_record_is_updated_with_its_relationships(store: Store) -> None:
    await load(store, SAMPLE)
    changed = finding(3, "prp", "hip-osteoarthritis", estimate=-0.2)
    report = await load(store, with_changed(SAMPLE, changed), name="edited")
    assert (report.counts[Action.UPDATED], report.counts[Action.UNCHANGED]) == (1, ALL - 1)
    assert await edges(store, "Finding", "TESTS", changed.id) == {"prp"}


async def test_a_dangling_reference_rejects_the_record_and_what_needs_it_and_loads_the_rest(store: Store) -> None:
    wrong = study(3, "tenz", "hip-osteoarthritis")
    report = await load(store, with_changed(SAMPLE, wrong))
    assert report.counts[Action.REJECTED] == 2
    assert report.counts[Action.NEW] == ALL - 2
    messages = " ".join(problem.message for problem in report.problems)
    assert "therapies names the Therapy 'tenz'" in messages
    assert {problem.where.partition(":")[0] for problem in report.problems} == {"sample"}
    assert report.read == ALL


async def test_a_circle_in_a_hierarchy_is_rejected_with_its_path(store: Store) -> None:
    turned = KNEE.model_copy(update={"broader": ("hip-osteoarthritis",)})
    hip = next(one for one in SAMPLE if one.id == "hip-osteoarthritis").model_copy(
        update={"broader": ("knee-osteoarthritis",)}
    )
    report = await load(store, with_changed(SAMPLE, turned, hip))
    assert any(
        "hip-osteoarthritis → knee-osteoarthritis → hip-osteoarthritis" in one.message for one in report.problems
    )
    assert await nodes(store, "Condition") == 1


async def test_a_name_that_leads_elsewhere_is_rejected(store: Store) -> None:
    await load(store, SAMPLE)
    thief = PRP.model_copy(update={"id": "prp-two", "name": "Plasma", "abbreviations": ("P-R-P",), "synonyms": ()})
    report = await load(store, [thief], name="thief")
    assert report.counts[Action.REJECTED] == 1
    assert "'P-R-P' already leads to prp" in report.problems[0].message


async def test_one_id_with_two_contents_is_a_problem_and_with_one_content_is_not(store: Store) -> None:
    other = PRP.model_copy(update={"sentence": "Something else."})
    report = await load(store, [*SAMPLE, PRP, other])
    assert report.counts[Action.MATCHED] == 1
    assert report.counts[Action.REJECTED] == 1
    assert "already used at sample:" in report.problems[0].message


async def test_one_paper_is_one_citation_under_whatever_identifier_it_comes(store: Store) -> None:
    await load(store, SAMPLE)
    by_doi = citation(1, id="doi:10.5555/invented.1", pmid=None)
    report = await load(store, [by_doi], name="again", form="other")
    assert report.counts[Action.MATCHED] == 1
    assert await nodes(store, "Citation") == 3


async def test_references_follow_a_citation_to_the_id_it_has_in_the_graph(store: Store) -> None:
    await load(store, [citation(1, id="doi:10.5555/invented.1")], name="first", form="other")
    report = await load(store, SAMPLE)
    assert report.problems == []
    assert await edges(store, "Study", "REPORTED_IN", "author1trial") == {"doi:10.5555/invented.1"}


async def test_contradicting_identifiers_are_never_merged(store: Store) -> None:
    await load(store, SAMPLE)
    mixed = citation(1, id="pmid:900002", pmid="900002")
    report = await load(store, [mixed], name="mixed", form="other")
    assert report.counts[Action.REJECTED] == 1
    assert "belong to two citations, pmid:900001 and pmid:900002" in report.problems[0].message
    other = citation(1, id="pmid:77", pmid="77")
    report = await load(store, [other], name="other", form="other")
    assert "PMID 900001, not 77" in report.problems[0].message
    assert await nodes(store, "Citation") == 3


async def citation_node(store: Store, record: str) -> Citation:
    (node,) = await store.nodes("Citation", [record])
    return Citation.from_properties(node)


async def test_two_sources_of_one_citation_add_up_the_same_in_either_order(store: Store) -> None:
    curated = citation(1, note="Analysed subset only.", journal="J Invented", doi=None)
    indexed = citation(1, language="eng", volume="12")
    await load(store, [curated], name="curated")
    await load(store, [indexed], name="indexed", form="pubmed")
    one_way = await citation_node(store, "pmid:900001")
    assert (one_way.journal, one_way.volume, one_way.note) == (indexed.journal, "12", curated.note)
    again = await load(store, [curated], name="curated")
    assert again.counts[Action.UPDATED] == 0

    second = {"id": "pmid:900002", "pmid": "900002", "title": "Invented trial number 1"}
    await load(store, [indexed.model_copy(update=second | {"doi": "10.5555/x"})], name="indexed2", form="pubmed")
    await load(store, [curated.model_copy(update=second)], name="curated2")
    other_way = await citation_node(store, "pmid:900002")
    assert other_way.model_copy(update={"id": one_way.id, "pmid": one_way.pmid, "doi": one_way.doi}) == one_way


async def test_a_retraction_is_not_undone_by_a_source_that_does_not_know_of_it(store: Store) -> None:
    retracted = citation(1, retraction={"state": RetractionState.RETRACTED, "date": "2020"})
    await load(store, [retracted], name="seeds")
    await load(store, [citation(1)], name="index", form="pubmed")
    assert (await citation_node(store, "pmid:900001")).retracted
    await load(store, [citation(1)], name="seeds corrected")
    assert not (await citation_node(store, "pmid:900001")).retracted


async def test_sources_that_refer_to_each_other_load_together(store: Store) -> None:
    sources = [source([one], name=f"part {place}") for place, one in enumerate(reversed(SAMPLE))]
    reports = await load_sources(store, sources, who="tester")
    assert [report.counts[Action.NEW] for report in reports] == [1] * ALL
    assert await nodes(store, "LoadRun") == ALL


async def test_two_exports_of_one_paper_fill_each_other_and_do_not_take_turns(store: Store) -> None:
    one, other = citation(1, title="A title", volume=None), citation(1, title="A TITLE", volume="12")
    await load(store, [one], name="zotero.ris", form="ris")
    added = await load(store, [other], name="embase.ris", form="ris")
    assert added.counts[Action.UPDATED] == 1
    held = await citation_node(store, "pmid:900001")
    assert (held.title, held.volume) == ("A title", "12")
    for name, record in (("zotero.ris", one), ("embase.ris", other)):
        again = await load(store, [record], name=name, form="ris")
        assert again.counts[Action.UPDATED] == 0
    corrected = await load(store, [citation(1, title="A better title", volume=None)], name="zotero.ris", form="ris")
    assert corrected.counts[Action.UPDATED] == 1
    held = await citation_node(store, "pmid:900001")
    assert (held.title, held.volume) == ("A better title", "12")


async def test_a_paper_twice_in_one_file_is_one_citation_and_loads_again_unchanged(store: Store) -> None:
    twice = [citation(1, title="First", volume=None), citation(1, title="Second", volume="12")]
    report = await load(store, twice, name="double.ris", form="ris")
    assert (report.counts[Action.NEW], report.counts[Action.MATCHED]) == (1, 1)
    again = await load(store, twice, name="double.ris", form="ris")
    assert (again.counts[Action.UPDATED], again.counts[Action.NEW]) == (0, 0)
    held = await citation_node(store, "pmid:900001")
    assert (held.title, held.volume) == ("First", "12")


async def test_two_files_of_pubmed_that_tell_of_one_book_do_not_take_turns(store: Store) -> None:
    one = citation(1, type=CitationType.BOOK, title="Spinal cord stimulation: a guideline", volume="2")
    other = citation(1, type=CitationType.BOOK, title="Spinal cord stimulation", pages="1-90")
    files = {"book.xml": one, "shelf.xml": other}
    for name, record in files.items():
        await load(store, [record], name=name, form="pubmed")
    held = await citation_node(store, "pmid:900001")
    assert (held.title, held.volume, held.pages) == (one.title, "2", "1-90")
    for names in (("book.xml", "shelf.xml"), ("shelf.xml", "book.xml")):
        sources = [source([files[name]], name=name, form="pubmed") for name in names]
        again = await load_sources(store, sources, who="tester")
        assert [report.counts[Action.UPDATED] for report in again] == [0, 0]
    assert await citation_node(store, "pmid:900001") == held


@pytest.mark.parametrize(
    "part",
    [
        {"harms": (Harm(event="bruise", citation="pmid:900002"),)},
        {"readings": (Reading(citation="pmid:900002", readers=2),)},
    ],
    ids=["harm", "reading"],
)
async def test_what_was_read_in_no_report_of_its_study_is_refused(store: Store, part: dict[str, Any]) -> None:
    """Nothing would hold such a report: it could be merged into another one, and the harm lead nowhere."""
    await load(store, SAMPLE)
    told = study(1, "prp", "knee-osteoarthritis", **part)
    report = await load(store, with_changed(SAMPLE, told))
    assert report.counts[Action.REJECTED] == 1
    (problem,) = report.problems
    assert "cite pmid:900002, no report of the study" in problem.message
    reported = told.model_copy(update={"citations": ("pmid:900001", "pmid:900002")})
    assert (await load(store, with_changed(SAMPLE, reported))).problems == []
    await merge_two(store, "pmid:900001", "pmid:900002", who="ada")
    assert await check_graph(store) == []
