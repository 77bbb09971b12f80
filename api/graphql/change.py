"""Changes: answers of two releases, before and after, and why they differ."""

from typing import Any

import strawberry
from strawberry import Parent

from api.graphql.connections import Shown, page_request
from api.graphql.context import Info
from api.graphql.derive import shown, shown_one, term_type
from api.graphql.node import Node, plain_id
from kb.questions import changes, reasons
from kb.questions.paging import DEFAULT_PAGE
from schema import summary as records
from schema.terms import Certainty, ChangeReason, Direction


def _studies(root: Parent[records.Summary]) -> list[str]:
    """The plain ids of the studies that carry it."""
    return list(root.carrying)


def _retracted_studies(root: Parent[records.Summary]) -> list[str]:
    """The plain ids of the studies that carry no weight, because they are retracted."""
    return list(root.retracted_studies)


@strawberry.type
class AnswerInShort:
    """What any version of an answer says in short."""

    direction: term_type(Direction)  # pyright: ignore[reportInvalidTypeForm]
    certainty: term_type(Certainty)  # pyright: ignore[reportInvalidTypeForm]
    sentence: str
    harms_sentence: str
    study_count: int
    participant_count: int | None
    studies: list[str] = shown(_studies)
    retracted_studies: list[str] = shown(_retracted_studies)

    @classmethod
    def is_type_of(cls, source: Any, _: Any) -> bool:
        """Say whether a value is one."""
        return isinstance(source, records.Summary)


def _release(root: Parent[records.Summary]) -> int:
    """The release that brought this version of the answer."""
    return root.first


@strawberry.type(description="What an answer said in one release. Ask `evidence` with `asOf` for all of it.")
class AnswerState(AnswerInShort):
    """What an answer said."""

    release: int = shown(_release)


async def _record(root: Parent[reasons.Reason], info: Info) -> Any:
    """The record it is about, as the later release holds it; null for rules, and where it is held no longer."""
    if root.label is None or root.record is None:
        return None
    return await info.context.find(root.label, root.record)


@strawberry.type(description="One reason for which an answer differs.")
class Reason:
    """One reason."""

    kind: term_type(ChangeReason)  # pyright: ignore[reportInvalidTypeForm]
    what: str = strawberry.field(description="What happened, in words: the record, and what it says before → after.")
    record: Any = shown(_record, Node | None)

    @classmethod
    def is_type_of(cls, source: Any, _: Any) -> bool:
        """Say whether a value is one."""
        return isinstance(source, reasons.Reason)


@strawberry.type(description="An answer that differs between two releases.")
class AnswerChange:
    """An answer that differs."""

    therapy: Any = shown_one("Therapy", "therapy", "The therapy, as the later release holds it.", held=False)
    condition: Any = shown_one("Condition", "condition", "The condition, as the later release holds it.", held=False)
    before: AnswerState | None = strawberry.field(description="Null where there was no answer.")
    after: AnswerState | None = strawberry.field(description="Null where no result is left.")
    reasons: list[Reason] = strawberry.field(description="Why, what weighs most first; at most 100.")
    reason_count: int = strawberry.field(description="How many reasons there are in all.")
    only_wording: bool = strawberry.field(description="Whether evidence, direction and certainty are the same.")

    @classmethod
    def is_type_of(cls, source: Any, _: Any) -> bool:
        """Say whether a value is one."""
        return isinstance(source, changes.AnswerChange)


async def ask_changes(
    info: Info,
    since: int,
    until: int | None = None,
    therapy: str | None = None,
    condition: str | None = None,
    first: int | None = DEFAULT_PAGE,
    after: str | None = None,
) -> Shown:
    """Answers that differ between release `since` (0: nothing at all) and `until` (else the newest), and why.

    A therapy or condition (any name) takes in narrower ones.
    """
    end = await info.context.read_at(until)
    found = await changes.read_changes(
        info.context.questions,
        page_request(first, after),
        since=since,
        until=end,
        therapy=plain_id("Therapy", therapy),
        condition=plain_id("Condition", condition),
    )
    return Shown(found, after)
