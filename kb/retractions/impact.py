"""Impact: what would change if some citations stood differently, by the rules that publishing uses, writing nothing.

The evidence is that of one release, with the citations in question put in place of its own. A reader can follow it
from the citations to their studies and findings, the reviews that include those studies, the answers whose direction,
certainty or sentence would change, and the pages that refer to the citations or speak of those answers.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kb.errors import UsageError
from kb.evidence.evidence import Vocabulary
from kb.evidence.replaced import Replaced
from kb.questions import Questions
from kb.questions.pages import read_references
from kb.questions.records import read_all_records, read_records
from kb.questions.vocabulary import read_vocabulary
from kb.releases.derive import Pair, derive, standing_summaries
from kb.releases.edited import read_edited
from kb.releases.rules import rules_of, rules_version
from kb.releases.touched import findings_reached, studies_behind, touched
from kb.store import Store
from schema.citation import Citation, Retraction
from schema.finding import Finding
from schema.page import Page, Reference, Statement
from schema.record import Record
from schema.study import Study
from schema.summary import Summary
from schema.terms import RetractionState


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """An answer whose direction, certainty or sentence would change; ``after`` is None where nothing is left."""

    therapy: str
    condition: str
    before: Summary
    after: Summary | None


@dataclass(frozen=True, slots=True)
class PageTouched:
    """A page that leans on the citations: by its references, or by statements about an answer that would change."""

    page: Page
    references: Sequence[Reference]
    statements: Sequence[Statement]


@dataclass(frozen=True, slots=True)
class Impact:
    """What would change in a release. ``reviews`` are studies that include one of ``studies``."""

    release: int
    citations: Sequence[Citation]
    studies: Sequence[Study]
    findings: Sequence[Finding]
    reviews: Sequence[Study]
    changed: Sequence[AnswerChange]
    pages: Sequence[PageTouched]


async def suppose(
    questions: Questions,
    citation: Citation,
    state: RetractionState,
    *,
    as_of: int | None = None,
    at_most: int | None = None,
) -> Impact:
    """Return what would change in a release if a citation that it holds stood differently; see :func:`find_impact`."""
    supposed = citation.model_copy(update={"retraction": Retraction(state=state)})
    number = await questions.number(as_of)
    vocabulary = (await questions.catalogue(number)).vocabulary
    return await find_impact(questions.store, [supposed], number, vocabulary=vocabulary, at_most=at_most)


async def find_impact(
    store: Store,
    citations: Sequence[Citation],
    release: int,
    *,
    vocabulary: Vocabulary | None = None,
    at_most: int | None = None,
) -> Impact:
    """Return what these citations, in place of those that a release holds under their ids, would change in it.

    ``vocabulary``: the release's, where it is at hand. Raises UsageError where the answers in question rest on more
    than ``at_most`` results, each counted once an answer.
    """
    ids = {one.id for one in citations}
    if vocabulary is None:
        vocabulary = await read_vocabulary(store, release)
    reached = await touched(store, {"Citation": ids}, release, release, vocabulary, vocabulary)
    standing = await standing_summaries(store, reached.pairs, release)
    weight = sum(len(one.findings) for one in standing.values())
    if at_most is not None and weight > at_most:
        raise UsageError(
            f"The answers that it reaches rest on {weight:,} results, more than {at_most:,}.", "Ask kb impact."
        )
    through: Collection[str] | None = reached.findings
    if await rules_of(store, release) != rules_version():
        # Answers by other rules may differ in more than this: both sides are derived by the present ones.
        derived = derive(store, reached.pairs, release, vocabulary, before=release)
        standing = {one.pair: one.after async for one in derived if one.after is not None}
        through = None
    instead: dict[tuple[str, str], Record] = {("Citation", one.id): one for one in citations}
    changed: list[AnswerChange] = []
    async for one in derive(
        store, reached.pairs, release, vocabulary, before=release, reached=through, instead=instead
    ):
        before = standing.get(one.pair)
        if before is not None and _said(before) != _said(one.after):
            changed.append(AnswerChange(*one.pair, before, one.after))
        # Others have their turn: an answer is worked out in one go.
        await asyncio.sleep(0)
    studies, reviews, findings = await _between(store, ids, release, vocabulary.replaced)
    return Impact(
        release=release,
        citations=citations,
        studies=studies,
        findings=findings,
        reviews=reviews,
        changed=changed,
        pages=await _pages(store, ids, {(one.therapy, one.condition) for one in changed}, release, vocabulary.replaced),
    )


def _said(summary: Summary | None) -> tuple[str, ...]:
    return () if summary is None else (summary.direction, summary.certainty, summary.sentence)


async def _between(
    store: Store, citations: set[str], release: int, replaced: Replaced
) -> tuple[list[Study], list[Study], list[Finding]]:
    """The studies that the citations report, the reviews that include these, and the findings of both."""
    changed = {"Citation": citations}
    edited = await read_edited(store, release)
    while True:
        behind = await studies_behind(store, changed, edited)
        reached = await findings_reached(store, changed, edited)
        if not await edited.renew():
            break
    held = await read_records(store, "Study", behind, release)
    found = [replaced.moved(one) for one in held.values() if isinstance(one, Study)]
    studies = sorted((one for one in found if not citations.isdisjoint(one.citations)), key=_id)
    reported = {one.id for one in studies}
    reviews = sorted((one for one in found if not reported.isdisjoint(one.includes)), key=_id)
    results = await read_records(store, "Finding", reached, release)
    findings = [
        replaced.moved(one)
        for one in results.values()
        if isinstance(one, Finding) and not one.withdrawn and (one.citation in citations or one.study in reported)
    ]
    return studies, reviews, sorted(findings, key=_id)


async def _pages(
    store: Store, citations: set[str], pairs: set[Pair], release: int, replaced: Replaced
) -> list[PageTouched]:
    """The pages by id, with the references to the citations and the statements about the pairs, as printed in order."""
    references = [one for one in await read_references(store, release) if one.citation in citations]
    held = (await read_all_records(store, "Statement", release)).values()
    moved = (replaced.moved(one) for one in held if isinstance(one, Statement) and not one.withdrawn)
    statements = [one for one in moved if _speaks_of(one, pairs)]
    ids = {one.page for one in (*references, *statements)}
    pages = (await read_records(store, "Page", ids, release)).values()
    return [
        PageTouched(
            page,
            sorted((one for one in references if one.page == page.id), key=lambda one: one.position),
            sorted((one for one in statements if one.page == page.id), key=lambda one: one.position),
        )
        for page in sorted(pages, key=_id)
        if isinstance(page, Page)
    ]


def _speaks_of(statement: Statement, pairs: set[Pair]) -> bool:
    """Whether a statement names the therapy and the condition of a pair; one that names only either speaks of all."""
    if not statement.therapies and not statement.conditions:
        return False
    return any(
        (not statement.therapies or therapy in statement.therapies)
        and (not statement.conditions or condition in statement.conditions)
        for therapy, condition in pairs
    )


def _id(record: Record) -> str:
    return record.id
