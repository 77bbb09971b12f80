"""Condition: a disease or pain state."""

from typing import Annotated, ClassVar

from schema.ids import Slug
from schema.names import Labels, Xref
from schema.record import Record, Ref
from schema.terms import ConditionKind


class Condition(Record):
    """A disease or pain state. A question about a condition takes in every narrower one."""

    label: ClassVar[str] = "Condition"

    id: Slug
    name: str
    labels: Labels = ()
    abbreviations: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    kind: ConditionKind
    broader: tuple[Annotated[Slug, Ref("Condition", "BROADER")], ...] = ()
    #: The condition that it was merged into: what is known about it counts as known about that one.
    replaced_by: Annotated[Slug | None, Ref("Condition", "REPLACED_BY")] = None
    sentence: str
    xrefs: tuple[Xref, ...] = ()
    note: str | None = None
