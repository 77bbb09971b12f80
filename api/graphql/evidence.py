"""Evidence: our answer for a therapy and a condition, its lines, and what it rests on."""

from collections.abc import Sequence
from typing import Any

import strawberry
from strawberry import Parent

from api.graphql.connections import Connection, Shown, page_request
from api.graphql.context import Info
from api.graphql.derive import one, part_type, record_type, shown, shown_many, shown_one, shown_type
from api.graphql.dose import DoseInput, dose_filter
from api.graphql.node import Node, plain_id
from kb.questions import Page
from kb.questions.paging import DEFAULT_PAGE, page_of
from kb.questions.summaries import EvidenceFilter, read_evidence
from schema import summary as records
from schema.record import DRAFT
from schema.terms import Certainty, Direction, Language


def _sentence(root: Parent[records.Line | records.Summary], language: Language = Language.EN) -> str:
    """Plain words: what is known, how sure, against what, when. In English where the language has none."""
    return records.sentence_in(language, root)


def _harms_sentence(root: Parent[records.Summary], language: Language = Language.EN) -> str:
    """Plain words: what is known of unwanted effects. In English where the language has none."""
    return records.harms_in(language, root)


def _since(root: Parent[records.Summary]) -> int:
    """The release that brought this version of the answer."""
    return root.first


def _until(root: Parent[records.Summary], info: Info) -> int | None:
    """The release that replaced this version; null while it stands."""
    if root.until == DRAFT:
        # A later release may replace it, also for who asks as of this one.
        info.context.settled = False
        return None
    return root.until


def _steps(root: Parent[records.Summary]) -> Sequence[records.CertaintyStep]:
    """How the certainty of the leading line came about, step by step."""
    return root.lines[0].steps if root.lines else ()


def _clinically_reviewed(root: Parent[records.Summary]) -> bool:
    """Whether, as of the release, a clinician had confirmed or changed the certainty of the leading line."""
    return bool(root.lines) and any(one.clinician for one in root.lines[0].judgements)


def _includes(root: Parent[records.Summary]) -> Any:
    """Narrower therapies and conditions that it took in, because studies name them."""
    return root


async def _findings(
    root: Parent[records.Summary],
    info: Info,
    dose: DoseInput | None = None,
    first: int | None = DEFAULT_PAGE,
    after: str | None = None,
) -> Any:
    """The results it rests on, of treatments given like that: the leading line's first, retracted ones last."""
    wanted, place = dose_filter(dose), {each: position for position, each in enumerate(root.findings)}
    kept = root.findings
    if wanted is not None:
        studies = await info.context.many("Study", root.studies)
        given = {study.id for study in studies if wanted.admits(study.dose)}
        kept = tuple(each for each in kept if each.partition(":")[0] in given)
    ids = page_of(kept, lambda each: (place[each],), page_request(first, after))
    found = {each.id: each for each in await info.context.many("Finding", ids.items)}
    held = [(found[each], cursor) for each, cursor in zip(ids.items, ids.cursors, strict=True) if each in found]
    page = Page([each for each, _ in held], [cursor for _, cursor in held], ids.has_next, ids.total)
    return Shown(page, after)


@part_type(records.Line, left_out={"translations": "shown by the language asked for"})
class Line:
    """One result of an answer."""

    sentence: str = shown(_sentence)
    outcome: Any = shown_one(
        "Outcome",
        "outcome",
        "Set where the line is about this one outcome, which does not stand for its domain.",
        optional=True,
    )
    studies: Any = shown_many("Study", "studies", "The studies that carry the answer.")
    findings: Any = shown_many(
        "Finding",
        "findings",
        "All results of the line; the first ones, one for each study, are those that were counted.",
    )


@strawberry.type(description="What an answer took in, because studies name it.")
class Includes:
    """Narrower therapies and conditions."""

    therapies: Any = shown_many("Therapy", "therapies_included", "Therapies that studies of this answer name.")
    conditions: Any = shown_many("Condition", "conditions_included", "Conditions that studies of this answer name.")


@record_type(
    records.Summary,
    name="Evidence",
    key="key",
    left_out={
        "first": "shown as since",
        "translations": "shown by the language asked for",
        "therapies_included": "shown in includes",
        "conditions_included": "shown in includes",
    },
)
class Evidence(Node):
    """Our answer for a therapy and a condition."""

    sentence: str = shown(_sentence)
    harms_sentence: str = shown(_harms_sentence)
    since: int = shown(_since)
    until: int | None = shown(_until)
    certainty_steps: Any = shown(_steps, shown_type(tuple[records.CertaintyStep, ...]))
    clinically_reviewed: bool = shown(_clinically_reviewed)
    includes: Any = shown(_includes, Includes)
    findings: Any = shown(_findings, Connection[one("Finding")])
    studies: Any = shown_many("Study", "carrying", "The studies that carry it.")
    citations: Any = shown_many("Citation", "citations", "The reports of those studies and of the retracted ones.")
    retracted_studies: Any = shown_many(
        "Study",
        "retracted_studies",
        "Studies that carry no weight here because every report of them, or of what they found here, is retracted.",
    )
    overlapping_studies: Any = shown_many(
        "Study", "overlapping_studies", "Studies that are also inside a review of the same answer: counted once."
    )
    turning_studies: Any = shown_many(
        "Study",
        "turning_studies",
        "Studies each of which, left out, would change the direction or the certainty of the leading line.",
    )


async def ask_evidence(
    info: Info,
    first: int | None,
    after: str | None,
    *,
    condition: str | None = None,
    therapy: str | None = None,
    outcome: str | None = None,
    min_certainty: Certainty | None = None,
    direction: Direction | None = None,
    include_narrower: bool = True,
) -> Shown:
    """Return a page of answers for a condition, a therapy or both, the surest first."""
    page = await read_evidence(
        info.context.questions,
        page_request(first, after),
        condition=plain_id("Condition", condition),
        therapy=plain_id("Therapy", therapy),
        kept=EvidenceFilter(outcome, min_certainty, direction, include_narrower),
        as_of=await info.context.release(),
    )
    info.context.shown |= {(one.therapy, one.condition) for one in page.items}
    return Shown(page, after)
