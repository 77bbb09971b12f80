"""Impact: what would change if a citation stood differently."""

from typing import Any

import strawberry
from strawberry import Parent

from api.graphql.change import AnswerInShort
from api.graphql.context import Info
from api.graphql.derive import many, one, shown, shown_one, term_type
from api.graphql.node import plain_id
from kb import retractions
from schema.terms import RetractionState

#: Results that the answers in question may rest on, each counted once an answer: beyond it the field is refused.
RESULTS = 6_000


@strawberry.type(description="What an answer says, or would say.")
class SupposedAnswer(AnswerInShort):
    """What an answer says, or would say."""


@strawberry.type(description="An answer whose direction, certainty or sentence would change.")
class AnswerImpact:
    """An answer that would change."""

    therapy: Any = shown_one("Therapy", "therapy", "The therapy.")
    condition: Any = shown_one("Condition", "condition", "The condition.")
    before: SupposedAnswer = strawberry.field(description="As the release has it, by the present rules of evidence.")
    after: SupposedAnswer | None = strawberry.field(description="Null where no result would be left.")

    @classmethod
    def is_type_of(cls, source: Any, _: Any) -> bool:
        """Say whether a value is one."""
        return isinstance(source, retractions.AnswerChange)


@strawberry.type(description="A page that leans on the citation, or on an answer that would change.")
class PageImpact:
    """A page that leans on it."""

    page: Any = strawberry.field(graphql_type=one("Page"), description="The page.")
    references: Any = strawberry.field(
        graphql_type=many("Reference"), description="Its references to the citation, in order."
    )
    statements: Any = strawberry.field(
        graphql_type=many("Statement"), description="Its statements about an answer that would change, in order."
    )

    @classmethod
    def is_type_of(cls, source: Any, _: Any) -> bool:
        """Say whether a value is one."""
        return isinstance(source, retractions.PageTouched)


async def _citation(root: Parent[retractions.Impact], info: Info) -> Any:
    """The citation as the release holds it."""
    return await info.context.one("Citation", root.citations[0].id)


def _state(root: Parent[retractions.Impact]) -> RetractionState:
    """What is supposed to have become of it."""
    return root.citations[0].retraction.state


@strawberry.type(description="What would change in a release if a citation stood differently. Nothing of it is kept.")
class Impact:
    """What would change."""

    citation: Any = shown(_citation, one("Citation"))
    state: term_type(RetractionState) = shown(_state)  # pyright: ignore[reportInvalidTypeForm]
    studies: Any = strawberry.field(graphql_type=many("Study"), description="The studies that it reports.")
    findings: Any = strawberry.field(
        graphql_type=many("Finding"), description="The results that were read in it, and those of these studies."
    )
    reviews: Any = strawberry.field(graphql_type=many("Study"), description="The reviews that include these studies.")
    changed: list[AnswerImpact] = strawberry.field(description="The answers that would change, by therapy.")
    pages: list[PageImpact] = strawberry.field(description="The pages that lean on it or on these answers.")

    @classmethod
    def is_type_of(cls, source: Any, _: Any) -> bool:
        """Say whether a value is one."""
        return isinstance(source, retractions.Impact)


async def ask_impact(
    info: Info, citation: strawberry.ID, state: RetractionState = RetractionState.RETRACTED, as_of: int | None = None
) -> Any:
    """What would change if a citation (global id or key) were retracted, or stood otherwise. Nothing is written.

    Of one that is retracted already, ask what REINSTATED would change. It costs a quarter of what a request may.
    """
    number = await info.context.read_at(as_of)
    asked = await info.context.questions.citation(id=plain_id("Citation", citation), as_of=number)
    return await retractions.suppose(info.context.questions, asked, state, as_of=number, at_most=RESULTS)
