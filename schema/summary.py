"""Summary: our answer for one therapy and one condition, in versions, derived and never edited."""

from typing import Annotated, ClassVar

from schema.effect import Effect
from schema.ids import Slug
from schema.record import Part, Record, Ref
from schema.terms import (
    Certainty,
    CertaintyBasis,
    CertaintyReason,
    ComparatorGroup,
    Direction,
    OutcomeDomain,
    Synthesis,
    TimeWindow,
)


class CertaintyStep(Part):
    """One step of the rating: which reason, how many levels down (negative) or up, and the figure behind it."""

    reason: CertaintyReason
    levels: int
    figure: str


class Line(Part):
    """One result of an answer: one outcome domain against one kind of comparator in one time window."""

    domain: OutcomeDomain
    comparator: ComparatorGroup
    window: TimeWindow
    #: Whether it counts people who reached a threshold (responders), not means.
    responders: bool
    synthesis: Synthesis
    direction: Direction
    certainty: Certainty
    certainty_basis: CertaintyBasis
    steps: tuple[CertaintyStep, ...] = ()
    #: Studies that carry weight, and people in them (None where a study does not report them).
    studies: tuple[str, ...]
    participants: int | None
    #: How many studies favour the therapy and the comparator, and the two-sided sign test's p.
    favouring: int
    against: int
    sign_test_p: float | None = None
    #: The printed effect, where one result gives the answer.
    effect: Effect | None = None
    findings: tuple[str, ...]
    sentence: str


class Summary(Record):
    """Our answer for a therapy and a condition, narrower ones of both included, as of a range of releases.

    ``first`` is the release that brought this version, ``until`` the one that replaced it (the draft number while it
    stands). The first of ``lines`` leads: its direction, certainty and sentence are the answer's.
    """

    label: ClassVar[str] = "Summary"

    id: str
    therapy: Annotated[Slug, Ref("Therapy", "SUMMARISES")]
    condition: Annotated[Slug, Ref("Condition", "SUMMARISED_FOR")]
    first: int
    until: int
    direction: Direction
    certainty: Certainty
    certainty_basis: CertaintyBasis
    #: Plain words: what is known, how sure, against what, when; then harms.
    sentence: str
    harms_sentence: str
    #: Whether the leading line rests on narrower conditions or narrower therapies only.
    indirect: bool
    #: Whether a study names this very therapy (not only narrower ones) in this condition or a narrower one.
    named: bool
    #: Distinct studies that carry weight, and people in the primary ones (None = some study does not report them).
    study_count: int
    participant_count: int | None
    lines: tuple[Line, ...]
    #: All findings of the pair in the order to show them: the leading line's first, retracted ones last.
    findings: tuple[str, ...]
    studies: tuple[str, ...]
    #: Citations of those studies, retracted ones included.
    citations: tuple[str, ...]
    #: Studies that carry no weight because every report of them is retracted.
    retracted_studies: tuple[str, ...] = ()
    #: Primary studies that are also inside a review of the same answer: counted once.
    overlapping_studies: tuple[str, ...] = ()
    #: Narrower therapies and conditions that the answer took in, because studies name them.
    therapies_included: tuple[str, ...] = ()
    conditions_included: tuple[str, ...] = ()
