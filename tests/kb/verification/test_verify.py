"""Checks in the graph: what is kept of them, when they are due again, and when they make a draft."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from kb.ingest.existing import read_existing
from kb.questions.checks import is_stale, read_checks
from kb.releases import publish
from kb.store import Store
from kb.verification import Asking, Reply, verify
from schema.citation import Author, Citation
from schema.record import DRAFT
from schema.terms import BibliographicSource, VerificationState
from tests.kb.killed import Killed, killed_after
from tests.samples import citation, load

PUBMED, CROSSREF = BibliographicSource.PUBMED, BibliographicSource.CROSSREF


def answering(*replies: Reply) -> Asking:
    """Sources that say this about every citation."""

    async def ask(citations: Sequence[Citation]) -> AsyncIterator[tuple[Citation, Sequence[Reply]]]:
        for one in citations:
            yield one, replies

    return ask


async def held(store: Store, id_: str) -> tuple[VerificationState, str | None, bool]:
    """The verdict of a citation as the graph holds it, with its note, and whether it waits for a release."""
    found = (await read_existing(store, "Citation", [id_]))[id_]
    assert isinstance(found.record, Citation)
    return found.record.verification, found.record.verification_note, found.since == DRAFT


async def test_a_verdict_waits_for_a_release_and_a_check_that_finds_the_same_makes_no_draft(store: Store) -> None:
    paper = citation(1)
    await load(store, [paper])
    await publish(store, who="tester")
    wrong = paper.model_copy(update={"authors": (Author(family="Stranger", initials="Q"),), "year": 1999})
    replies = Reply(PUBMED, "PMID 900001", (wrong,)), Reply(CROSSREF, "DOI 10.5555/invented.1")
    report = await verify(store, [paper.id], answering(*replies), who="ada")
    assert [one.changed for one in report.verified] == [True]
    note = "differs from PubMed in first author, year"
    assert await held(store, paper.id) == (VerificationState.MISMATCH, note, True)
    await publish(store, who="tester")
    assert await held(store, paper.id) == (VerificationState.MISMATCH, note, False)

    again = await verify(store, [paper.id], answering(*replies), who="ada")
    assert [one.changed for one in again.verified] == [False]
    assert await held(store, paper.id) == (VerificationState.MISMATCH, note, False)
    kept = (await read_existing(store, "Citation", [paper.id]))[paper.id].record
    told = {"verification": VerificationState.MISMATCH, "verification_note": note}
    assert kept == paper.model_copy(update=told), "nothing else is touched"
    # A source's own word on itself does not undo what was checked.
    await load(store, [paper], form="pubmed")
    assert (await held(store, paper.id))[0] is VerificationState.MISMATCH

    checks = (await read_checks(store, [paper.id]))[paper.id]
    assert {source: one.verdict for source, one in checks.items()} == {
        PUBMED: VerificationState.MISMATCH, CROSSREF: VerificationState.NOT_FOUND,
    }  # fmt: skip
    assert [(one.field, one.printed, one.found) for one in checks[PUBMED].differences] == [
        ("first_author", "Author1 A", "Stranger Q"), ("year", "2011", "1999"),
    ]  # fmt: skip


async def test_a_check_that_agrees_with_a_verdict_of_another_source_makes_no_draft(store: Store) -> None:
    paper = citation(1).model_copy(update={"verification_note": "read by hand"})
    assert paper.verification is VerificationState.VERIFIED
    await load(store, [paper], form="seeds")
    await publish(store, who="tester")
    for _ in range(2):
        await verify(store, [paper.id], answering(Reply(PUBMED, "PMID 900001", (paper,))), who="ada")
        assert await held(store, paper.id) == (VerificationState.VERIFIED, "read by hand", False)


async def test_a_check_is_due_again_after_a_year_or_a_correction(store: Store) -> None:
    paper = citation(1)
    await load(store, [paper])
    asking = answering(Reply(PUBMED, "PMID 900001", (paper,)))
    assert (await verify(store, [paper.id], asking, who="ada", stale_only=True)).fresh == 0
    assert (await verify(store, [paper.id], asking, who="ada", stale_only=True)).fresh == 1
    check = (await read_checks(store, [paper.id]))[paper.id][PUBMED]
    assert not is_stale(check, paper, datetime.now(UTC) + timedelta(days=364))
    assert is_stale(check, paper, datetime.now(UTC) + timedelta(days=366))
    await load(store, [paper.model_copy(update={"title": "Another title of the invented trial"})])
    (due,) = (await verify(store, [paper.id], asking, who="ada", stale_only=True)).verified
    assert due.verdict.note == "differs from PubMed in title"


async def test_an_outage_changes_no_verdict_and_no_check(store: Store) -> None:
    paper = citation(1)
    await load(store, [paper])
    agreeing = Reply(PUBMED, "PMID 900001", (paper,))
    silent = Reply(PUBMED, "PMID 900001", failure="no network")
    other_pages = paper.model_copy(update={"volume": "3", "year": 1990})
    (first,) = (await verify(store, [paper.id], answering(silent), who="ada")).verified
    assert (first.verdict.state, first.changed) == (VerificationState.PENDING, False)
    assert await read_checks(store, [paper.id]) == {paper.id: {}}
    await verify(store, [paper.id], answering(agreeing), who="ada")
    before = await read_checks(store, [paper.id])
    crossref = Reply(CROSSREF, "DOI 10.5555/invented.1", (other_pages,))
    (then,) = (await verify(store, [paper.id], answering(silent, crossref), who="ada")).verified
    assert (then.verdict.state, then.changed) == (VerificationState.VERIFIED, False)
    assert (await read_checks(store, [paper.id]))[paper.id][PUBMED] == before[paper.id][PUBMED]


async def test_an_identifier_of_another_work_is_never_verified_by_another_source(store: Store) -> None:
    paper = citation(1)
    await load(store, [paper])
    stranger = paper.model_copy(update={"title": "Quick recovery of voles", "doi": None})
    replies = Reply(PUBMED, "PMID 900001", (stranger,)), Reply(CROSSREF, "DOI 10.5555/invented.1", (paper,))
    await verify(store, [paper.id], answering(*replies), who="ada")
    assert (await held(store, paper.id))[:2] == (
        VerificationState.MISMATCH, "PMID 900001 is another work in PubMed",
    )  # fmt: skip


@pytest.mark.parametrize("writes", [1, 2], ids=["after some verdicts", "after the last verdict"])
async def test_verifying_that_was_killed_is_one_whole_load_after_it_is_done_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    papers = [citation(1), citation(2)]
    await load(store, papers)
    ids = [one.id for one in papers]
    asking = answering(Reply(PUBMED, "its PMID"))
    killed = killed_after(writes, store.write_all)
    with monkeypatch.context() as patch:
        patch.setattr("kb.ingest.chunks.CHUNK", 1)
        patch.setattr(store, "write_all", killed)
        if writes == 2:
            patch.setattr("kb.ingest.runs.Runs.end", killed)
        with pytest.raises(Killed):
            await verify(store, ids, asking, who="ada")
    assert await read_checks(store, ids) == {id_: {} for id_ in ids}, "no check without its verdict"
    report = await verify(store, ids, asking, who="ada", stale_only=True)
    assert [one.changed for one in report.verified].count(True) == 2 - writes
    assert [(await held(store, id_))[0] for id_ in ids] == [VerificationState.NOT_FOUND] * 2
    runs = [row["node"] for row in await store.read("nodes_of_label", {"Label": "LoadRun"})]
    assert [one["state"] for one in runs if one["format"] == "verification"] == ["COMPLETE"]
