"""Instrument: a scale or questionnaire, and which difference on it matters."""

from typing import ClassVar

from schema.ids import Doi, Pmid, Slug
from schema.record import Part, Record
from schema.terms import Better, OutcomeDomain, ThresholdKind, ThresholdMeaning


class Source(Part):
    """Where a figure was read: the publication, as far as it was read."""

    title: str
    authors_first: str | None = None
    year: int | None = None
    doi: Doi | None = None
    pmid: Pmid | None = None


class Threshold(Part):
    """One important difference (or acceptable state) of one population, in the unit of the instrument.

    Several thresholds per instrument are normal: pick by population and meaning, never average them. A threshold for
    change within a patient (MIC) judges no difference between group means (IMMPACT); the rules of precision take the
    lowest MCID for that, half of the lowest MIC where nothing else is known, and say how far.
    """

    value: float
    #: The upper end, where the source prints a range of thresholds.
    value_high: float | None = None
    kind: ThresholdKind
    meaning: ThresholdMeaning
    population: str
    method: str | None = None
    source: Source
    source_url: str


class Instrument(Record):
    """A scale or questionnaire: its range, which way is better, and its important differences."""

    label: ClassVar[str] = "Instrument"

    id: Slug
    name: str
    abbreviations: tuple[str, ...] = ()
    measures: OutcomeDomain
    range_min: float | None = None
    range_max: float | None = None
    unit: str | None = None
    better: Better | None = None
    #: Where the range was read.
    range_source_url: str | None = None
    thresholds: tuple[Threshold, ...] = ()
    note: str | None = None
