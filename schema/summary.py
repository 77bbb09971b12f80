"""Summary: our answer for one therapy and one condition, in versions, derived and never edited."""

from typing import Annotated, ClassVar

from schema.effect import Effect
from schema.ids import Slug
from schema.pooled import Absolute, HarmDifference, NotPooled, Overlap, Pooled
from schema.record import Part, Record, Ref
from schema.terms import (
    Certainty,
    CertaintyBasis,
    CertaintyReason,
    ComparatorGroup,
    Direction,
    Language,
    OutcomeDomain,
    Synthesis,
    TimeWindow,
)


class CertaintyStep(Part):
    """One step of the rating: which reason, how many levels down (negative) or up, and the figure behind it."""

    reason: CertaintyReason
    levels: int
    figure: str


class Translation(Part):
    """The sentences of an answer, or of one of its lines, in another language than English."""

    language: Language
    sentence: str
    #: Of a whole answer.
    harms_sentence: str | None = None


def sentence_in(language: Language, answer: "Line | Summary") -> str:
    """Return what is known, in a language; in English where there is no sentence in it."""
    told = worded(answer, language)
    return answer.sentence if told is None else told.sentence


def harms_in(language: Language, summary: "Summary") -> str:
    """Return what is known of harms, in a language; in English where there is no sentence in it."""
    told = worded(summary, language)
    return summary.harms_sentence if told is None or told.harms_sentence is None else told.harms_sentence


def worded(answer: "Line | Summary", language: Language) -> Translation | None:
    """Return the answer's sentences in a language; None for a language in which it has none, and for English."""
    return next((one for one in answer.translations if one.language is language), None)


class Judged(Part):
    """What a reviewer judged of a line's certainty: for this reason these levels, in place of the computed ones."""

    #: None where the rating was confirmed as it was computed.
    reason: CertaintyReason | None
    levels: int
    why: str
    who: str
    when: str
    clinician: bool = False


class Line(Part):
    """One result of an answer: one outcome domain against one kind of comparator in one time window."""

    domain: OutcomeDomain
    comparator: ComparatorGroup
    window: TimeWindow
    #: Whether it counts people who reached a threshold (responders), not means.
    responders: bool
    #: Set where the line is about this one outcome, which does not stand for its domain.
    outcome: Slug | None = None
    #: Whether it says how well something is foretold: no treatment effect.
    predicts: bool = False
    synthesis: Synthesis
    direction: Direction
    certainty: Certainty
    certainty_basis: CertaintyBasis
    steps: tuple[CertaintyStep, ...] = ()
    #: The certainty as computed, where reviewers confirmed or changed it, and what they judged.
    certainty_computed: Certainty | None = None
    judgements: tuple[Judged, ...] = ()
    #: Studies that carry the answer; people in those that report them (None where none does); how many do not.
    studies: tuple[str, ...]
    participants: int | None
    participants_unknown: int = 0
    #: How many studies favour the therapy and the comparator, and the two-sided sign test's p.
    favouring: int
    against: int
    sign_test_p: float | None = None
    #: The printed effect, where one result gives the answer.
    effect: Effect | None = None
    #: The pool of the studies that could be pooled; it gives the answer where ``synthesis`` says POOLED, and else
    #: stands beside it. Studies of the line that are not in it, and why.
    pooled: Pooled | None = None
    not_pooled: tuple[NotPooled, ...] = ()
    #: For a line that counts people: what it means for 100 of them.
    absolute: Absolute | None = None
    #: All results of the line; the first ones, one for each of ``studies``, are those that were counted.
    findings: tuple[str, ...]
    sentence: str
    translations: tuple[Translation, ...] = ()


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
    translations: tuple[Translation, ...] = ()
    #: Whether the leading line rests on narrower conditions or narrower therapies only.
    indirect: bool
    #: Whether a study (a retracted one too) names this very therapy, and this very condition, not only narrower ones.
    names_therapy: bool
    names_condition: bool
    #: Distinct studies that carry weight, reviews among them, and how many of them are reviews.
    study_count: int
    review_count: int = 0
    #: People in the studies that are no reviews (in the leading review where there are only reviews), as far as they
    #: are reported; None where none is. How many of those studies do not report it.
    participant_count: int | None
    participants_unknown: int = 0
    #: Of those people, the ones in randomised trials: a register may hold many times as many. None where none is told.
    participants_randomised: int | None = None
    lines: tuple[Line, ...]
    #: All findings of the pair in the order to show them: the leading line's first, retracted ones last.
    findings: tuple[str, ...]
    #: The studies of those findings, retracted ones included: ``carrying`` are those that count.
    studies: tuple[str, ...]
    #: Citations of those studies, retracted ones included.
    citations: tuple[str, ...]
    #: Studies that carry no weight here because every report of them, or of what they found here, is retracted.
    retracted_studies: tuple[str, ...] = ()
    #: Primary studies that are also inside a review of the same answer: counted once.
    overlapping_studies: tuple[str, ...] = ()
    #: How far the reviews of the answer rest on the same trials; None where the trials of fewer than two are held.
    review_overlap: Overlap | None = None
    #: Unwanted events that its studies tell with numbers in both arms.
    harm_differences: tuple[HarmDifference, ...] = ()
    #: Studies each of which, left out, would change the direction or the certainty of the leading line.
    turning_studies: tuple[str, ...] = ()
    #: Narrower therapies and conditions that the answer took in, because studies name them.
    therapies_included: tuple[str, ...] = ()
    conditions_included: tuple[str, ...] = ()

    @property
    def carrying(self) -> tuple[str, ...]:
        """The studies that carry weight: as many as ``study_count``."""
        return tuple(id for id in self.studies if id not in self.retracted_studies)
