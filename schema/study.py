"""Study: one investigation, however many reports it has."""

from collections.abc import Collection
from typing import Annotated, ClassVar

from pydantic import Field

from schema.citation import Citation
from schema.dose import Dose
from schema.effect import Arm
from schema.ids import RegistryNumber, Slug
from schema.record import Part, Record, Ref
from schema.registration import Registration
from schema.terms import CitationType, ComparatorClass, Direction, SecondReading, StudyDesign


class Harm(Part):
    """One adverse event of a study: in numbers, in words, or both."""

    event: str
    outcome: Slug | None = None
    text: str | None = None
    arms: tuple[Arm, ...] = ()
    #: The report in which it was read.
    citation: str


class RiskOfBiasFacts(Part):
    """What the report says of its own conduct: facts, not a judgement. None = not read."""

    randomisation: str | None = None
    allocation_concealment: str | None = None
    blinding_participants: str | None = None
    blinding_assessors: str | None = None
    dropouts: str | None = None
    registered_before: str | None = None


class Reading(Part):
    """How often the numbers of one report were read, and what the second reader found."""

    citation: str
    #: People who read the numbers: 1 or 2.
    readers: int = Field(ge=1, le=2)
    second_reading: SecondReading = SecondReading.NONE
    read_at: str | None = None
    #: Whether the second reader read another page than the first.
    other_page: bool | None = None


class Study(Record):
    """One investigation. Reports of one trial are citations of one study; a review includes studies."""

    label: ClassVar[str] = "Study"

    id: Slug
    #: Short name: first author and year, with the acronym where there is one.
    name: str
    title: str | None = None
    acronym: str | None = None
    design: StudyDesign
    design_as_printed: str | None = None
    blinding: str | None = None
    #: People who took part (for a review: in its studies). None = not reported in what was read.
    participants: int | None = Field(default=None, ge=0)
    population: str | None = None
    country: str | None = None
    funding: str | None = None
    follow_up: str | None = None
    registry_numbers: tuple[RegistryNumber, ...] = ()
    intervention: str | None = None
    dose_as_printed: str | None = None
    dose: Dose | None = None
    comparator: str | None = None
    comparator_class: ComparatorClass | None = None
    comparators: tuple[Annotated[Slug, Ref("Comparator", "COMPARES_WITH")], ...] = ()
    therapies: tuple[Annotated[Slug, Ref("Therapy", "STUDIES")], ...] = ()
    markers: tuple[Annotated[Slug, Ref("Marker", "STUDIES_MARKER")], ...] = ()
    conditions: tuple[Annotated[Slug, Ref("Condition", "STUDIED_IN")], ...] = ()
    #: The authors' own conclusion.
    direction: Direction = Direction.UNCLEAR
    #: The rating that a review gives its own evidence, as printed.
    certainty_as_printed: str | None = None
    harms: tuple[Harm, ...] = ()
    risk_of_bias: RiskOfBiasFacts | None = None
    readings: tuple[Reading, ...] = ()
    #: For a review: its trials as printed (perhaps not all), and those that we hold.
    includes_as_printed: tuple[str, ...] = ()
    includes: tuple[Annotated[Slug, Ref("Study", "INCLUDES")], ...] = ()
    #: For a review: the reports of its trials that are given by identifiers, whether or not their study is held.
    included_reports: tuple[Annotated[str, Ref("Citation", "INCLUDES_REPORT")], ...] = ()
    citations: tuple[Annotated[str, Ref("Citation", "REPORTED_IN")], ...]
    registration: Registration | None = None
    #: The registry's entry itself. Of a study that is only registered it is also the one report.
    registered_in: Annotated[str, Ref("Citation", "REGISTERED_IN")] | None = None
    note: str | None = None

    @property
    def review(self) -> bool:
        """Whether it rests on other studies."""
        return self.design in REVIEWS

    @property
    def randomised(self) -> bool:
        """Whether people (or groups) were allocated by chance."""
        return self.design in RANDOMISED


def retracted(study: Study, reports: Collection[Citation]) -> bool:
    """Return whether every report of the study is retracted: then nothing of it carries weight.

    ``reports``: those of its citations that are at hand; one that is missing may stand. The entry of a registry
    reports no result, so it does not keep a retracted trial standing.
    """
    published = [report for report in reports if report.type is not CitationType.REGISTRATION]
    return len(reports) == len(study.citations) and len(published) > 0 and all(one.retracted for one in published)


def strange_reports(study: Study) -> list[str]:
    """Return the citations in which harms or readings of a study are said to be read, and which do not report it."""
    named = (part.citation for part in (*study.harms, *study.readings))
    return list(dict.fromkeys(id_ for id_ in named if id_ not in study.citations))


REVIEWS = frozenset({StudyDesign.SYSTEMATIC_REVIEW, StudyDesign.META_ANALYSIS, StudyDesign.NMA, StudyDesign.GUIDELINE})
RANDOMISED = frozenset({StudyDesign.RCT, StudyDesign.CLUSTER_RCT, StudyDesign.CROSSOVER_RCT, StudyDesign.FACTORIAL_RCT})
