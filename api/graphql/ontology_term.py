"""Ontology terms: what therapies and conditions are mapped to."""

from typing import Any

from strawberry import Parent

from api.graphql.context import Info
from api.graphql.derive import record_type, shown_many
from api.graphql.node import Node
from schema import ontology_term as records
from schema.condition import Condition
from schema.therapy import Therapy


async def mapped_terms(root: Parent[Therapy | Condition], info: Info) -> Any:
    """The outside terms that `xrefs` names, as far as their ontology is loaded: in the order of `xrefs`."""
    return await info.context.many("OntologyTerm", (xref.curie for xref in root.xrefs))


@record_type(records.OntologyTerm, key="curie")
class OntologyTerm(Node):
    """A term of an ontology or thesaurus."""

    broader: Any = shown_many("OntologyTerm", "broader", "Terms that it is a kind of, as far as they are held here.")
