"""Gaps: what is not known, or not surely."""

from typing import Any

import strawberry
from strawberry import Parent

from api.graphql.connections import Shown, page_request
from api.graphql.context import Info
from api.graphql.derive import many, one, shown, term_type
from api.graphql.node import plain_id
from kb.evidence import gaps as evidence
from kb.questions.gaps import read_gaps
from kb.questions.paging import DEFAULT_PAGE
from schema.terms import Certainty, GapKind, OutcomeDomain


async def _therapy(root: Parent[evidence.Gap], info: Info) -> Any:
    return await info.context.one("Therapy", root.therapy)


async def _condition(root: Parent[evidence.Gap], info: Info) -> Any:
    return await info.context.one("Condition", root.condition)


async def _studies(root: Parent[evidence.Gap], info: Info) -> Any:
    """Studies that measured the domain."""
    return await info.context.many("Study", root.studies)


async def _trials(root: Parent[evidence.Gap], info: Info) -> Any:
    """Registered trials of the therapy for the condition that are under way."""
    return await info.context.many("Study", root.trials)


@strawberry.type(description="An open question: a core outcome domain that no study measured, or none surely.")
class Gap:
    """One open question."""

    therapy: Any = shown(_therapy, one("Therapy"))
    condition: Any = shown(_condition, one("Condition"))
    domain: term_type(OutcomeDomain) | None = strawberry.field(  # pyright: ignore[reportInvalidTypeForm]
        description="Null: every domain, because no study is held."
    )
    kind: term_type(GapKind)  # pyright: ignore[reportInvalidTypeForm]
    certainty: term_type(Certainty) | None = strawberry.field(  # pyright: ignore[reportInvalidTypeForm]
        description="The best certainty of the domain, where it was measured."
    )
    studies: Any = shown(_studies, many("Study"))
    trials: Any = shown(_trials, many("Study"))

    @classmethod
    def is_type_of(cls, source: Any, _: Any) -> bool:
        """Say whether a value is one."""
        return isinstance(source, evidence.Gap)


async def ask_gaps(
    info: Info,
    condition: str | None = None,
    therapy: str | None = None,
    domain: OutcomeDomain | None = None,
    kind: GapKind | None = None,
    as_of: int | None = None,
    first: int | None = DEFAULT_PAGE,
    after: str | None = None,
) -> Shown:
    """What is open for a condition, a therapy or both (any name of each), by core outcome domain (IMMPACT)."""
    number = await info.context.read_at(as_of)
    found = await read_gaps(
        info.context.questions,
        page_request(first, after),
        condition=plain_id("Condition", condition),
        therapy=plain_id("Therapy", therapy),
        domain=domain,
        kind=kind,
        as_of=number,
    )
    return Shown(found, after)
