"""Changes: why an answer of one release differs from that of an earlier one."""

from schema.terms.term import OWN, Term


class ChangeReason(Term):
    """What came between two versions of an answer."""

    CITATION_RETRACTED = ("CITATION_RETRACTED", "a report it rests on was retracted or removed", OWN)
    CITATION_REINSTATED = ("CITATION_REINSTATED", "the retraction of a report it rests on was withdrawn", OWN)
    CITATION_CONCERN = ("CITATION_CONCERN", "an expression of concern about a report it rests on appeared", OWN)
    CITATION_NOTICE = ("CITATION_NOTICE", "another notice about a report it rests on came or went", OWN)
    STUDY_JOINED = ("STUDY_JOINED", "a study joined what it rests on", OWN)
    STUDY_CHANGED = ("STUDY_CHANGED", "what is recorded of a study it rests on was edited", OWN)
    STUDY_LEFT = ("STUDY_LEFT", "it no longer rests on a study", OWN)
    FINDING_JOINED = ("FINDING_JOINED", "a result joined what it rests on", OWN)
    FINDING_CHANGED = ("FINDING_CHANGED", "a result it rests on was edited", OWN)
    FINDING_LEFT = ("FINDING_LEFT", "it no longer rests on a result", OWN)
    JUDGEMENT_JOINED = ("JUDGEMENT_JOINED", "a reviewer confirmed or changed the certainty of one of its lines", OWN)
    JUDGEMENT_CHANGED = ("JUDGEMENT_CHANGED", "a newer judgement of a line replaced an earlier one", OWN)
    JUDGEMENT_LEFT = ("JUDGEMENT_LEFT", "a judgement of one of its lines no longer counts", OWN)
    INCLUDED_TRIAL_RETRACTED = (
        "INCLUDED_TRIAL_RETRACTED",
        "a trial inside a review it rests on was retracted, or its retraction withdrawn",
        OWN,
    )
    VOCABULARY_CHANGED = (
        "VOCABULARY_CHANGED",
        "a therapy, condition, outcome, comparator or instrument it speaks of was edited, or has another place",
        OWN,
    )
    RULES_CHANGED = (
        "RULES_CHANGED",
        "the rules or wordings that derive answers changed; the records may be the same",
        OWN,
    )
    OTHER = ("OTHER", "none of the others; what differs in the answer is named", OWN)
