"""Records that say something else of a paper's identifiers than their source did before, or than a later revision."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from kb.check import check_graph
from kb.ingest import Action, FileReport, Source, load_sources
from kb.store import Store
from schema.citation import Citation
from tests.kb.ingest.test_matching import citations, done
from tests.samples import citation, source

DOI = "10.5555/moved"
RETRACTION = {"title": "Retraction: Invented trial number 1", "type": "NOTICE"}


def pubmed(name: str, *records: Citation) -> Source:
    return source(records, name=name, form="pubmed", whole=False)


def paper(number: int, year: int, doi: str | None) -> Citation:
    return citation(number, doi=doi, revised=f"{year}-01-01")


async def loaded(store: Store, *sources: Source) -> list[FileReport]:
    return await load_sources(store, sources, who="tester")


async def dois(store: Store) -> dict[str, str | None]:
    return {id_: one.doi for id_, one in (await citations(store)).items()}


async def change_nothing(store: Store, *sources: Source) -> bool:
    before = await citations(store)
    reports = await loaded(store, *sources)
    wrote = [one for one in reports if done(one).keys() & {Action.NEW, Action.UPDATED}]
    return not wrote and await citations(store) == before and await check_graph(store) == []


async def test_a_doi_that_pubmed_corrects_is_corrected_and_an_older_file_does_not_bring_it_back(store: Store) -> None:
    older, newer = pubmed("a.xml", paper(1, 2020, "10.5555/wrong")), pubmed("b.xml", paper(1, 2022, DOI))
    await loaded(store, older)
    (report,) = await loaded(store, newer)
    assert (done(report), report.problems) == ({Action.UPDATED: 1}, [])
    assert await dois(store) == {"pmid:900001": DOI}
    assert await change_nothing(store, older, newer)
    # Who has the DOI that was wrong is another paper.
    other = citation(2, id="doi:10.5555/wrong", pmid=None, doi="10.5555/wrong")
    await loaded(store, source([other], name="c.ris", form="ris", whole=False))
    assert set(await citations(store)) == {"pmid:900001", "doi:10.5555/wrong"}


async def test_a_file_that_was_corrected_corrects_the_doi_that_it_gave_itself(store: Store) -> None:
    for doi in ("10.5555/wrong", DOI):
        (report,) = await loaded(store, source([citation(1, doi=doi)], name="a.ris", form="ris", whole=False))
        assert report.problems == []
    assert await dois(store) == {"pmid:900001": DOI}
    (report,) = await loaded(store, source([citation(1)], name="b.ris", form="ris", whole=False))
    assert report.counts[Action.REJECTED] == 1
    assert await dois(store) == {"pmid:900001": DOI}


@pytest.mark.parametrize("order", list(permutations([1, 2])), ids=str)
@pytest.mark.parametrize("left", [None, "10.5555/own"])
async def test_a_doi_that_moves_from_one_paper_to_another_is_at_the_other_one(
    store: Store, order: Sequence[int], left: str | None
) -> None:
    await loaded(store, pubmed("a.xml", paper(1, 2020, DOI), paper(2, 2020, None)))
    newer = {1: paper(1, 2022, left), 2: paper(2, 2022, DOI)}
    moved = pubmed("b.xml", *(newer[number] for number in order))
    (report,) = await loaded(store, moved)
    assert (done(report), report.problems) == ({Action.UPDATED: 2}, [])
    assert await dois(store) == {"pmid:900001": left, "pmid:900002": DOI}
    assert await change_nothing(store, moved)


async def test_who_cannot_have_the_identifier_that_it_asks_for_keeps_its_own(store: Store) -> None:
    await loaded(store, pubmed("a.xml", paper(1, 2020, DOI), paper(2, 2020, "10.5555/two")))
    wrong = pubmed("b.xml", paper(1, 2022, "10.5555/two"), paper(3, 2022, DOI))
    (report,) = await loaded(store, wrong)
    assert report.counts[Action.REJECTED] == 2
    assert await dois(store) == {"pmid:900001": DOI, "pmid:900002": "10.5555/two"}
    assert await change_nothing(store, wrong)


@pytest.mark.parametrize("size", [2500, 1])
@pytest.mark.parametrize("order", list(permutations([2020, 2022])), ids=str)
async def test_no_paper_is_found_by_a_doi_that_a_later_revision_in_its_file_no_longer_has(
    store: Store, order: Sequence[int], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    editions = {2020: paper(1, 2020, DOI), 2022: paper(1, 2022, None)}
    other = citation(2, id=f"doi:{DOI}", pmid=None, doi=DOI)
    sources = [
        pubmed("a.xml", *(editions[year] for year in order)),
        source([other], name="b.ris", form="ris", whole=False),
    ]
    monkeypatch.setattr("kb.ingest.chunks.CHUNK", size)
    (first, _) = await loaded(store, *sources)
    assert done(first) == {Action.NEW: 1, Action.MATCHED: 1}
    assert await dois(store) == {"pmid:900001": None, f"doi:{DOI}": DOI}
    assert await change_nothing(store, *sources)
