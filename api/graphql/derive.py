"""GraphQL types from records: a field is declared once, in schema/, and shown here.

Scalars, controlled terms and structures become fields of the same name; a field that refers to other records
(:class:`schema.record.Ref`) becomes those records, loaded in batches. What a type shows differently is written in its
class, and what it leaves out is listed with the reason. The values that flow are the records themselves.
"""

import inspect
import re
import types
import typing
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar, Union

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from api.graphql.context import Info
from schema.record import Part, Record, references
from schema.terms import Term

C = TypeVar("C", bound=type)

#: Where the GraphQL type of each record stands. A type may refer to one that is defined later.
PLACES = {
    "Therapy": ("Therapy", "api.graphql.therapy"),
    "Condition": ("Condition", "api.graphql.condition"),
    "GeneDrugPair": ("GeneDrugPair", "api.graphql.gene_drug_pair"),
    "OntologyTerm": ("OntologyTerm", "api.graphql.ontology_term"),
    "Outcome": ("Outcome", "api.graphql.vocabulary"),
    "Instrument": ("Instrument", "api.graphql.vocabulary"),
    "Comparator": ("Comparator", "api.graphql.vocabulary"),
    "Marker": ("Marker", "api.graphql.vocabulary"),
    "Citation": ("Citation", "api.graphql.citation"),
    "Study": ("Study", "api.graphql.study"),
    "Finding": ("Finding", "api.graphql.finding"),
    "Summary": ("Evidence", "api.graphql.evidence"),
    "Page": ("Page", "api.graphql.page"),
    "Statement": ("Statement", "api.graphql.page"),
    "Reference": ("Reference", "api.graphql.page"),
    "Organization": ("Organization", "api.graphql.page"),
    "Release": ("Release", "api.graphql.release"),
    "Check": ("Check", "api.graphql.check"),
    "PossibleDuplicate": ("PossibleDuplicate", "api.graphql.duplicate"),
}

_SCALARS: tuple[type, ...] = (str, int, float, bool)
_parts: dict[type[Part], type] = {}


def one(label: str) -> Any:
    """Return the GraphQL type of one record."""
    name, module = PLACES[label]
    return Annotated[name, strawberry.lazy(module)]


def many(label: str) -> Any:
    """Return the GraphQL type of a list of records."""
    return list[one(label)]


def shown(resolver: Callable[..., Any], graphql_type: Any = None) -> Any:
    """Return a field that a function answers; the function's docstring is what clients read about it."""
    return strawberry.field(
        resolver=resolver,
        graphql_type=graphql_type,
        description=inspect.cleandoc(resolver.__doc__ or "").replace("\n", " "),
    )


def shown_one(
    label: str, field: str, described: str | None = None, *, optional: bool = False, held: bool = True
) -> Any:
    """Return a field that shows the record whose plain id ``field`` holds.

    ``optional``: the field may be null. ``held``: whether every release that is asked has the record; else what is
    gone is null.
    """

    async def load(root: strawberry.Parent[Any], info: Info) -> Any:
        wanted = getattr(root, field)
        if wanted is None:
            return None
        return await (info.context.one(label, wanted) if held else info.context.find(label, wanted))

    graphql_type = one(label) | None if optional or not held else one(label)
    return strawberry.field(resolver=load, graphql_type=graphql_type, description=described)


