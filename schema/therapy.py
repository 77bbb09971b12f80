"""Therapy: anything done for the patient."""

from typing import Annotated, ClassVar

from schema.ids import Slug
from schema.names import Labels, Xref
from schema.record import Record, Ref
from schema.terms import TherapyKind


class Therapy(Record):
    """Anything done for the patient. A question about a therapy takes in every narrower one."""

    label: ClassVar[str] = "Therapy"

    id: Slug
    name: str
    labels: Labels = ()
    abbreviations: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    kind: TherapyKind
    broader: tuple[Annotated[Slug, Ref("Therapy", "BROADER")], ...] = ()
    #: The therapy that it was merged into: what is known about it counts as known about that one.
    replaced_by: Annotated[Slug | None, Ref("Therapy", "REPLACED_BY")] = None
    #: One plain sentence for a patient: what it is. It never says that it works.
    sentence: str
    xrefs: tuple[Xref, ...] = ()
    note: str | None = None
