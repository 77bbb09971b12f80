"""A chunk is planned while the one before is written: as if that were in the graph already."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from kb.check import check_graph
from kb.ingest import Action, FileReport, Source, load_sources
from kb.store import Store
from schema.citation import Author, Citation, CitationLink, Retraction
from schema.parsed import Parsed, Problem
from schema.record import Record
from schema.terms import CitationLinkKind, RetractionState
from tests.samples import SAMPLE, citation, load, source

NOTICE = citation(
    9, links=(CitationLink(kind=CitationLinkKind.RETRACTION_OF, pmid="900001", source="An invented journal"),)
)
BARE = citation(
    1,
    id="local:bare",
    pmid=None,
    doi=None,
    title="Paper and ink for painful knees: an invented trial",
    pages="11-19",
    volume="7",
)
PRINTED = BARE.model_copy(update={"id": "pmid:900070", "pmid": "900070", "journal_abbreviation": "J Invent Trials"})
REPLY = BARE.model_copy(
    update={"id": "local:reply", "journal": None, "volume": None, "pages": None, "authors": (Author(family="Author1"),)}
)

#: Records that mean something for the one after.
FOLLOWING: dict[str, Sequence[Record]] = {
    "again": (citation(1), citation(1), citation(2)),
    "by DOI alone": (citation(1), citation(1, id="doi:10.5555/invented.1", pmid=None, volume="7"), citation(1)),
    "contradicting": (citation(1), citation(2), citation(1, id="pmid:900002", pmid="900002"), citation(3)),
    "retracted": (
        citation(1),
        citation(1, retraction=Retraction(state=RetractionState.RETRACTED, date="2020")),
        NOTICE,
        citation(1),
    ),
    "with one, then without": (PRINTED, BARE, PRINTED),
    "merged, then merged again": (PRINTED, BARE, BARE.model_copy(update={"issue": "3"}), PRINTED),
    "for a person": (PRINTED, REPLY, REPLY, PRINTED),
    "revised": (citation(1, revised="2020-02-01", volume="2"), citation(1, revised="2020-01-01", volume="1")),
    "revised later": (citation(1, revised="2020-01-01", volume="1"), citation(1, revised="2020-02-01", volume="2")),
    "speaking against each other": (citation(1, volume="1"), citation(1, volume="2", pages="1-9"), citation(1)),
    "three speaking against each other": (
        citation(1, volume="1"),
        citation(1, pages="1-9"),
        citation(1, pages="11-19", issue="2"),
        citation(1, issue="3"),
    ),
    "adding to what is there": (citation(5), citation(5, pages="1-9"), citation(5, issue="2")),
}

#: What is there already.
BEFORE = (citation(5),)

#: What differs from load to load.
OF_A_LOAD = {"load_run", "loaded_at", "merged", "found"}


async def held(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All that was loaded, but for when and by which load."""
    return {
        label: sorted(
            (
                {name: value for name, value in row["node"].items() if name not in OF_A_LOAD}
                for row in await store.read("nodes_of_label", {"Label": label})
            ),
            key=lambda node: node["id"],
        )
        for label in ("Citation", "MergedCitation", "PossibleDuplicate")
    }


def small(records: Sequence[Record], name: str = "export.ris") -> Source:
    """A source whose records stand alone."""
    return source(records, name=name, form="ris", whole=False)


async def wipe(store: Store) -> None:
    while (await store.write("wipe"))[0]["removed"]:
        pass


def done(reports: Sequence[FileReport]) -> dict[Action, int]:
    return {action: number for action in Action if (number := sum(one.counts[action] for one in reports))}


