"""MeSH as RDF: the descriptors of the Medical Subject Headings as N-Triples or Turtle, one OntologyTerm for each.

Source: NLM's MeSH RDF, https://hhs.github.io/meshrdf/. What it says of one descriptor is spread over the file, among
its concepts and their terms: the terms follow when all of it was read, and none where it breaks off. Supplementary
concepts are passed over.
"""

import codecs
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from pydantic import ValidationError

from loaders.appearance import decoded
from loaders.mesh import with_parents
from loaders.unpack import DamagedArchive, unpacked
from schema.ids import BadIdentifier, normalise_curie
from schema.ontology_term import OntologyTerm
from schema.parsed import Parsed, Problem
from schema.terms import SynonymScope

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

VERSION = "1"

_MESH = "http://id.nlm.nih.gov/mesh/"
_VOCABULARY = f"{_MESH}vocab#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_DESCRIPTORS = {
    f"{_VOCABULARY}{kind}" for kind in ("TopicalDescriptor", "GeographicalDescriptor", "PublicationType", "CheckTag")
}
_READ = {
    f"{_VOCABULARY}{name}": name
    for name in (
        "preferredConcept", "concept", "narrowerConcept", "broaderConcept", "scopeNote", "preferredTerm", "term",
        "prefLabel", "altLabel", "treeNumber", "active",
    )
} | {"http://www.w3.org/2000/01/rdf-schema#label": "label"}  # fmt: skip
#: Broken lines that are told one by one.
_TOLD = 20


@dataclass
class _Facts:
    """What the file says; names are without what all of MeSH's begin with."""

    descriptors: dict[str, None] = field(default_factory=dict[str, None])
    #: Predicate -> subject -> objects.
    said: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    problems: list[Problem] = field(default_factory=list[Problem])
    #: Why the file does not go to its end.
    breaks_off: str | None = None


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether this is RDF about MeSH; the name does not count."""
    text = _bare(head)
    return f"<{_MESH}" in text and (text.startswith(f"<{_MESH}") or _is_turtle(text))


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield one OntologyTerm for each descriptor, or a Problem that says where and what. Never raises on content."""
    facts = _read(stream, name)
    yield from facts.problems
    if facts.breaks_off is not None:
        spread = "what it says of one descriptor is spread over the file, so nothing is taken of it"
        yield Problem(name, f"{facts.breaks_off}; {spread}. Get the file again.")
        return
    found: list[tuple[OntologyTerm, str]] = []
    for ui in facts.descriptors:
        where = f"{name} {ui}"
        try:
            found.append((_term(ui, facts), where))
        except BadIdentifier:
            yield Problem(where, f"a descriptor is left out: {ui[:60]!r} is no id of MeSH, such as D009437")
        except ValidationError as refused:
            fault = refused.errors(include_url=False)[0]
            yield Problem(where, f"the descriptor {ui} is left out: {fault['loc'][0]}: {fault['msg']}")
    yield from with_parents(found)
    if not facts.descriptors:
        yield Problem(name, "no descriptor was found; expected MeSH's RDF with triples that name a TopicalDescriptor")


def _read(stream: BinaryIO, name: str) -> _Facts:
    # A slow import that most loads do not need.
    rdf: Any = import_module("pyoxigraph")
    facts = _Facts()
    pieces = _Pieces(stream)
    form = rdf.RdfFormat.TURTLE if _is_turtle(_bare(pieces.head)) else rdf.RdfFormat.N_TRIPLES
    triples = rdf.parse(pieces, format=form)
    broken = 0
    while True:
        try:
            triple = next(triples, None)
        except SyntaxError as error:
            # The reader goes on with the next line.
            broken += 1
            message = str(error.msg)
            if "Unexpected end" in message:
                facts.breaks_off = f"the RDF breaks off at line {error.lineno}"
            elif broken <= _TOLD:
                reason = re.sub(r"^.*?: ", "", message)
                facts.problems.append(
                    Problem(f"{name}:{error.lineno or 1}", f"the RDF is broken here, and this is left out: {reason}")
                )
            continue
        if triple is None:
            break
        predicate = triple.predicate.value
        if predicate == _TYPE and triple.object.value in _DESCRIPTORS:
            facts.descriptors[_local(triple.subject.value)] = None
        elif known := _READ.get(predicate):
            facts.said[known][_local(triple.subject.value)].append(_object(triple.object, rdf))
    if broken > _TOLD:
        message = f"{broken - _TOLD:,} more lines are broken and left out; get the file again"
        facts.problems.append(Problem(name, message))
    if pieces.damage is not None:
        facts.breaks_off = str(pieces.damage)
    return facts


def _bare(head: bytes) -> str:
    """The first bytes as text, without comments."""
    return re.sub(r"^\s*#.*$", "", (decoded(head) or "").lstrip("\ufeff"), flags=re.MULTILINE).lstrip()


def _is_turtle(text: str) -> bool:
    return bool(re.match(r"@?(?:prefix|base)\b", text, re.IGNORECASE))


def _local(iri: str) -> str:
    """``http://id.nlm.nih.gov/mesh/2026/D009437`` → ``D009437``."""
    return iri.rpartition("/")[2]


def _object(value: Any, rdf: Any) -> str:
    return " ".join(value.value.split()) if isinstance(value, rdf.Literal) else _local(value.value)


def _term(ui: str, facts: _Facts) -> OntologyTerm:
    def said(subject: str, *predicates: str) -> list[str]:
        return [value for predicate in predicates for value in facts.said[predicate].get(subject, ())]

    title = next(iter(said(ui, "label")), None)
    preferred = next(iter(said(ui, "preferredConcept")), "")
    narrower, broader = said(preferred, "narrowerConcept"), said(preferred, "broaderConcept")
    synonyms: dict[str, SynonymScope] = {}
    for concept in (preferred, *said(ui, "concept")):
        if concept == preferred:
            scope = SynonymScope.EXACT
        elif concept in narrower:
            scope = SynonymScope.NARROW
        else:
            scope = SynonymScope.BROAD if concept in broader else SynonymScope.RELATED
        for term in said(concept, "preferredTerm", "term"):
            for text in said(term, "prefLabel", "altLabel"):
                if text and text != title:
                    synonyms.setdefault(text, scope)
    return OntologyTerm.model_validate(
        {
            "id": normalise_curie(f"MESH:{ui}"),
            "name": title or None,
            "definition": next(iter(said(preferred, "scopeNote")), None) or None,
            "synonyms": [{"text": text, "scope": scope} for text, scope in synonyms.items()],
            "tree_numbers": said(ui, "treeNumber"),
            "obsolete": said(ui, "active") == ["false"],
            "ontology": "mesh",
        }
    )


class _Pieces(io.RawIOBase):
    """A source as its reader wants it: unpacked, and at its end where it is damaged; ``damage`` says how."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._pieces = unpacked(stream)
        self.damage: DamagedArchive | None = None
        self._rest = b""
        # A byte order mark is no part of the first triple.
        self._rest = self.head = self._next().removeprefix(codecs.BOM_UTF8)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read into the buffer."""
        self._rest = self._rest or self._next()
        view = memoryview(buffer).cast("B")
        piece = self._rest[: len(view)]
        view[: len(piece)] = piece
        self._rest = self._rest[len(piece) :]
        return len(piece)

    def _next(self) -> bytes:
        try:
            return next(self._pieces, b"")
        except DamagedArchive as damage:
            self.damage = damage
            return b""
