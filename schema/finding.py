"""Finding: one result of a study."""

from hashlib import sha256
from typing import Annotated, ClassVar, Self

import orjson
from pydantic import Field, model_validator

from schema.effect import Arm, Effect
from schema.ids import Slug
from schema.record import Record, Ref
from schema.terms import Better, Certainty, ComparatorClass, Direction, Favours, Measured, OutcomeDomain, TimeWindow

#: Upper ends of the time windows, in days.
WINDOW_DAYS = ((14, TimeWindow.UP_TO_2_WEEKS), (93, TimeWindow.TO_3_MONTHS), (366, TimeWindow.TO_12_MONTHS))


class Finding(Record):
    """One result of a study: therapy (or marker) × comparator × condition × outcome × time point.

    Its id is derived from its parts (:func:`finding_id`): the same result read again is the same finding.
    """

    label: ClassVar[str] = "Finding"

    id: str = Field(pattern=r"^[a-z0-9-]+:[0-9a-f]{12}$")
    study: Annotated[Slug, Ref("Study", "RESULT_OF")]
    #: The report in which it was read.
    citation: Annotated[str, Ref("Citation", "READ_IN")]
    #: Where in the report: ``abstract, results``, ``table 2``.
    locus: str
    therapies: tuple[Annotated[Slug, Ref("Therapy", "TESTS")], ...] = ()
    markers: tuple[Annotated[Slug, Ref("Marker", "TESTS_MARKER")], ...] = ()
    conditions: tuple[Annotated[Slug, Ref("Condition", "IN_CONDITION")], ...] = ()
    #: The condition as studied, where it is narrower than any we name.
    population: str | None = None
    comparators: tuple[Annotated[Slug, Ref("Comparator", "COMPARED_WITH")], ...] = ()
    comparator_class: ComparatorClass | None = None
    outcomes: tuple[Annotated[Slug, Ref("Outcome", "MEASURES")], ...] = ()
    #: The outcome in the source's words.
    outcome_as_printed: str
    domain: OutcomeDomain
    primary: bool | None = None
    instrument: Annotated[Slug | None, Ref("Instrument", "USES")] = None
    instrument_as_printed: str | None = None
    #: Unit of the arms' means, where printed.
    unit: str | None = None
    #: Of this result as printed: it decides over the outcome's own.
    better: Better | None = None
    measured: Measured | None = None
    #: As printed, and in days after the start of treatment where that can be told.
    timepoint: str | None = None
    timepoint_days: float | None = Field(default=None, ge=0)
    arms: tuple[Arm, ...] = ()
    effect: Effect | None = None
    #: Which arm the estimate (or the arms' values) favours, told once, at loading.
    favours: Favours | None = None
    #: What the result says, its precision taken into account.
    direction: Direction = Direction.UNCLEAR
    #: For a result of a review: trials pooled, people in them, and heterogeneity in per cent.
    pooled_studies: int | None = Field(default=None, ge=0)
    pooled_participants: int | None = Field(default=None, ge=0)
    i2: float | None = Field(default=None, ge=0, le=100)
    #: GRADE rating that the source itself gives this result.
    certainty_stated: Certainty | None = None
    #: False for results that must never be pooled (a lower bound, a conditional odds ratio, a before–after d).
    poolable: bool = True
    #: Whether its source holds it no longer: then it counts nowhere. A result that is read otherwise is another one.
    withdrawn: bool = False
    note: str | None = None

    @model_validator(mode="after")
    def _tests_something(self) -> Self:
        if not self.therapies and not self.markers:
            raise ValueError("a finding needs a therapy or a marker that it is about")
        return self

    @property
    def window(self) -> TimeWindow:
        """The time window of the result."""
        if self.timepoint_days is None:
            return TimeWindow.UNKNOWN
        return next((window for days, window in WINDOW_DAYS if self.timepoint_days <= days), TimeWindow.LONGER)


def finding_id(study: str, *parts: str | None) -> str:
    """Return the id of a finding: its study and a hash of what sets it apart from the study's other results.

    ``parts``: citation, outcome, comparator, time point, population, measured, names of the arms, in this order.
    """
    return f"{study}:{sha256(orjson.dumps(parts)).hexdigest()[:12]}"
