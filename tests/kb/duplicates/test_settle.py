"""Settling possible duplicates: merging, keeping apart, splitting, and what earlier releases hold."""

from typing import Any

import pytest

from kb.check import check_graph
from kb.duplicates import keep_apart, merge_two, split
from kb.duplicates.rewriting import Rewriting
from kb.errors import NotFound, StoreBusy, UsageError
from kb.ingest import Action
from kb.ingest.apply import made
from kb.ingest.existing import read_existing, read_existing_citations
from kb.questions import PageRequest, Questions
from kb.questions.summaries import read_evidence
from kb.releases import publish
from kb.store import Store
from schema.citation import Author, Citation, Retraction
from schema.possible_duplicate import PossibleDuplicate
from schema.study import Harm, Reading, Study
from schema.terms import DuplicateState, RetractionState
from tests.kb.again import write_twice
from tests.kb.ingest.test_matching import EXPORT, PAPER, UNSURE, citations, done, pairs
from tests.samples import SAMPLE, citation, finding, load, study

PAGE = PageRequest(first=20)

TWIN = citation(
    1,
    id="local:twin",
    pmid=None,
    doi="10.5555/other",
    journal=None,
    volume="4",
    retraction=Retraction(state=RetractionState.RETRACTED, notice_pmid="777"),
)
TRIAL = study(
    7,
    "prp",
    "knee-osteoarthritis",
    citations=("local:twin", "pmid:900002"),
    harms=(Harm(event="bruise", citation="local:twin"),),
    readings=(Reading(citation="local:twin", readers=2),),
)
RESULT = finding(7, "prp", "knee-osteoarthritis", citation="local:twin")


async def record(store: Store, label: str, id_: str) -> Any:
    return (await Questions(store).records_now(label, [id_]))[id_]


async def everything(store: Store) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for label in ("Citation", "Study", "Finding"):
        for row in await store.read("nodes_of_label", {"Label": label}):
            node = row["node"]
            found[label, node["id"]] = (node["content_hash"], node.get("field_sources"), node["loaded_from"])
    return found


async def with_twin(store: Store) -> None:
    await load(store, SAMPLE)
    await load(store, [TWIN, TRIAL, RESULT], name="twin")


async def test_merging_moves_everything_to_the_kept_one_and_both_ids_lead_there(store: Store) -> None:
    await with_twin(store)
    await merge_two(store, "pmid:900001", "local:twin", who="ada")
    kept = await record(store, "Citation", "pmid:900001")
    assert (kept.title, kept.journal, kept.volume) == (TWIN.title, "Journal of Invented Trials", "4")
    assert kept.retracted
    assert "local:twin" not in await citations(store)
    trial = await record(store, "Study", TRIAL.id)
    assert trial.citations == ("pmid:900001", "pmid:900002")
    assert (trial.harms[0].citation, trial.readings[0].citation) == ("pmid:900001", "pmid:900001")
    assert (await record(store, "Finding", RESULT.id)).citation == "pmid:900001"
    assert await check_graph(store) == []
    await publish(store, who="ada")
    questions = Questions(store)
    assert (await questions.citation(id="local:twin")).id == "pmid:900001"
    assert (await questions.citation(doi="10.5555/other")).id == "pmid:900001"
    (pair,) = await pairs(store, DuplicateState.SAME)
    assert (pair.decided_by, pair.one, pair.other) == ("ada", "local:twin", "pmid:900001")
    assert await check_graph(store) == []


async def test_loads_that_name_the_merged_one_find_the_kept_one_and_change_nothing(store: Store) -> None:
    await with_twin(store)
    await merge_two(store, "pmid:900001", "local:twin", who="ada")
    before = await everything(store)
    for _ in range(2):
        report = await load(store, [TWIN, TRIAL, RESULT], name="twin")
        assert report.problems == []
        assert report.counts[Action.NEW] == report.counts[Action.UPDATED] == 0
    assert await everything(store) == before
    by_doi = TWIN.model_copy(update={"id": "doi:10.5555/other"})
    report = await load(store, [by_doi], name="again.ris", form="ris")
    assert report.counts[Action.NEW] == report.counts[Action.REJECTED] == 0
    assert await check_graph(store) == []


