"""The base of every record: a frozen, validated model that knows its place in the graph.

A field is declared once, here or in a subclass. From the declaration derive: the node property (scalars and lists of
texts as they are, structures as JSON text), the relationship (:class:`Ref`), and the content hash. The API's types and
the constraints of ``graph.cypher`` are tested against it.
"""

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any, ClassVar, Self, Union

import orjson
from pydantic import BaseModel, ConfigDict

#: The number of a release that is not published yet, under which records wait for it: greater than any real one.
DRAFT = 2_147_483_647

#: Under which a citation is found that may be the same paper (kb/matching/keys.py); no part of its content.
MATCH_KEYS = ("match_title", "match_page", "match_beginning")

#: What a node carries beside its record: the hash of the content, the release since which that content is visible and
#: the first one that held the record, whether it may be published, whether a clinician reviewed it, the load that
#: brought it and when, its main source, which other source single fields came from (JSON), and the match keys. No
#: field of a loaded record may have one of these names.
ENVELOPE = (
    "content_hash",
    "since",
    "first_release",
    "approval",
    "clinically_reviewed",
    "load_run",
    "loaded_at",
    "loaded_from",
    "field_sources",
    *MATCH_KEYS,
)


class Part(BaseModel):
    """A structure inside a record, without a life of its own. Stored as JSON text, without its defaults.

    So a default of a structure must never change: what graphs hold would then be read as something else.
    """

    # A number that is none (NaN, infinity) would be stored as unknown: it is refused.
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a field as the id (or ids) of another record: a relationship ``type`` to a node ``label``."""

    label: str
    type: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One relationship that a record asks for."""

    type: str
    label: str
    target: str
    field: str


class Record(Part):
    """Something with an id that may stand in the graph as one node of one label."""

    label: ClassVar[str]

    id: str

    def properties(self) -> dict[str, Any]:
        """Return the node's properties; unknown (None) and empty fields are left out, structures without defaults."""
        return _stored(type(self), self._told())

    def content_hash(self) -> str:
        """Return a hash of the content: equal content, equal hash, in any process."""
        return _hash(self._told())

    def stored(self) -> tuple[dict[str, Any], str]:
        """Return the node's properties and the content hash, in less time than one after the other."""
        told = self._told()
        return _stored(type(self), told), _hash(told)

    def _told(self) -> dict[str, Any]:
        """What differs from the defaults, of the fields and inside their structures."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def edges(self) -> Iterator[Edge]:
        """Yield the relationships this record asks for."""
        for name, ref in references(type(self)).items():
            value = getattr(self, name)
            for target in [value] if isinstance(value, str) else value or ():
                yield Edge(ref.type, ref.label, target, name)

    @classmethod
    def from_properties(cls, properties: dict[str, Any]) -> Self:
        """Make the record again from its node; properties that are no fields (the envelope) are passed over."""
        fields = _left_out(cls).copy()
        stored = shapes(cls)
        for name, value in properties.items():
            if shape := stored.get(name):
                fields[name] = value if shape == "plain" else orjson.loads(value)
        return cls.model_validate(fields)


def _hash(told: dict[str, Any]) -> str:
    return sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _stored(record: type[Record], told: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    structures = _structures(record)
    for name, value in (_defaults(record) | told).items():
        if value is None or value == []:
            continue
        # A default is JSON text already.
        found[name] = orjson.dumps(value).decode() if name in structures and name in told else value
    return found


def _leaves(annotation: Any) -> Iterator[Any]:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        yield from _leaves(typing.get_args(annotation)[0])
    elif origin in (Union, types.UnionType, list, tuple):
        for part in typing.get_args(annotation):
            if part is not Ellipsis:
                yield from _leaves(part)
    else:
        yield annotation


@cache
def shapes(record: type[Record]) -> dict[str, str]:
    """Return for each field how it is stored: ``plain`` (scalar, or list of scalars) or ``json`` (a structure)."""
    found: dict[str, str] = {}
    for name, field in record.model_fields.items():
        leaves = list(_leaves(field.annotation))
        plain = all(
            leaf in (str, int, float, bool, type(None)) or (isinstance(leaf, type) and issubclass(leaf, Enum))
            for leaf in leaves
        )
        found[name] = "plain" if plain else "json"
    return found


@cache
def _structures(record: type[Record]) -> frozenset[str]:
    return frozenset(name for name, shape in shapes(record).items() if shape == "json")


@cache
def _defaults(record: type[Record]) -> dict[str, Any]:
    """The fields that are not required as a node holds them by default."""
    found: dict[str, Any] = {}
    for name, field in record.model_fields.items():
        default = None if field.is_required() else field.get_default(call_default_factory=True)
        if isinstance(default, Part):
            found[name] = orjson.dumps(default.model_dump(mode="json", exclude_defaults=True)).decode()
        elif default is not None and default != ():
            found[name] = default.value if isinstance(default, Enum) else default
    return found


@cache
def _left_out(record: type[Record]) -> dict[str, Any]:
    """The required fields as they are where the node has none: unknown or empty. What may be neither is refused."""
    required = {name: field for name, field in record.model_fields.items() if field.is_required()}
    return {name: () if typing.get_origin(one.annotation) is tuple else None for name, one in required.items()}


@cache
def references(record: type[Record]) -> dict[str, Ref]:
    """Return the fields that hold ids of other records, with the relationship each one is."""
    hints = typing.get_type_hints(record, include_extras=True)
    found: dict[str, Ref] = {}
    for name in record.model_fields:
        for ref in _refs(hints[name]):
            found[name] = ref
    return found


def _refs(annotation: Any) -> Iterator[Ref]:
    if typing.get_origin(annotation) is typing.Annotated:
        inner, *marks = typing.get_args(annotation)
        yield from (mark for mark in marks if isinstance(mark, Ref))
        yield from _refs(inner)
    else:
        for part in typing.get_args(annotation):
            yield from _refs(part)
