"""Gaps: what is not known, or not surely."""

from typing import Any

import strawberry

from api.graphql.connections import Shown, page_request
from api.graphql.context import Info
from api.graphql.derive import shown_many, shown_one, term_type
from api.graphql.node import plain_id
from kb.evidence import gaps as evidence
from kb.questions.gaps import read_gaps
from kb.questions.paging import DEFAULT_PAGE
from schema.terms import Certainty, GapKind, OutcomeDomain


@strawberry.type(description="An open question: a core outcome domain that no study measured, or none surely.")
class Gap:
    """One open question."""

    therapy: Any = shown_one("Therapy", "therapy")
    condition: Any = shown_one("Condition", "condition")
    domain: term_type(OutcomeDomain) | None = strawberry.field(  # pyright: ignore[reportInvalidTypeForm]
        description="Null: every domain, because no study has a result on the pair."
    )
    kind: term_type(GapKind)  # pyright: ignore[reportInvalidTypeForm]
    certainty: term_type(Certainty) | None = strawberry.field(  # pyright: ignore[reportInvalidTypeForm]
        description="The best certainty of the domain, where it was measured."
    )
    studies: Any = shown_many("Study", "studies", "Studies that measured the domain.")
    trials: Any = shown_many(
        "Study", "trials", "Registered trials of the therapy for the condition that are under way."
    )

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
