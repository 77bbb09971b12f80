"""References: what the sources say now, and what they said before, beside what a page prints."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta

from kb.audit import Audit, AuditedReference, Level, Rule, audit_page, audit_text
from kb.audit.printed import as_citation
from kb.ingest.apply import made
from kb.questions.checks import compared_hash
from kb.releases import publish
from kb.store import Store
from kb.verification import Asking, Reply, check_of
from loaders.page import read_page, read_reference
from schema.check import Check, Difference, check_id
from schema.citation import Author, Citation, Retraction
from schema.page import Page, Reference
from schema.terms import BibliographicSource, RetractionState, VerificationState
from tests.samples import SAMPLE, citation, load

PUBMED, CROSSREF, EUROPE_PMC = BibliographicSource
TODAY = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
LONG_AGO = (datetime.now(UTC) - timedelta(days=500)).strftime("%Y-%m-%dT%H:%M:%SZ")

#: A work that no knowledge base of the tests holds.
OUTSIDE = Citation(
    id="pmid:777001",
    title="A randomised trial that nobody loaded: what it found in wrists",
    authors=(Author(family="Made", initials="B"),),
    year=2016,
    journal="Journal of Invented Trials",
    volume="4",
    pages="11-19",
    pmid="777001",
    doi="10.5555/outside",
)
PRINTED = "Made B. A randomised trial that nobody loaded: what it found in wrists. J Invented Trials. 2016;4:11-9."


def answering(replies: Callable[[Citation], Sequence[Reply]]) -> tuple[Asking, list[Citation]]:
    """Sources that answer by what they are asked for; and all that they were asked for."""
    asked: list[Citation] = []

    async def ask(citations: Sequence[Citation]) -> AsyncIterator[tuple[Citation, Sequence[Reply]]]:
        for one in citations:
            asked.append(one)
            yield one, replies(one)

    return ask, asked


async def audited(store: Store, *printed: str, asking: Asking | None = None) -> Audit:
    listed = "\n".join(f"{number}. {one}" for number, one in enumerate(printed, 1))
    page = f"# Help\n\nPRP may help knee arthritis [1].\n\n## References\n\n{listed}\n"
    return await audit_text(store, read_page(page.encode(), "help.md"), asking=asking)


async def only(store: Store, printed: str, replies: Callable[[Citation], Sequence[Reply]]) -> AuditedReference:
    (one,) = (await audited(store, printed, asking=answering(replies)[0])).references
    return one


def rules(one: AuditedReference) -> set[Rule]:
    return {problem.rule for problem in one.problems}


async def published(store: Store, *more: Citation) -> None:
    await load(store, [*SAMPLE, *more])
    await publish(store, who="tester")


async def record(store: Store, paper: Citation, source: BibliographicSource, **said: object) -> None:
    fields: dict[str, object] = {
        "id": check_id(paper.id, source), "citation": paper.id, "source": source, "checked": TODAY,
        "verdict": VerificationState.VERIFIED, "looked_for": f"DOI {paper.doi}", "compared": compared_hash(paper),
    }  # fmt: skip
    await store.write_all(made([Check.model_validate(fields | said)]))


async def test_the_sources_are_asked_about_what_nothing_held_settles(store: Store) -> None:
    await published(store)
    asking, asked = answering(lambda _: [Reply(CROSSREF, "the title", (OUTSIDE,), searched=True)])
    held = "Author1 A. Invented trial number 1. Journal of Invented Trials. 2011."
    found = await audited(store, held, PRINTED, asking=asking)
    inside, outside = found.references
    assert [one.title for one in asked] == [OUTSIDE.title]
    assert (inside.verdict, inside.held) == (VerificationState.VERIFIED, True)
    assert (outside.verdict, outside.held) == (VerificationState.VERIFIED, False)
    assert outside.citation == OUTSIDE
    assert outside.problems == ()
    silent = await audited(store, PRINTED)
    assert silent.references[0].verdict is VerificationState.PENDING
    assert "no source was asked" in silent.references[0].problems[0].message


async def test_what_no_source_has_is_told_with_where_it_was_looked_for(store: Store) -> None:
    await published(store)
    nothing = [Reply(CROSSREF, "the title", searched=True), Reply(EUROPE_PMC, "the title", searched=True)]
    ghost = await only(store, "Ghost G. Never written at all by anybody. J Ghosts. 2019;1:1.", lambda _: nothing)
    assert (ghost.verdict, rules(ghost)) == (VerificationState.NOT_FOUND, {Rule.REFERENCE_NOT_FOUND})
    for place in ("the title in Crossref", "the title in Europe PMC"):
        assert place in ghost.problems[0].message
    # The day may have ended since the tests began.
    assert any(day in ghost.problems[0].message for day in (TODAY[:10], f"{datetime.now(UTC):%Y-%m-%d}"))


async def test_a_paper_of_other_years_is_taken_as_kb_verify_takes_it(store: Store) -> None:
    """An abstract and its article have a title and an author between them: the place in print tells which it is."""
    await published(store)
    elsewhere = OUTSIDE.model_copy(update={"year": 2009, "volume": "1", "pages": "S3"})
    replies = [Reply(CROSSREF, "the title", (elsewhere,), searched=True)]
    found = await only(store, PRINTED, lambda _: replies)
    verdict = check_of(as_citation(found.printed), replies[0], TODAY)
    assert verdict is not None
    assert found.verdict is verdict.verdict is VerificationState.NOT_FOUND
    same = [Reply(CROSSREF, "the title", (OUTSIDE.model_copy(update={"year": 2009}),), searched=True)]
    found = await only(store, PRINTED, lambda _: same)
    verdict = check_of(as_citation(found.printed), same[0], TODAY)
    assert verdict is not None
    assert found.verdict is verdict.verdict is VerificationState.MISMATCH
    assert found.differences == verdict.differences


async def test_a_source_that_is_down_accuses_nobody(store: Store) -> None:
    await published(store)
    replies = [Reply(CROSSREF, "the title", searched=True), Reply(EUROPE_PMC, "the title", failure="it is down")]
    one = await only(store, PRINTED, lambda _: replies)
    assert (one.verdict, one.not_asked) == (VerificationState.PENDING, {EUROPE_PMC: "it is down"})
    assert [problem.level for problem in one.problems] == [Level.NOTE]
    assert "Europe PMC could not be asked (it is down)" in one.problems[0].message


async def test_what_is_misquoted_of_a_work_outside_is_told(store: Store) -> None:
    await published(store)
    replies = [Reply(CROSSREF, "the title", (OUTSIDE,), searched=True)]
    subtitle = await only(store, PRINTED.replace("found in wrists", "showed in ankles"), lambda _: replies)
    assert [one.field for one in subtitle.differences] == ["title"]
    assert "The subtitle is misquoted" in subtitle.problems[0].message
    cut = await only(store, PRINTED.replace(": what it found in wrists", ": what it"), lambda _: replies)
    assert (cut.verdict, [one.field for one in cut.differences]) == (VerificationState.MISMATCH, ["title"])
    # Sources may differ by a year, in print and online; none has this one.
    year = await only(store, PRINTED.replace("2016", "2017"), lambda _: replies)
    assert [(one.printed, one.found) for one in year.differences] == [("2017", "2016")]
    online = OUTSIDE.model_copy(update={"published": "2017-01-02"})
    decade = await only(store, PRINTED.replace("2016", "2006"), lambda _: replies)
    assert [(one.field, one.printed, one.found) for one in decade.differences] == [("year", "2006", "2016")]
    either = await only(
        store, PRINTED.replace("2016", "2017"), lambda _: [Reply(CROSSREF, "the title", (online,), searched=True)]
    )
    assert either.verdict is VerificationState.VERIFIED


async def test_a_retraction_that_only_a_source_knows_is_told(store: Store) -> None:
    await published(store)
    notice = Retraction(state=RetractionState.RETRACTED, date="2018-05-01", notice_doi="10.5555/notice")
    gone = OUTSIDE.model_copy(update={"retraction": notice})
    # The first source has not heard of it.
    replies = [Reply(CROSSREF, "DOI 10.5555/outside", (OUTSIDE,)), Reply(EUROPE_PMC, "DOI 10.5555/outside", (gone,))]
    one = await only(store, f"{PRINTED} doi:10.5555/outside", lambda _: replies)
    assert (one.verdict, one.retracted) == (VerificationState.VERIFIED, True)
    assert rules(one) == {Rule.REFERENCE_RETRACTED}
    assert "2018-05-01, notice doi:10.5555/notice" in one.problems[0].message


async def test_a_wrong_identifier_of_a_real_work_is_told_with_the_right_one(store: Store) -> None:
    await published(store)
    other = citation(
        7, id="doi:10.5555/other", pmid=None, doi="10.5555/other", title="Cabbages in winter",
        retraction=Retraction(state=RetractionState.RETRACTED),
    )  # fmt: skip

    def replies(wanted: Citation) -> Sequence[Reply]:
        if wanted.doi:
            return [Reply(CROSSREF, f"DOI {wanted.doi}", (other,))]
        return [Reply(CROSSREF, "the title", (OUTSIDE,), searched=True)]

    one = await only(store, f"{PRINTED} doi:10.5555/other", replies)
    assert (one.verdict, one.citation, one.retracted) == (VerificationState.MISMATCH, OUTSIDE, False)
    assert [(each.field, each.printed, each.found) for each in one.differences] == [
        ("doi", "10.5555/other", "10.5555/outside")
    ]


async def test_a_made_up_title_under_a_real_identifier_is_no_retracted_work(store: Store) -> None:
    await published(store)
    gone = OUTSIDE.model_copy(update={"retraction": Retraction(state=RetractionState.RETRACTED)})

    def replies(wanted: Citation) -> Sequence[Reply]:
        found = (gone,) if wanted.doi else ()
        return [Reply(CROSSREF, "DOI 10.5555/outside" if wanted.doi else "the title", found, searched=not wanted.doi)]

    one = await only(store, "Ghost G. Pure invention sells. J Ghosts. 2019;1:1. doi:10.5555/outside", replies)
    assert (one.verdict, one.retracted) == (VerificationState.MISMATCH, False)
    assert "title" in {each.field for each in one.differences}


async def test_a_recorded_check_that_found_nothing_is_told_with_its_day(store: Store) -> None:
    await published(store)
    paper = citation(1)
    for source in (PUBMED, CROSSREF):
        await record(store, paper, source, verdict=VerificationState.NOT_FOUND, looked_for=f"DOI {paper.doi}")
    (one,) = (await audited(store, "Author1 A. Invented trial number 1. J Invented Trials. 2011.")).references
    assert (one.verdict, one.citation) == (VerificationState.NOT_FOUND, paper)
    told = next(each.message for each in one.problems if each.rule is Rule.REFERENCE_NOT_FOUND)
    assert f"PubMed, asked on {TODAY[:10]}" in told
    assert f"Crossref, asked on {TODAY[:10]}" in told
    assert [each.check.verdict for each in one.checks] == [VerificationState.NOT_FOUND] * 2


async def test_a_stale_check_says_so_and_accuses_nobody(store: Store) -> None:
    await published(store)
    paper = citation(1)
    await record(store, paper, CROSSREF, verdict=VerificationState.NOT_FOUND, checked=LONG_AGO)
    found = await audited(store, "Author1 A. Invented trial number 1. J Invented Trials. 2011.")
    (one,) = found.references
    assert (one.verdict, rules(one)) == (VerificationState.PENDING, {Rule.REFERENCE_UNCHECKED, Rule.CHECK_STALE})
    assert any(LONG_AGO[:10] in each.message and "checked again" in each.message for each in one.problems)
    assert {each.level for each in one.problems} == {Level.NOTE}
    # It is asked about again, by the identifiers that are held of it.
    asking, asked = answering(lambda _: [Reply(CROSSREF, f"DOI {paper.doi}", (paper,))])
    again = await audited(store, "Author1 A. Invented trial number 1. J Invented Trials. 2011.", asking=asking)
    assert [each.doi for each in asked] == [paper.doi]
    assert again.references[0].verdict is VerificationState.VERIFIED


async def test_a_page_that_agrees_with_the_source_is_not_blamed_for_our_record(store: Store) -> None:
    wrong = citation(1, verification=VerificationState.MISMATCH, verification_note="differs from Crossref in year")
    await published(store, wrong)
    year = Difference(field="year", printed="2011", found="2012")
    await record(
        store, wrong, CROSSREF, verdict=VerificationState.MISMATCH, differences=(year,), agreed=("title", "journal")
    )
    right, repeated = [
        (await audited(store, f"Author1 A. Invented trial number 1. J Invented Trials. {printed}.")).references[0]
        for printed in (2012, 2011)
    ]
    assert (right.verdict, right.differences, rules(right)) == (
        VerificationState.VERIFIED, (), {Rule.REFERENCE_DISPUTED},
    )  # fmt: skip
    assert repeated.verdict is VerificationState.MISMATCH
    assert [(each.printed, each.found) for each in repeated.differences] == [("2011", "2012")]
    assert f"Crossref, asked on {TODAY[:10]}" in repeated.problems[0].message


async def test_what_an_editor_did_not_find_and_is_held_since_is_found(store: Store) -> None:
    page = Page(id="p", title="A page")
    ghost = Reference(
        id="p-r1", page="p", position=1, printed="Author1 A. Invented trial number 1. J Invented Trials. 2011.",
        verification=VerificationState.NOT_FOUND, verdict="not found anywhere", checked="2026-11",
    )  # fmt: skip
    misread = ghost.model_copy(
        update={"id": "p-r2", "position": 2, "printed": "Author1 A. Invented trials, number 21. J Made. 2011."}
    )
    await load(store, [*SAMPLE, page, ghost, misread])
    await publish(store, who="tester")
    first, second = (await audit_page(store, "p", read_reference)).references
    assert (first.verdict, rules(first)) == (VerificationState.VERIFIED, {Rule.REFERENCE_DISPUTED})
    assert "not found anywhere, checked 2026-11" in first.problems[0].message
    # What only looks like a work that is held stays as the editor left it.
    assert second.verdict is VerificationState.NOT_FOUND


async def test_what_is_no_article_is_not_called_made_up(store: Store) -> None:
    await published(store)
    nothing = [Reply(CROSSREF, "the title", searched=True), Reply(EUROPE_PMC, "the title", searched=True)]
    leaflet = await only(
        store, "Some Clinic. Living with pain. Some Clinic. 2020. https://clinic.example/a", lambda _: nothing
    )
    assert (leaflet.verdict, {each.level for each in leaflet.problems}) == (VerificationState.PENDING, {Level.NOTE})
    assert "not printed as an article" in leaflet.problems[0].message


async def test_a_reference_in_an_unknown_manner_is_not_taken_for_another_work(store: Store) -> None:
    await published(store)
    odd = f"See Journal of Invented Trials 4 (11), 2016 >> {OUTSIDE.title} << by Bo Made, doi:10.5555/outside"
    one = await only(store, odd, lambda _: [Reply(CROSSREF, "DOI 10.5555/outside", (OUTSIDE,))])
    assert "title" not in {each.field for each in one.differences}
    assert one.citation == OUTSIDE
