"""Page, Statement and Reference: a patient-education page to audit."""

from typing import Annotated, ClassVar

from schema.ids import Slug
from schema.record import Record, Ref
from schema.terms import Strength, VerificationState


class Page(Record):
    """A patient-education page."""

    label: ClassVar[str] = "Page"

    id: Slug
    title: str
    url: str | None = None
    publisher: Annotated[Slug | None, Ref("Organization", "PUBLISHED_BY")] = None
    note: str | None = None


class Statement(Record):
    """One claim of a page, paraphrased, linked to what it is about."""

    label: ClassVar[str] = "Statement"

    id: Slug
    page: Annotated[Slug, Ref("Page", "ON_PAGE")]
    position: int
    topic: str | None = None
    claim: str
    strength: Strength
    therapies: tuple[Annotated[Slug, Ref("Therapy", "CLAIMS_ABOUT")], ...] = ()
    conditions: tuple[Annotated[Slug, Ref("Condition", "CLAIMS_ABOUT")], ...] = ()
    #: Whether the page makes it no longer.
    withdrawn: bool = False


class Reference(Record):
    """One entry of a page's reference list, as printed, and what checking it found."""

    label: ClassVar[str] = "Reference"

    id: Slug
    page: Annotated[Slug, Ref("Page", "ON_PAGE")]
    position: int
    printed: str
    citation: Annotated[str | None, Ref("Citation", "REFERS_TO")] = None
    verification: VerificationState = VerificationState.PENDING
    #: What the check found, in words.
    verdict: str | None = None
    checked: str | None = None
    #: Whether the page has it no longer.
    withdrawn: bool = False
