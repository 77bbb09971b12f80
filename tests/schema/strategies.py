"""Made-up records of every kind: what Hypothesis draws for a field follows from its declaration."""

import string
import types
import typing
from enum import Enum
from typing import Any, Union

from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from schema.citation import Author, Citation
from schema.effect import Arm, Effect
from schema.finding import Finding
from schema.gene_drug_pair import GeneDrugPair
from schema.ids import Curie, Doi, Orcid, Pmcid, Pmid, RegistryNumber, Slug, TermId
from schema.judgement import Judgement
from schema.record import Record
from schema.registration import RegisteredDate, Registration

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
NUMBER = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False, allow_infinity=False)
COUNT = st.integers(0, 100_000)
PERCENT = st.floats(min_value=1, max_value=99)
SLUG = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)

IDENTIFIERS: dict[Any, st.SearchStrategy[Any]] = {
    Slug: SLUG,
    Doi: SLUG.map("10.1000/{}".format),
    Pmid: st.integers(1, 999_999_999).map(str),
    Pmcid: st.integers(1, 999_999_999).map("PMC{}".format),
    Orcid: st.sampled_from(["0000-0002-1825-0097", "0000-0002-1694-233X"]),
    RegistryNumber: st.integers(10_000_000, 99_999_999).map("NCT{}".format),
    Curie: st.integers(1, 99_999).map("DOID:{}".format),
    TermId: st.integers(1, 99_999).map("NCI:C{}".format),
}

DATE = st.sampled_from(["2020", "2020-07", "2020-07-28"])

# Fields that are narrower than their types say: bounds, patterns, and what holds between fields.
FIELDS: dict[tuple[type[BaseModel], str], st.SearchStrategy[Any]] = {
    (Citation, "id"): st.integers(1, 99_999_999).map("pmid:{}".format),
    (Citation, "year"): st.none() | st.integers(1500, 2100),
    (Citation, "published"): st.none() | DATE,
    (RegisteredDate, "date"): DATE,
    (GeneDrugPair, "removed"): st.none() | DATE,
    (Registration, "results_posted_on"): st.none() | DATE,
    (Registration, "results_sent_on"): st.none() | DATE,
    (Registration, "first_posted"): st.none() | DATE,
    (Registration, "last_updated"): st.none() | DATE,
    (Finding, "id"): st.builds("{}:{:012x}".format, SLUG, st.integers(0, 16**12 - 1)),
    (Finding, "therapies"): st.lists(SLUG, min_size=1, max_size=2).map(tuple),
    (Judgement, "levels"): st.just(0),
    (Judgement, "when"): st.dates().map(str),
    (Author, "family"): TEXT,
    (Effect, "level"): st.none() | PERCENT,
}


def records(kind: type[Record]) -> st.SearchStrategy[Any]:
    """Return a strategy for valid records of one kind."""
    return _models(kind)


def _models(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(model, include_extras=True)
    drawn = st.fixed_dictionaries(
        {name: FIELDS.get((model, name), _field(model, name, hints[name])) for name in model.model_fields}
    )
    if model in (Arm, Effect):
        drawn = drawn.map(_ordered)
    return drawn.filter(lambda fields: _valid(model, fields)).map(model.model_validate)


def _field(model: type[BaseModel], name: str, annotation: Any) -> st.SearchStrategy[Any]:
    bounds = {type(mark).__name__: mark for mark in model.model_fields[name].metadata}
    if bounds and (float in typing.get_args(annotation) or annotation is float):
        return st.none() | PERCENT
    if bounds and (int in typing.get_args(annotation) or annotation is int):
        return st.integers(1, 2) if annotation is int else st.none() | COUNT
    return _values(annotation)


def _values(annotation: Any) -> st.SearchStrategy[Any]:
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation in IDENTIFIERS:
        return IDENTIFIERS[annotation]
    if origin is typing.Annotated:
        inner = next((known for known in IDENTIFIERS if typing.get_args(known)[1] in parts[1:]), parts[0])
        return _values(inner)
    if origin in (Union, types.UnionType):
        return st.one_of([st.none() if part is type(None) else _values(part) for part in parts])
    if origin is tuple and parts[-1] is Ellipsis:
        return st.lists(_values(parts[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(_values, parts))
    if issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    if issubclass(annotation, BaseModel):
        return _models(annotation)
    plain: dict[type, st.SearchStrategy[Any]] = {str: TEXT, int: COUNT, float: NUMBER, bool: st.booleans()}
    return plain[annotation]


def _ordered(fields: dict[str, Any]) -> dict[str, Any]:
    """Put an interval's ends and its estimate, and events and people, in an order that can be true."""
    for group in (("ci_low", "estimate", "ci_high"), ("events", "n")):
        held = [name for name in group if fields.get(name) is not None]
        fields |= dict(zip(held, sorted(fields[name] for name in held), strict=True))
    return fields


def _valid(model: type[BaseModel], fields: dict[str, Any]) -> bool:
    try:
        model.model_validate(fields)
    except ValidationError:
        return False
    return True