@pytest.mark.parametrize("records", FOLLOWING.values(), ids=FOLLOWING)
async def test_records_far_apart_leave_what_they_leave_side_by_side(
    store: Store, records: Sequence[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(store, BEFORE, name="before.bib", form="bibtex")
    together = await load_sources(store, [small(records)], who="tester")
    in_one_chunk = await held(store)
    await wipe(store)
    await load(store, BEFORE, name="before.bib", form="bibtex")
    monkeypatch.setattr("kb.ingest.chunks.CHUNK", 1)
    preview = await load_sources(store, [small(records)], who="tester", preview=True)
    apart = await load_sources(store, [small(records)], who="tester")
    assert done(apart) == done(together) == done(preview)
    assert [one.message for one in apart[0].problems] == [one.message for one in together[0].problems]
    assert await held(store) == in_one_chunk
    again = await load_sources(store, [small(records)], who="tester")
    assert done(again).keys() <= {Action.UNCHANGED, Action.MATCHED, Action.REJECTED}
    assert await held(store) == in_one_chunk
    assert await check_graph(store) == []


async def test_a_record_that_another_files_paper_took_in_is_not_unsaid_by_the_next_one_of_its_file(
    store: Store,
) -> None:
    bare = BARE.model_copy(update={"id": "pmcid:PMC72", "pmcid": "PMC72"})
    sources = [small([PRINTED], "a.ris"), small([bare, citation(70, title=None)], "b.ris")]
    reports = await load_sources(store, sources, who="tester")
    assert [one.problems for one in reports] == [[], []]
    first = await held(store)
    (node,) = first["Citation"]
    assert (node["id"], node["pmcid"]) == (PRINTED.id, "PMC72")
    assert done(await load_sources(store, sources, who="tester")).keys() <= {Action.UNCHANGED, Action.MATCHED}
    assert await held(store) == first


async def test_a_paper_that_gets_its_identifier_later_keeps_its_id(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in (BARE, PRINTED, BARE):
        await load(store, [one], name="export.ris", form="ris")
    one_by_one = await held(store)
    await wipe(store)
    monkeypatch.setattr("kb.ingest.chunks.CHUNK", 1)
    await load_sources(store, [small([BARE, PRINTED, BARE])], who="tester")
    assert await held(store) == one_by_one


async def test_an_edited_record_is_kept_once_as_it_was_published(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await load(store, [citation(1)], name="a.xml", form="pubmed")
    await store.write("stamp_nodes", {"Label": "Citation"}, rows=[await stamp(store, "pmid:900001")], number=1)
    monkeypatch.setattr("kb.ingest.chunks.CHUNK", 1)
    edits = [citation(1, volume=str(number), revised=f"202{number}-01-01") for number in range(1, 5)]
    (report,) = await load_sources(store, [source(edits, name="b.xml", form="pubmed", whole=False)], who="tester")
    assert done([report]) == {Action.UPDATED: 1, Action.MATCHED: 3}
    (revision,) = [row["node"] for row in await store.read("nodes_of_label", {"Label": "Revision"})]
    assert (revision["record_id"], revision["first"]) == ("pmid:900001", 1)
    assert Citation.model_validate_json(revision["content"]) == citation(1)
    (node,) = await store.nodes("Citation", ["pmid:900001"])
    assert node["volume"] == "4"


async def stamp(store: Store, id_: str) -> dict[str, str]:
    (node,) = await store.nodes("Citation", [id_])
    return {"id": id_, "hash": node["content_hash"]}


async def test_loads_that_meet_at_every_chunk_plan_anew_and_lose_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.ingest.chunks.CHUNK", 2)
    papers = [citation(number) for number in range(1, 21)]
    more = [one.model_copy(update={"volume": "7", "pages": "1-9"}) for one in reversed(papers)]
    loads = (load_sources(store, [small(some, name)], who=name) for name, some in (("a.ris", papers), ("b.ris", more)))
    reports = [report for some in await asyncio.gather(*loads) for report in some]
    assert [(report.read, report.problems) for report in reports] == [(len(papers), [])] * 2
    assert done(reports)[Action.NEW] == len(papers)
    nodes = (await held(store))["Citation"]
    assert [node["id"] for node in nodes] == sorted(one.id for one in papers)
    assert {(node["volume"], node["pages"]) for node in nodes} == {("7", "1-9")}
    assert await check_graph(store) == []
    states = [row["node"]["state"] for row in await store.read("nodes_of_label", {"Label": "LoadRun"})]
    assert states == ["COMPLETE"] * 2


async def test_problems_are_told_chunk_by_chunk_those_of_reading_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.ingest.chunks.CHUNK", 1)
    contradicting = citation(1, id="pmid:900002", pmid="900002")
    parsed: list[Parsed | Problem] = [
        Problem("1", "unreadable"),
        Parsed(citation(1), "2"),
        Parsed(contradicting, "3"),
        Problem("4", "unreadable"),
        Parsed(contradicting, "5"),
        Problem("6", "unreadable"),
    ]
    broken = Source("broken", "ris", "1", "hash", whole=False, parse=lambda: iter(parsed))
    for preview in (True, False):
        (report,) = await load_sources(store, [broken], who="tester", preview=preview)
        assert [one.where for one in report.problems] == ["1", "4", "3", "6", "5"]
        assert report.counts[Action.REJECTED] == 5


async def test_what_was_planned_before_a_source_broke_off_is_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.ingest.chunks.CHUNK", 1)

    def parse() -> Any:
        for number in range(1, 4):
            yield Parsed(citation(number), str(number))
        raise OSError("the disk is gone")

    broken = Source("broken", "ris", "1", "hash", whole=False, parse=parse)
    with pytest.raises(OSError, match="the disk is gone"):
        await load_sources(store, [broken], who="tester")
    assert [node["id"] for node in (await held(store))["Citation"]] == ["pmid:900001", "pmid:900002"]


async def test_the_seeds_find_what_the_chunk_before_them_brings(store: Store) -> None:
    papers = [one for one in SAMPLE if isinstance(one, Citation)]
    rest = [one for one in SAMPLE if one not in papers]
    reports = await load_sources(store, [source(rest), small(papers)], who="tester")
    assert (done(reports), [one.problems for one in reports]) == ({Action.NEW: len(SAMPLE)}, [[], []])
    assert await check_graph(store) == []
