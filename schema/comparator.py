"""Comparator: what the other arm got."""

from typing import Annotated, ClassVar

from schema.ids import Slug
from schema.names import Labels
from schema.record import Record, Ref
from schema.terms import ComparatorClass


class Comparator(Record):
    """What the other arm got. An active comparator may itself be a therapy."""

    label: ClassVar[str] = "Comparator"

    id: Slug
    name: str
    labels: Labels = ()
    comparator_class: ComparatorClass
    synonyms: tuple[str, ...] = ()
    therapy: Annotated[Slug | None, Ref("Therapy", "IS_THERAPY")] = None
