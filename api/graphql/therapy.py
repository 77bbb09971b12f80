"""Therapies: anything done for the patient."""

from typing import Any

from strawberry import Parent

from api.graphql import vocabulary
from api.graphql.connections import Connection, Shown
from api.graphql.context import Info
from api.graphql.derive import many, one, record_type, shown
from api.graphql.evidence import Evidence, ask_evidence
from api.graphql.gene_drug_pair import GeneDrugPair, pairs_of
from api.graphql.node import Node
from api.graphql.ontology_term import mapped_terms
from kb.questions.paging import DEFAULT_PAGE
from schema import therapy as records
from schema.terms import Certainty, Direction


async def _includes(root: Parent[records.Therapy], info: Info) -> Any:
    """Narrower therapies, at any depth: a question about this one takes them in."""
    return await info.context.questions.narrower("Therapy", root.id, as_of=await info.context.release())


async def _evidence(
    root: Parent[records.Therapy],
    info: Info,
    condition: str | None = None,
    outcome: str | None = None,
    min_certainty: Certainty | None = None,
    direction: Direction | None = None,
    include_narrower: bool = True,
    first: int | None = DEFAULT_PAGE,
    after: str | None = None,
) -> Shown:
    """What is known about it for each condition (or one, by any name), the surest answer first."""
    return await ask_evidence(
        info,
        first,
        after,
        therapy=root.id,
        condition=condition,
        outcome=outcome,
        min_certainty=min_certainty,
        direction=direction,
        include_narrower=include_narrower,
    )


@record_type(records.Therapy)
class Therapy(Node):
    """Anything done for the patient."""

    name: Any = shown(vocabulary.name_in_language, str)
    includes: Any = shown(_includes, many("Therapy"))
    replaced_by: Any = shown(vocabulary.replaced_by, one("Therapy") | None)
    replaces: Any = shown(vocabulary.replaces, many("Therapy"))
    terms: Any = shown(mapped_terms, many("OntologyTerm"))
    evidence: Any = shown(_evidence, Connection[Evidence])
    gene_drug_pairs: Any = shown(pairs_of, Connection[GeneDrugPair])
