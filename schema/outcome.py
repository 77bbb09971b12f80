"""Outcome: what was measured."""

from typing import Annotated, ClassVar

from schema.ids import Slug
from schema.names import Labels
from schema.record import Record, Ref
from schema.terms import Better, OutcomeDomain


class Outcome(Record):
    """What was measured, with its IMMPACT domain and the direction that is good for the patient."""

    label: ClassVar[str] = "Outcome"

    id: Slug
    name: str
    labels: Labels = ()
    domain: OutcomeDomain
    #: Of the outcome as named. A scale or an arm can run the other way: then the finding's own ``better`` decides.
    better: Better | None
    broader: tuple[Annotated[Slug, Ref("Outcome", "BROADER")], ...] = ()
    synonyms: tuple[str, ...] = ()
    instruments: tuple[Annotated[Slug, Ref("Instrument", "MEASURED_BY")], ...] = ()
    note: str | None = None
