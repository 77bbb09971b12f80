"""OntologyTerm: a term of an ontology or thesaurus that ours are mapped to."""

from typing import ClassVar

from schema.ids import TermId
from schema.record import Part, Record
from schema.terms import SynonymScope


class TermSynonym(Part):
    """Another name of a term, and how its meaning stands to the term's."""

    text: str
    scope: SynonymScope


class TermMapping(Part):
    """A mapping of a term to one of another ontology (SSSOM)."""

    #: Such as ``skos:exactMatch``.
    predicate: str
    object: TermId
    object_label: str | None = None
    justification: str | None = None
    #: The set of mappings that says so, and its version.
    mapping_set: str
    version: str | None = None

    def order(self) -> tuple[str, str, str]:
        """Return the key by which mappings are sorted: their set, predicate and object."""
        return self.mapping_set, self.predicate, self.object


class OntologyTerm(Record):
    """A term of an ontology or thesaurus, as its own file gives it: therapies and conditions point at it by xrefs."""

    label: ClassVar[str] = "OntologyTerm"

    #: Its CURIE.
    id: TermId
    name: str | None = None
    definition: str | None = None
    synonyms: tuple[TermSynonym, ...] = ()
    #: Terms that it is a kind of; the graph need not hold them.
    broader: tuple[TermId, ...] = ()
    #: MeSH: its places in the tree.
    tree_numbers: tuple[str, ...] = ()
    #: Whether it must not be used any more: ``replaced_by`` then names the term that means the same, ``consider``
    #: those that may do instead.
    obsolete: bool = False
    replaced_by: tuple[TermId, ...] = ()
    consider: tuple[TermId, ...] = ()
    #: What the ontology names as the same or near elsewhere, as printed.
    xrefs: tuple[str, ...] = ()
    mappings: tuple[TermMapping, ...] = ()
    ontology: str
    #: The release of the ontology that it was read in.
    version: str | None = None