async def test_earlier_releases_stay_exact_when_two_are_merged_and_split_again(store: Store) -> None:
    await with_twin(store)
    await publish(store, who="ada")
    questions = Questions(store)

    async def as_of(number: int) -> Any:
        held = await questions.get_many("Citation", ["pmid:900001", "local:twin"], as_of=number)
        trial = await questions.study(TRIAL.id, as_of=number)
        by_doi = (await questions.citation(doi="10.5555/other", as_of=number)).id
        answer = await read_evidence(questions, PAGE, condition="knee-osteoarthritis", therapy="prp", as_of=number)
        return held, trial, by_doi, [one.model_dump(exclude={"until"}) for one in answer.items]

    first = await as_of(1)
    assert first[0]["local:twin"] == TWIN
    await merge_two(store, "pmid:900001", "local:twin", who="ada")
    assert await as_of(1) == first, "what is not published is not seen"
    await publish(store, who="ada")
    second = await as_of(2)
    assert set(second[0]) == {"pmid:900001"}
    assert second[2] == "pmid:900001"
    assert second[1].citations == ("pmid:900001", "pmid:900002")
    assert await as_of(1) == first
    await split(store, "local:twin", who="ben")
    assert (await as_of(1), await as_of(2)) == (first, second)
    await publish(store, who="ben")
    third = await as_of(3)
    assert (await as_of(1), await as_of(2)) == (first, second)
    assert third[:3] == first[:3]
    assert await check_graph(store) == []


async def test_a_merge_that_is_split_leaves_all_as_it_was_and_is_not_made_again(store: Store) -> None:
    await with_twin(store)
    before = await everything(store)
    await merge_two(store, "pmid:900001", "local:twin", who="ada")
    assert await everything(store) != before
    decided = await split(store, "local:twin", who="ben")
    assert (decided.state, decided.decided_by) == (DuplicateState.DIFFERENT, "ben")
    assert await everything(store) == before
    assert await check_graph(store) == []
    report = await load(store, [TWIN, TRIAL, RESULT], name="twin")
    assert set(done(report)) <= {Action.UNCHANGED}
    assert await pairs(store) == []
    with pytest.raises(NotFound):
        await split(store, "local:twin", who="ben")


async def test_a_split_gives_back_what_a_higher_source_answered_for(store: Store) -> None:
    await load(store, [EXPORT], name="export", form="ris")
    twin = EXPORT.model_copy(update={"id": "local:twin", "doi": None, "issue": None, "note": "indexed"})
    await load(store, [twin], name="indexed", form="pubmed")
    assert list(await citations(store)) == [EXPORT.id]
    await split(store, twin.id, who="ben")
    corrected = EXPORT.model_copy(update={"year": 2018})
    await load(store, [corrected], name="export", form="ris")
    assert await citations(store) == {EXPORT.id: corrected, twin.id: twin}


@pytest.mark.parametrize(
    "edited",
    [TWIN, citation(1), TRIAL, TRIAL.model_copy(update={"id": "author8trial"})],
    ids=["the lost one", "the kept one", "what named it", "what names it since"],
)
async def test_a_merge_that_is_overtaken_by_an_edit_writes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, edited: Citation | Study
) -> None:
    await with_twin(store)
    write = Rewriting.write
    seen: list[dict[tuple[str, str], Any]] = []

    async def overtaken(rewriting: Rewriting) -> None:
        name = {"title": "Edited meanwhile"} if isinstance(edited, Citation) else {"name": "Edited meanwhile"}
        await load(store, [edited.model_copy(update=name)], name="meanwhile")
        seen.append(await everything(store))
        await write(rewriting)

    with monkeypatch.context() as patch:
        patch.setattr(Rewriting, "write", overtaken)
        with pytest.raises(StoreBusy, match="changed at the same time"):
            await merge_two(store, "pmid:900001", "local:twin", who="ada")
    assert [await everything(store)] == seen
    assert await pairs(store) == []
    await merge_two(store, "pmid:900001", "local:twin", who="ada")
    assert "local:twin" not in await citations(store)
    assert await check_graph(store) == []


