"""The generated parts of schema/README.md: `make glossary` writes them, a test compares them with the code.

A generated part stands between the lines `<!-- generated: NAME -->` and `<!-- end -->`.
"""

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Union

from pydantic import BaseModel
from pydantic.fields import FieldInfo

import schema.terms
from schema.ids import PREFIXES, Curie, Doi, Orcid, Pmcid, Pmid, RegistryNumber, Slug
from schema.record import Part, Record, Ref, references
from schema.records import RECORDS
from schema.terms import Term

README = Path(__file__).parents[2] / "schema" / "README.md"
GENERATED = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
PLAIN = {str: "text", int: "whole number", float: "number", bool: "yes or no"}
IDENTIFIERS = {
    Slug: "slug",
    Doi: "DOI",
    Pmid: "PMID",
    Pmcid: "PMCID",
    Orcid: "ORCID iD",
    RegistryNumber: "trial registry number",
    Curie: "CURIE",
}


def filled(text: str) -> str:
    """Return the glossary's text with every generated part as the code has it now."""
    return GENERATED.sub(lambda part: part[1] + PARTS[part[2]]() + part[3], text)


def terms() -> list[type[Term]]:
    """Return every enumeration of controlled terms, by name."""
    found = (getattr(schema.terms, name) for name in schema.terms.__all__)
    return sorted(
        (t for t in found if inspect.isclass(t) and issubclass(t, Term) and t is not Term),
        key=_name,
    )


def structures() -> list[type[Part]]:
    """Return every structure that stands inside a record, by name."""
    found: dict[str, type[Part]] = {}
    waiting: list[type[BaseModel]] = list(RECORDS.values())
    while waiting:
        for field in waiting.pop().model_fields.values():
            for leaf in _leaves(field.annotation):
                if inspect.isclass(leaf) and issubclass(leaf, Part) and leaf.__name__ not in found:
                    found[leaf.__name__] = leaf
                    waiting.append(leaf)
    return sorted(found.values(), key=_name)


def comments(model: type[BaseModel]) -> dict[str, str]:
    """Return what the `#:` comments above the fields of a model say."""
    found: dict[str, str] = {}
    said: list[str] = []
    for line in inspect.getsource(model).splitlines():
        if comment := re.match(r"    #: (.*)", line):
            said.append(comment[1])
        else:
            if (field := re.match(r"    (\w+):", line)) and said:
                found[field[1]] = " ".join(said)
            said = []
    return found


def _records() -> str:
    rows = "\n".join(
        f"- [{label}](#{label.lower()}): {_first_sentence(record)}" for label, record in sorted(RECORDS.items())
    )
    return f"{rows}\n\n" + "\n".join(_model(record) for _, record in sorted(RECORDS.items()))


def _structures() -> str:
    return "\n".join(_model(part) for part in structures())


def _relationships() -> str:
    rows = {
        f"| `{ref.type}` | [{label}](#{label.lower()}) | [{ref.label}](#{ref.label.lower()}) | `{field}` |"
        for label, record in RECORDS.items()
        for field, ref in references(record).items()
    }
    return "\n".join(["| type | from | to | field |", "|---|---|---|---|", *sorted(rows), ""])


def _prefixes() -> str:
    rows = [f"| `{prefix}` | `{_cell(pattern)}` | `{iri}` |" for prefix, (pattern, iri) in PREFIXES.items()]
    return "\n".join(["| prefix | local id | IRI before the local id |", "|---|---|---|", *rows, ""])


def _terms() -> str:
    return "\n".join(_term(term) for term in terms())


def _term(term: type[Term]) -> str:
    rows = [
        f"| `{member.value}` | {_cell(member.definition or '*in use; no definition was read*')} "
        f"| {_cell(member.source or '')} |"
        for member in term
    ]
    used = [f"[{model}](#{model.lower()}).`{field}`" for model, field in _users(term)]
    return "\n".join(
        [
            f"### {term.__name__}",
            "",
            f"{inspect.cleandoc(term.__doc__ or '')} "
            + (f"Used in {', '.join(used)}." if used else "Used in no field."),
            "",
            "| term | definition | source |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _users(term: type[Term]) -> Iterator[tuple[str, str]]:
    for model in sorted([*RECORDS.values(), *structures()], key=_name):
        for name, field in model.model_fields.items():
            if term in _leaves(field.annotation):
                yield model.__name__, name


def _model(model: type[BaseModel]) -> str:
    said = comments(model)
    refs = references(model) if issubclass(model, Record) else {}
    hints = typing.get_type_hints(model, include_extras=True)
    rows = [
        f"| `{name}` | {_kind(hints[name], refs.get(name))}{_need(field)} | {_cell(said.get(name, ''))} |"
        for name, field in model.model_fields.items()
    ]
    return "\n".join(
        [
            f"### {model.__name__}",
            "",
            _markdown(inspect.cleandoc(model.__doc__ or "")),
            "",
            "| field | holds | meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _kind(annotation: Any, ref: Ref | None) -> str:
    """Say in words what a field holds."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if ref is None and annotation in IDENTIFIERS:
        return IDENTIFIERS[annotation]
    if origin is typing.Annotated:
        return _kind(parts[0], ref)
    if origin in (Union, types.UnionType):
        return " or ".join(_kind(part, ref) for part in parts if part is not type(None))
    if origin is tuple and parts[-1] is Ellipsis:
        return f"list: {_kind(parts[0], ref)}"
    if origin is tuple:
        return f"{len(parts)} × {_kind(parts[0], ref)}"
    if ref is not None:
        return f"id of {'an' if ref.label[0] in 'AEIOU' else 'a'} [{ref.label}](#{ref.label.lower()})"
    if issubclass(annotation, Term | Part):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return PLAIN[annotation]


def _need(field: FieldInfo) -> str:
    if not field.is_required():
        return ", optional"
    return " or unknown" if type(None) in _leaves(field.annotation) else ""


def _leaves(annotation: Any) -> set[Any]:
    parts = typing.get_args(annotation)
    if not parts:
        return {annotation}
    if typing.get_origin(annotation) is typing.Annotated:
        return _leaves(parts[0])
    return {leaf for part in parts for leaf in _leaves(part)}


def _first_sentence(model: type[BaseModel]) -> str:
    return _markdown(inspect.cleandoc(model.__doc__ or "").partition("\n")[0])


def _name(thing: type[Enum] | type[BaseModel]) -> str:
    return thing.__name__


def _cell(text: str) -> str:
    return _markdown(text).replace("|", r"\|").replace("\n", " ")


def _markdown(text: str) -> str:
    return re.sub(r":\w+:`", "`", text).replace("``", "`")


PARTS: dict[str, Callable[[], str]] = {
    "records": _records,
    "structures": _structures,
    "relationships": _relationships,
    "prefixes": _prefixes,
    "terms": _terms,
}


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
