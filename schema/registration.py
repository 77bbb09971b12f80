"""Registration: what a trial registry holds of a study, in the registry's words."""

from pydantic import Field

from schema.citation import PartialDate
from schema.ids import Pmid, RegistryNumber
from schema.record import Part
from schema.terms import PublicationLinkKind, RecruitmentStatus


class RegisteredDate(Part):
    """A date of the course of a study, as far as it is given."""

    date: PartialDate
    #: Whether it has come to pass; false where it is expected, None where the registry does not say.
    actual: bool | None = None


class RegisteredArm(Part):
    """A group of participants as planned."""

    name: str
    kind: str | None = None
    description: str | None = None
    #: Names of the interventions it gets.
    interventions: tuple[str, ...] = ()


class RegisteredIntervention(Part):
    """What is done for participants, as registered."""

    name: str
    kind: str | None = None
    other_names: tuple[str, ...] = ()
    description: str | None = None


class PlannedOutcome(Part):
    """An outcome that the study was to measure, as registered."""

    measure: str
    primary: bool
    timepoint: str | None = None
    description: str | None = None


class LinkedPublication(Part):
    """A publication that the registry links to the study."""

    kind: PublicationLinkKind
    pmid: Pmid | None = None
    as_printed: str | None = None


class Registration(Part):
    """The entry of a study in a trial registry: what was planned, how far it is, and whether results are posted.

    Conditions and interventions are kept as printed. They are matched with the vocabulary when somebody asks for
    trials: a synonym that is added later finds older entries, and an entry never says more than the registry did.
    """

    number: RegistryNumber
    registry: str
    status: RecruitmentStatus | None = None
    why_stopped: str | None = None
    started: RegisteredDate | None = None
    #: When the last participant was, or will be, examined for the primary outcome.
    primary_completion: RegisteredDate | None = None
    completed: RegisteredDate | None = None
    #: People in the study, or to be: ``enrolment_actual`` says which.
    enrolment: int | None = Field(default=None, ge=0)
    enrolment_actual: bool | None = None
    #: Whether results are posted in the registry.
    results_posted: bool | None = None
    results_posted_on: PartialDate | None = None
    #: When results were last sent to the registry, which looks them over and has not posted them.
    results_sent_on: PartialDate | None = None
    sponsor: str | None = None
    countries: tuple[str, ...] = ()
    masking: str | None = None
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    interventions: tuple[RegisteredIntervention, ...] = ()
    arms: tuple[RegisteredArm, ...] = ()
    outcomes: tuple[PlannedOutcome, ...] = ()
    publications: tuple[LinkedPublication, ...] = ()
    first_posted: PartialDate | None = None
    last_updated: PartialDate | None = None