async def test_a_split_that_is_overtaken_by_what_names_the_merged_one_writes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_twin(store)
    await merge_two(store, "pmid:900001", "local:twin", who="ada")
    late = study(8, "prp", "knee-osteoarthritis", citations=("local:twin",))
    write = Rewriting.write

    async def overtaken(rewriting: Rewriting) -> None:
        await load(store, [late], name="meanwhile")
        await write(rewriting)

    with monkeypatch.context() as patch:
        patch.setattr(Rewriting, "write", overtaken)
        with pytest.raises(StoreBusy, match="changed at the same time"):
            await split(store, "local:twin", who="ada")
    assert "local:twin" not in await citations(store)
    await split(store, "local:twin", who="ada")
    assert (await read_existing(store, "Study", [late.id]))[late.id].record == late
    assert await check_graph(store) == []


async def test_a_decision_whose_acknowledgement_was_lost_is_told_as_made(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_twin(store)
    before = await everything(store)
    with monkeypatch.context() as patch:
        write_twice(patch, store)
        await merge_two(store, "pmid:900001", "local:twin", who="ada")
        assert "local:twin" not in await citations(store)
        await split(store, "local:twin", who="ben")
    assert await everything(store) == before
    assert await check_graph(store) == []


async def test_what_a_better_source_said_too_is_its_own_until_the_two_are_split(store: Store) -> None:
    await load(store, [citation(1, doi=None)], name="export.ris", form="ris")
    await load(store, [TWIN], name="all.xml", form="pubmed")
    before = await everything(store)
    await merge_two(store, "pmid:900001", "local:twin", who="ada")
    (kept,) = await read_existing_citations(store, [citation(1)])
    assert (kept.source_of("title"), kept.source_of("journal")) == ("pubmed:all.xml", "ris:export.ris")
    await split(store, "local:twin", who="ben")
    assert await everything(store) == before


async def test_a_wrong_match_of_a_load_is_split_and_what_came_with_it_returns(store: Store) -> None:
    trial = study(7, "prp", "knee-osteoarthritis", citations=(EXPORT.id,))
    await load(store, [*SAMPLE, PAPER])
    alone = await everything(store)
    await load(store, [EXPORT, trial], name="export", form="ris")
    assert EXPORT.id not in await citations(store)
    await split(store, EXPORT.id, who="ben")
    held = await citations(store)
    assert (held[PAPER.id], held[EXPORT.id]) == (PAPER, EXPORT)
    assert (await everything(store))["Citation", PAPER.id] == alone["Citation", PAPER.id]
    assert (await record(store, "Study", trial.id)).citations == (EXPORT.id,)
    report = await load(store, [EXPORT, trial], name="export", form="ris")
    assert done(report) == {Action.UNCHANGED: 2}
    assert report.problems == []
    assert await check_graph(store) == []


async def test_what_changed_after_the_merge_stays_when_it_is_split(store: Store) -> None:
    await load(store, [PAPER], form="pubmed")
    await load(store, [EXPORT], name="export", form="ris")
    await load(store, [PAPER.model_copy(update={"language": "eng", "issue": "3"})], form="pubmed")
    third = EXPORT.model_copy(update={"id": "local:third", "doi": None, "issue": None, "note": "from the third"})
    await load(store, [third], name="third", form="ris")
    corrected = EXPORT.model_copy(update={"keywords": ("stimulation",)})
    await load(store, [corrected], name="export", form="ris")
    await split(store, EXPORT.id, who="ben")
    held = await citations(store)
    assert held[EXPORT.id] == corrected
    kept = held[PAPER.id]
    assert (kept.language, kept.issue, kept.note) == ("eng", "3", "from the third")
    assert (kept.doi, kept.keywords) == (None, ())
    await split(store, "local:third", who="ben")
    held = await citations(store)
    assert held["local:third"] == third
    assert held[PAPER.id] == PAPER.model_copy(update={"language": "eng", "issue": "3"})


async def test_kept_apart_is_remembered(store: Store) -> None:
    await load(store, [PAPER], form="pubmed")
    await load(store, [UNSURE], name="export.ris", form="ris")
    await keep_apart(store, PAPER.id, UNSURE.id, who="ada")
    assert await pairs(store) == []
    (pair,) = await pairs(store, DuplicateState.DIFFERENT)
    assert pair.decided_by == "ada"
    assert pair.decided is not None
    better = UNSURE.model_copy(update={"journal": PAPER.journal, "volume": "20", "pages": "112-119"})
    report = await load(store, [better], name="export.ris", form="ris")
    assert (done(report), report.problems) == ({Action.UPDATED: 1}, [])
    assert len(await citations(store)) == 2


async def test_who_keeps_two_apart_again_finds_the_first_decision(store: Store) -> None:
    await load(store, [PAPER], form="pubmed")
    await load(store, [UNSURE], name="export.ris", form="ris")
    first = await keep_apart(store, PAPER.id, UNSURE.id, who="ada")
    assert await keep_apart(store, UNSURE.id, PAPER.id, who="ben") == first
    assert await pairs(store, DuplicateState.DIFFERENT) == [first]
    runs = [row["node"] for row in await store.read("nodes_of_label", {"Label": "LoadRun"})]
    assert [one["who"] for one in runs if one["format"] == "decision"] == ["ada"]


async def test_what_was_decided_of_the_kept_one_stands_before_what_is_open_of_the_merged_one(store: Store) -> None:
    third = UNSURE.model_copy(update={"id": "local:harlow-third", "title": f"{UNSURE.title} A second look"})
    await load(store, [PAPER], form="pubmed")
    await load(store, [third], name="third.ris", form="ris")
    await load(store, [UNSURE], name="export.ris", form="ris")
    await keep_apart(store, PAPER.id, third.id, who="ada")
    (decided,) = [one for one in await pairs(store, DuplicateState.DIFFERENT) if PAPER.id in (one.one, one.other)]
    asked = PossibleDuplicate(id=f"{UNSURE.id}|{third.id}", one=UNSURE.id, other=third.id, reason="titles", found="")
    await store.write_all(made([asked]))
    await merge_two(store, PAPER.id, UNSURE.id, who="ben")
    assert decided in await pairs(store, DuplicateState.DIFFERENT)


async def test_merges_in_a_chain_are_followed_and_undone_one_by_one(store: Store) -> None:
    three = [
        Citation(id=f"local:{name}", title=f"Paper {name}", volume=name, authors=(Author(family=name),))
        for name in ("a", "b", "c")
    ]
    await load(store, three, name="three.ris", form="ris")
    before = await everything(store)
    await merge_two(store, "local:b", "local:a", who="ada")
    await merge_two(store, "local:c", "local:b", who="ada")
    assert set(await citations(store)) == {"local:c"}
    with pytest.raises(UsageError, match="one citation already"):
        await merge_two(store, "local:a", "local:c", who="ada")
    await split(store, "local:b", who="ada")
    assert set(await citations(store)) == {"local:b", "local:c"}
    await split(store, "local:a", who="ada")
    assert await everything(store) == before


async def test_who_asks_for_the_impossible_is_told(store: Store) -> None:
    await load(store, [PAPER], form="pubmed")
    with pytest.raises(NotFound):
        await merge_two(store, PAPER.id, "local:nothing", who="ada")
    with pytest.raises(UsageError):
        await keep_apart(store, PAPER.id, PAPER.id, who="ada")
    with pytest.raises(NotFound):
        await split(store, PAPER.id, who="ada")
