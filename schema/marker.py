"""Marker: something measured to predict or watch pain."""

from typing import ClassVar

from schema.ids import Slug
from schema.record import Record
from schema.terms import MarkerKind


class Marker(Record):
    """Something measured to predict or watch pain: a signal, a genotype, a score. It treats nothing."""

    label: ClassVar[str] = "Marker"

    id: Slug
    name: str
    abbreviations: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    kind: MarkerKind
    sentence: str
