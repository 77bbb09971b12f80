r"""OBO: ontologies in the OBO flat file format (DOID, MAXO, ECO, Mondo …), one OntologyTerm for each [Term].

Source: OBO Flat File Format 1.4, https://owlcollab.github.io/oboformat/doc/GO.format.obo-1_4.html. A reader of lines,
because libraries refuse real files for one line: ``xref: https://…siren\:F17332`` (maxo.obo), escapes in ``def``
(eco-basic.obo), synonym types that are not declared (DO_rare_slim.obo); and because a problem needs its line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from pydantic import ValidationError

from loaders.appearance import decoded
from loaders.encoding import read_text
from schema.ids import BadIdentifier, term_id
from schema.ontology_term import OntologyTerm
from schema.parsed import Parsed, Problem
from schema.terms import SynonymScope

VERSION = "1"

_LINE = re.compile(r"([A-Za-z_][\w-]*):\s*(.*)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(\w+)?')
# What ends a value: a comment, modifiers in braces, or a description in quotes.
_END = re.compile(r'\s+(?:!.*|\{.*\}\s*(?:!.*)?|"(?:[^"\\]|\\.)*".*)$')
_ESCAPED = re.compile(r"\\(.)")
_BLANKS = {"n": " ", "t": " ", "W": " "}
_LISTS = {"is_a": "broader", "replaced_by": "replaced_by", "consider": "consider"}


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether this is an ontology in OBO format."""
    text = (decoded(head) or "").lstrip("\ufeff \t\r\n")
    return bool(re.match(r"(?:format-version:\s*\d|\[Term\]\s*[\r\n]+id:)", text))


@dataclass
class _Stanza:
    """The lines of one stanza, with the line it begins at."""

    kind: str
    line: int
    tags: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def first(self, tag: str) -> str | None:
        return next(iter(self.all(tag)), None)

    def all(self, tag: str) -> list[str]:
        return [value for name, value in self.tags if name == tag]


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield an OntologyTerm for each term, or a Problem that says where and what. Never raises on content."""
    text, problems = read_text(stream, name)
    yield from problems
    header: _Stanza | None = None
    seen: dict[str, int] = {}
    merged: dict[str, list[tuple[OntologyTerm, str]]] = {}
    for stanza in _stanzas(text, name):
        if isinstance(stanza, Problem):
            yield stanza
        elif header is None:
            header = stanza
        elif stanza.kind == "Term":
            for found in _term(stanza, header, name, seen):
                yield found
                if isinstance(found, Parsed) and isinstance(found.record, OntologyTerm):
                    for alternative in stanza.all("alt_id"):
                        merged.setdefault(_value(alternative), []).append((found.record, found.where))
    yield from _merged(merged, seen)
    if not seen:
        yield Problem(name, "no term was found; expected an ontology in OBO format, with [Term] and id: lines")


def _stanzas(text: str, name: str) -> Iterator[_Stanza | Problem]:
    stanza = _Stanza("", 1)
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if not bare or bare.startswith("!"):
            continue
        if re.fullmatch(r"\[\w+\]", bare):
            yield stanza
            stanza = _Stanza(bare[1:-1], number)
        elif match := _LINE.fullmatch(bare):
            stanza.tags.append((match[1], match[2]))
        else:
            yield Problem(
                f"{name}:{number}", f"is no line of OBO format and is left out: {bare[:60]!r}", rejected=False
            )
    yield stanza


def _term(stanza: _Stanza, header: _Stanza, name: str, seen: dict[str, int]) -> Iterator[Parsed | Problem]:
    where = f"{name}:{stanza.line}"
    fields: dict[str, Any] = {"synonyms": [], "xrefs": [], "broader": [], "replaced_by": [], "consider": []}
    warnings: list[str] = []
    try:
        fields["id"] = term_id(_value(stanza.first("id") or ""))
    except BadIdentifier as bad:
        yield Problem(where, f"a term is left out: {bad}")
        return
    if fields["id"] in seen:
        yield Problem(
            where, f"the term {fields['id']} stands at line {seen[fields['id']]} already; keep one of the two"
        )
        return
    for tag, value in stanza.tags:
        if tag == "name":
            fields["name"] = _plain(value)
        elif tag == "def" and (match := _QUOTED.match(value)):
            fields["definition"] = _plain(match[1]) or None
        elif tag == "is_obsolete":
            fields["obsolete"] = _value(value) == "true"
        elif tag == "synonym":
            _synonym(value, fields["synonyms"], warnings)
        elif tag == "xref":
            fields["xrefs"].append(_plain(_value(value)))
        elif tag in _LISTS:
            _reference(tag, value, fields[_LISTS[tag]], warnings)
    fields["ontology"] = header.first("ontology") or fields["id"].partition(":")[0].lower()
    fields["version"] = header.first("data-version")
    try:
        term = OntologyTerm.model_validate(fields)
    except ValidationError as refused:
        fault = refused.errors(include_url=False)[0]
        yield Problem(where, f"the term {fields['id']} is left out: {fault['loc'][0]}: {fault['msg']}")
        return
    seen[term.id] = stanza.line
    yield from (Problem(where, f"{term.id}: {message}", rejected=False) for message in warnings)
    yield Parsed(term, where)


def _merged(merged: dict[str, list[tuple[OntologyTerm, str]]], seen: dict[str, int]) -> Iterator[Parsed | Problem]:
    """Yield the terms that were merged into others, which the format keeps as their alternative ids alone.

    Such an id is obsolete, and replaced by the term that names it (OBO 1.4, 5.2: translation of ``alt_id``).
    """
    for given, holders in merged.items():
        (first, where), *_ = holders
        try:
            id_ = term_id(given)
        except BadIdentifier as bad:
            yield Problem(where, f"{first.id}: alt_id is left out: {bad}", rejected=False)
            continue
        if id_ not in seen:
            current = tuple(dict.fromkeys(term.id for term, _ in holders))
            term = OntologyTerm(
                id=id_, obsolete=True, replaced_by=current, ontology=first.ontology, version=first.version
            )
            yield Parsed(term, where)


def _synonym(value: str, synonyms: list[dict[str, Any]], warnings: list[str]) -> None:
    match = _QUOTED.match(value)
    if match is None or not (text := _plain(match[1])):
        warnings.append(f"the synonym {value[:60]!r} has no text in quotes and is left out")
        return
    # Without a scope the format means RELATED.
    scope = SynonymScope.__members__.get(match[2] or "", SynonymScope.RELATED)
    synonyms.append({"text": text, "scope": scope})


def _reference(tag: str, value: str, found: list[str], warnings: list[str]) -> None:
    try:
        found.append(term_id(_value(value)))
    except BadIdentifier as bad:
        warnings.append(f"{tag} is left out: {bad}")


def _value(text: str) -> str:
    """Return a value without what follows it on its line."""
    return _END.sub("", text).strip()


def _plain(text: str) -> str:
    """Return a text with its escapes resolved."""
    return " ".join(_ESCAPED.sub(lambda match: _BLANKS.get(match[1], match[1]), text).split())
