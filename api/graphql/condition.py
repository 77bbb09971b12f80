"""Conditions: diseases and pain states."""

from typing import Any

from strawberry import Parent

from api.graphql import vocabulary
from api.graphql.connections import Connection, Shown
from api.graphql.context import Info
from api.graphql.derive import many, one, record_type, shown
from api.graphql.evidence import Evidence, ask_evidence
from api.graphql.node import Node
from api.graphql.ontology_term import mapped_terms
from kb.questions.paging import DEFAULT_PAGE
from kb.questions.summaries import without_evidence
from schema import condition as records
from schema.terms import Certainty, Direction


async def _includes(root: Parent[records.Condition], info: Info) -> Any:
    """Narrower conditions, at any depth: a question about this one takes them in."""
    return await info.context.questions.narrower("Condition", root.id, as_of=await info.context.release())


async def _evidence(
    root: Parent[records.Condition],
    info: Info,
    therapy: str | None = None,
    outcome: str | None = None,
    min_certainty: Certainty | None = None,
    direction: Direction | None = None,
    include_narrower: bool = True,
    first: int | None = DEFAULT_PAGE,
    after: str | None = None,
) -> Shown:
    """What is known about each therapy (or one, by any name) for it, the surest answer first."""
    return await ask_evidence(
        info,
        first,
        after,
        condition=root.id,
        therapy=therapy,
        outcome=outcome,
        min_certainty=min_certainty,
        direction=direction,
        include_narrower=include_narrower,
    )


async def _without_evidence(root: Parent[records.Condition], info: Info) -> Any:
    """Therapies on which no study has a result in this condition, or in a narrower one: not known is an answer too."""
    return await without_evidence(info.context.questions, root.id, as_of=await info.context.release())


@record_type(records.Condition)
class Condition(Node):
    """A disease or pain state."""

    name: Any = shown(vocabulary.name_in_language, str)
    includes: Any = shown(_includes, many("Condition"))
    replaced_by: Any = shown(vocabulary.replaced_by, one("Condition") | None)
    replaces: Any = shown(vocabulary.replaces, many("Condition"))
    terms: Any = shown(mapped_terms, many("OntologyTerm"))
    evidence: Any = shown(_evidence, Connection[Evidence])
    therapies_without_evidence: Any = shown(_without_evidence, many("Therapy"))