def shown_many(label: str, field: str, described: str | None = None) -> Any:
    """Return a field that shows the records whose plain ids ``field`` holds; those that are not held are missing."""

    async def load(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context.many(label, getattr(root, field))

    return strawberry.field(resolver=load, graphql_type=many(label), description=described)


def record_type(
    record: type[Record], *, name: str | None = None, key: str = "slug", left_out: Mapping[str, str] | None = None
) -> Callable[[C], C]:
    """Make the decorated class the GraphQL type of a record.

    ``name``: where it differs from the record's. ``key``: the field that shows the record's plain id. ``left_out``:
    fields that are not shown under their own name, and why.
    """

    def decorate(cls: C) -> C:
        described = "The plain id, as people and files use it; `id` is made from it."
        _add(cls, key, str, strawberry.field(resolver=_plain_id, description=described))
        _show_fields(cls, record, {"id": "shown as the plain id", **(left_out or {})})

        def is_type_of(source: Any, _: Any) -> bool:
            return isinstance(source, record)

        _add(cls, "is_type_of", None, staticmethod(is_type_of))
        return strawberry.type(cls, name=name or record.label, description=meaning(record))

    return decorate


def part_type(part: type[Part], *, left_out: Mapping[str, str] | None = None) -> Callable[[C], C]:
    """Make the decorated class the GraphQL type of a structure inside records."""

    def decorate(cls: C) -> C:
        _show_fields(cls, part, left_out or {})
        made = strawberry.type(cls, name=part.__name__, description=meaning(part))
        _parts[part] = made
        return made

    return decorate


def shown_type(annotation: Any) -> Any:
    """Return the GraphQL type for the annotation of a record's field. Raises TypeError for what has none."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return shown_type(arguments[0])
    if origin in (Union, types.UnionType):
        inner = [each for each in arguments if each is not type(None)]
        if len(inner) == 1:
            return shown_type(inner[0]) | None
    if origin is tuple:
        return list[shown_type(arguments[0])]
    if annotation in _SCALARS:
        return annotation
    if isinstance(annotation, type) and issubclass(annotation, Term):
        return term_type(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return _parts.get(annotation) or part_type(annotation)(type(annotation.__name__, (), {"__doc__": None}))
    raise TypeError(f"{annotation!r} has no GraphQL type")


def term_type(term: type[Term]) -> type[Term]:
    """Return the term as a GraphQL enum, its definitions as descriptions."""
    if "__strawberry_definition__" not in term.__dict__:
        strawberry.enum(term, description=inspect.cleandoc(term.__doc__ or ""))
        definition: StrawberryEnumDefinition = term.__dict__["__strawberry_definition__"]
        for value in definition.values:
            value.description = term[value.name].definition
    return term


def meaning(declared: Any) -> str:
    """Return the first paragraph of a docstring."""
    return _for_clients(inspect.cleandoc(declared.__doc__ or "").split("\n\n")[0].replace("\n", " "))


def field_meanings(declared: type) -> dict[str, str]:
    """Return what the comments before the fields of a class (``#: …``) say, read from its source."""
    found: dict[str, str] = {}
    comment: list[str] = []
    for line in inspect.getsource(declared).splitlines():
        text = line.strip()
        if text.startswith("#:"):
            comment.append(text.removeprefix("#:").strip())
            continue
        if comment and (field := re.match(r"(\w+):", text)):
            found[field[1]] = _for_clients(" ".join(comment))
        comment = []
    return found


def _show_fields(cls: type, declared: type[Part], left_out: Mapping[str, str]) -> None:
    meanings = field_meanings(declared)
    refers = references(declared) if issubclass(declared, Record) else {}
    own = dict(cls.__dict__)
    for name in left_out:
        if name not in declared.model_fields:
            raise TypeError(f"{declared.__name__} has no field {name}, which is left out")
    for name, field in declared.model_fields.items():
        if name in left_out or name in own:
            continue
        described = meanings.get(name)
        if name in refers:
            listed = typing.get_origin(field.annotation) is tuple
            optional = not listed and not field.is_required()
            label = refers[name].label
            related = (
                shown_many(label, name, described) if listed else shown_one(label, name, described, optional=optional)
            )
            _add(cls, name, None, related)
        else:
            _add(cls, name, shown_type(field.annotation), strawberry.field(description=described))


def _add(cls: type, name: str, annotation: Any, field: Any) -> None:
    if annotation is not None:
        cls.__annotations__ = {**inspect.get_annotations(cls), name: annotation}
    setattr(cls, name, field)


def _for_clients(text: str) -> str:
    """The words of Python's readers in GraphQL's."""
    return re.sub(r"\bNone\b", "null", re.sub(r":\w+:`(\w+)`", r"`\1`", text.replace("``", "`")))


def _plain_id(root: strawberry.Parent[Any]) -> str:
    return root.id
