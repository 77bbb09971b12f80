"""MeSH: the descriptors of the Medical Subject Headings as XML, one OntologyTerm for each.

Source: NLM's descriptor records, https://www.nlm.nih.gov/mesh/xml_data_elements.html. The hierarchy is told by tree
numbers: a parent is the descriptor whose number is one step shorter, so it shows only where the file holds it.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO

from pydantic import ValidationError

from loaders.appearance import decoded, root_tag
from loaders.safe_xml import broken, let_go, pull_parser
from loaders.unpack import DamagedArchive, unpacked
from schema.ids import BadIdentifier, normalise_curie
from schema.ontology_term import OntologyTerm
from schema.parsed import Parsed, Problem
from schema.terms import SynonymScope

VERSION = "1"

# How the second concept of a relation stands to the first.
_SCOPES = {"NRW": SynonymScope.NARROW, "BRD": SynonymScope.BROAD, "REL": SynonymScope.RELATED}


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether these are MeSH descriptors; the name does not count."""
    text = (decoded(head) or "").lstrip("\ufeff \t\r\n")
    return text.startswith("<") and root_tag(text) == "DescriptorRecordSet"


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield one OntologyTerm for each descriptor, or a Problem that says where and what. Never raises on content."""
    found: list[tuple[OntologyTerm, str]] = []
    problems: list[Problem] = []
    etree: Any = import_module("lxml.etree")
    parser = pull_parser("DescriptorRecord")
    try:
        for piece in unpacked(stream):
            parser.feed(piece)
            _take(parser, name, found, problems)
        parser.close()
    except etree.XMLSyntaxError as error:
        hint = "The descriptors before it were read, the rest was not. Get the file again."
        problems.append(broken(error, name, hint))
    except DamagedArchive as damage:
        problems.append(Problem(name, f"{damage}; the descriptors before it were read. Get the file again."))
    yield from problems
    yield from with_parents(found)
    if not found and not problems:
        yield Problem(name, "no descriptor was found; expected MeSH descriptors: <DescriptorRecordSet>")


def with_parents(found: list[tuple[OntologyTerm, str]]) -> Iterator[Parsed]:
    """Yield descriptors with those above them, as their tree numbers tell."""
    holder = {number: term.id for term, _ in found for number in term.tree_numbers}
    for term, where in found:
        parents = (holder.get(number.rpartition(".")[0]) for number in term.tree_numbers)
        broader = tuple(dict.fromkeys(parent for parent in parents if parent is not None))
        yield Parsed(term.model_copy(update={"broader": broader}), where)


def _take(parser: Any, name: str, found: list[tuple[OntologyTerm, str]], problems: list[Problem]) -> None:
    for _, record in parser.read_events():
        where = f"{name}:{record.sourceline}"
        ui, title = record.findtext("DescriptorUI"), record.findtext("DescriptorName/String")
        concepts = record.findall("ConceptList/Concept")
        preferred = next((one for one in concepts if one.get("PreferredConceptYN") == "Y"), None)
        note = preferred.findtext("ScopeNote") if preferred is not None else None
        try:
            term = OntologyTerm(
                id=normalise_curie(f"MESH:{ui or ''}"),
                name=" ".join((title or "").split()) or None,
                definition=" ".join((note or "").split()) or None,
                synonyms=tuple(_synonyms(concepts, preferred, title)),
                tree_numbers=tuple(
                    one.text.strip() for one in record.iterfind("TreeNumberList/TreeNumber") if one.text
                ),
                ontology="mesh",
            )
            found.append((term, where))
        except (BadIdentifier, ValidationError):
            problems.append(Problem(where, f"a descriptor is left out: {ui!r} is no id of MeSH, such as D009437"))
        let_go(record)


def _synonyms(concepts: list[Any], preferred: Any, title: str | None) -> Iterator[Any]:
    scopes = _scopes(concepts, preferred)
    seen = {title}
    for concept in concepts:
        scope = scopes.get(concept.findtext("ConceptUI"), SynonymScope.RELATED)
        for text in concept.iterfind("TermList/Term/String"):
            if text.text and text.text not in seen:
                seen.add(text.text)
                yield {"text": text.text, "scope": SynonymScope.EXACT if concept is preferred else scope}


def _scopes(concepts: list[Any], preferred: Any) -> dict[str | None, SynonymScope]:
    """Return how the other concepts of a descriptor stand to the preferred one."""
    main = preferred.findtext("ConceptUI") if preferred is not None else None
    return {
        relation.findtext("Concept2UI"): _SCOPES.get(relation.get("RelationName"), SynonymScope.RELATED)
        for concept in concepts
        for relation in concept.iterfind("ConceptRelationList/ConceptRelation")
        if relation.findtext("Concept1UI") == main
    }
