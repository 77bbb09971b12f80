"""Loads that another writer gets ahead of, and writes whose acknowledgement is lost."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from kb.check import check_graph
from kb.duplicates import keep_apart, merge_two, split
from kb.errors import NotFound, StoreLost
from kb.ingest import Action
from kb.ingest import load as loading
from kb.questions.records import read_records
from kb.settings import Settings
from kb.store import Statement, Store
from schema.citation import Citation
from schema.record import DRAFT, Record
from schema.terms import DuplicateState
from tests.kb.contended import empty_server, meanwhile
from tests.kb.ingest.test_matching import EXPORT, PAPER, UNSURE, citations, done, pairs
from tests.samples import VOCABULARY, citation, load, study


def overtake(monkeypatch: pytest.MonkeyPatch, store: Store, edit: Record) -> None:
    """Let the next load find this edit made after it planned, before it writes."""
    apply = loading.apply

    async def overtaken(*given: Any) -> None:
        monkeypatch.setattr(loading, "apply", apply)
        await load(store, [edit], form="pubmed")
        await apply(*given)

    monkeypatch.setattr(loading, "apply", overtaken)


NOTHING_NEW = EXPORT.model_copy(update={"issue": None, "doi": None})


@pytest.mark.parametrize("export", [EXPORT, NOTHING_NEW], ids=["which adds something", "which adds nothing"])
async def test_what_a_merge_found_is_what_stood_when_it_was_written(
    store: Store, monkeypatch: pytest.MonkeyPatch, export: Citation
) -> None:
    await load(store, [PAPER], form="pubmed")
    edited = PAPER.model_copy(update={"issue": EXPORT.issue})
    overtake(monkeypatch, store, edited)
    await load(store, [export], name="export.ris", form="ris")
    assert set(await citations(store)) == {PAPER.id}
    await split(store, export.id, who="ben")
    held = await citations(store)
    assert (held[PAPER.id], held[export.id]) == (edited, export)


async def test_an_overtaken_merge_leaves_nothing_if_the_load_ends_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(store, [PAPER], form="pubmed")
    for export in (EXPORT, NOTHING_NEW):
        with monkeypatch.context() as patch:
            overtake(patch, store, PAPER.model_copy(update={"issue": export.id[-1], "note": export.issue}))
            patch.setattr(loading, "ATTEMPTS", 1)
            with pytest.raises(loading.StoreBusy):
                await load(store, [export], name="export.ris", form="ris")
        assert await store.read("nodes_of_label", {"Label": "MergedCitation"}) == []


async def test_a_study_that_names_a_merged_citation_is_pointed_at_it_again_where_they_are_split_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(store, [*VOCABULARY, PAPER], form="pubmed")
    await load(store, [NOTHING_NEW], name="export.ris", form="ris")
    apply = loading.apply

    async def overtaken(*given: Any) -> None:
        monkeypatch.setattr(loading, "apply", apply)
        await split(store, EXPORT.id, who="ben")
        await apply(*given)

    monkeypatch.setattr(loading, "apply", overtaken)
    brought = study(1, "prp", "knee-osteoarthritis", citations=(EXPORT.id,))
    assert done(await load(store, [brought], name="study")) == {Action.NEW: 1}
    held = await citations(store)
    assert (held[PAPER.id], held[EXPORT.id]) == (PAPER, NOTHING_NEW)
    assert await read_records(store, "Study", [brought.id], DRAFT) == {brought.id: brought}
    assert await check_graph(store) == []
    with pytest.raises(NotFound):
        await split(store, EXPORT.id, who="ben")


async def test_a_study_of_a_citation_that_is_merged_meanwhile_names_the_one_that_is_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(store, [*VOCABULARY, citation(1), citation(2)], form="ris")
    apply = loading.apply

    async def overtaken(*given: Any) -> None:
        monkeypatch.setattr(loading, "apply", apply)
        await merge_two(store, citation(2).id, citation(1).id, who="ben")
        await apply(*given)

    monkeypatch.setattr(loading, "apply", overtaken)
    brought = study(1, "prp", "knee-osteoarthritis")
    assert done(await load(store, [brought], name="study")) == {Action.NEW: 1}
    assert await check_graph(store) == []
    (named,) = (await read_records(store, "Study", [brought.id], DRAFT)).values()
    assert named == brought.model_copy(update={"citations": (citation(2).id,)})
    await split(store, citation(1).id, who="ben")
    assert await read_records(store, "Study", [brought.id], DRAFT) == {brought.id: brought}


def decide_before_asking(monkeypatch: pytest.MonkeyPatch, store: Store, decide: Callable[[], Awaitable[Any]]) -> None:
    """Let a person decide after the next load has written its citations, before it asks about them."""
    write_all = store.write_all

    async def decided(writes: Sequence[Statement], **given: Any) -> list[list[dict[str, Any]]]:
        done = await write_all(writes, **given)
        if any(one.query == "create_nodes" for one in writes):
            monkeypatch.setattr(store, "write_all", write_all)
            await decide()
        return done

    monkeypatch.setattr(store, "write_all", decided)


async def test_what_a_person_decides_while_a_load_is_about_to_ask_stays_decided(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(store, [PAPER], form="pubmed")
    decide_before_asking(monkeypatch, store, lambda: keep_apart(store, PAPER.id, UNSURE.id, who="ada"))
    await load(store, [UNSURE], name="export.ris", form="ris")
    (decided,) = await pairs(store, DuplicateState.DIFFERENT)
    assert (decided.one, decided.other, decided.decided_by) == (UNSURE.id, PAPER.id, "ada")
    assert await pairs(store) == []


async def test_nobody_is_asked_about_a_citation_that_a_person_merged_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(store, [PAPER, citation(1)], form="pubmed")
    decide_before_asking(monkeypatch, store, lambda: merge_two(store, citation(1).id, UNSURE.id, who="ada"))
    await load(store, [UNSURE], name="export.ris", form="ris")
    held = await citations(store)
    assert UNSURE.id not in held
    asked = [row["node"] for row in await store.read("nodes_of_label", {"Label": "PossibleDuplicate"})]
    assert all(one["one"] in held and one["other"] in held for one in asked if one["state"] == "OPEN")
    assert await check_graph(store) == []


async def test_two_loads_at_once_of_studies_that_name_a_merged_citation_are_both_undone_by_a_split(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(store, [*VOCABULARY, PAPER], form="pubmed")
    await load(store, [EXPORT], name="export.ris", form="ris")
    one, other = (study(number, "prp", "knee-osteoarthritis", citations=(EXPORT.id,)) for number in (1, 2))
    overtake(monkeypatch, store, one)
    await load(store, [other], name="other")
    await split(store, EXPORT.id, who="ben")
    held = await read_records(store, "Study", [one.id, other.id], DRAFT)
    assert held == {one.id: one, other.id: other}


async def test_what_an_overtaken_load_brought_is_told_as_brought(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await load(store, [citation(1), citation(2)], form="ris")
    overtake(monkeypatch, store, citation(1, volume="7"))
    edits = [citation(1, pages="1-9"), citation(2, pages="1-9"), citation(3)]
    report = await load(store, edits, form="ris")
    assert done(report) == {Action.UPDATED: 2, Action.NEW: 1}
    held = await citations(store)
    assert [(held[one.id].volume, held[one.id].pages) for one in edits[:2]] == [("7", "1-9"), (None, "1-9")]


async def test_a_load_whose_acknowledgements_are_lost_tells_what_it_brought(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(store, [PAPER, citation(1)], form="ris")
    once = store.write_all

    async def lost(writes: Sequence[Statement], **given: Any) -> list[list[dict[str, Any]]]:
        result = await once(writes, **given)
        if any(one.query in ("create_nodes", "update_nodes") for one in writes):
            raise StoreLost("The connection was lost.")
        return result

    monkeypatch.setattr(store, "write_all", lost)
    report = await load(store, [EXPORT, citation(1, volume="7"), citation(2)], form="ris")
    assert done(report) == {Action.UPDATED: 2, Action.NEW: 1}
    assert await check_graph(store) == []
    monkeypatch.undo()
    await split(store, EXPORT.id, who="ben")
    assert (await citations(store))[PAPER.id] == PAPER


async def test_a_change_that_is_just_being_written_is_waited_for(
    neo4j_settings: Settings, allowed_names: frozenset[str]
) -> None:
    async with empty_server(neo4j_settings, allowed_names) as store:
        await load(store, [PAPER], form="pubmed")
        edited = PAPER.model_copy(update={"issue": EXPORT.issue})
        other = PAPER.model_copy(update={"note": "meanwhile"})
        report = await meanwhile(neo4j_settings, other, load(store, [edited], form="pubmed"))
        assert report.counts[Action.UPDATED] == 1
        assert (await citations(store))[PAPER.id] == edited
