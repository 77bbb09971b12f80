"""Gaps: what is not known."""

from schema.terms.term import OWN, Term


class GapKind(Term):
    """Why a question counts as open."""

    NO_STUDY = ("NO_STUDY", "no study that is held has a result on the therapy for the condition", OWN)
    NOT_MEASURED = ("NOT_MEASURED", "studies are held, and none of them measured the domain against a comparison", OWN)
    LOW_CERTAINTY = ("LOW_CERTAINTY", "the domain was measured, and no result of it is of more than low certainty", OWN)
