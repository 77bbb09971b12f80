"""GRADE: certainty of a body of evidence, and how it is synthesised."""

from schema.terms.term import OWN, Term


class Certainty(Term):
    """GRADE: how sure we are of a body of evidence for one outcome."""

    HIGH = (
        "HIGH",
        "strong confidence that the true effect lies near the estimate",
        "Balshem H, 2011, GRADE guidelines: 3. Rating the quality of evidence; read at "
        "http://www.biomedcentral.com/1741-7015/10/33/table/T1",
    )
    MODERATE = (
        "MODERATE",
        "the true effect is probably near the estimate but may be substantially different",
        "Balshem H, 2011, GRADE guidelines: 3. Rating the quality of evidence; read at "
        "http://www.biomedcentral.com/1741-7015/10/33/table/T1",
    )
    LOW = (
        "LOW",
        "limited confidence; the true effect may well be substantially different from the estimate",
        "Balshem H, 2011, GRADE guidelines: 3. Rating the quality of evidence; read at "
        "http://www.biomedcentral.com/1741-7015/10/33/table/T1",
    )
    VERY_LOW = (
        "VERY_LOW",
        "very little confidence; the true effect is probably substantially different from the estimate",
        "Balshem H, 2011, GRADE guidelines: 3. Rating the quality of evidence; read at "
        "http://www.biomedcentral.com/1741-7015/10/33/table/T1",
    )


class CertaintyReason(Term):
    """GRADE: the five reasons to lower certainty and the three to raise it."""

    RISK_OF_BIAS = (
        "RISK_OF_BIAS",
        "lower the certainty when the studies are at risk of bias",
        "Schünemann HJ, 2023, Chapter 14: Completing 'Summary of findings' tables and grading "
        "the certainty of the evidence; read at "
        "https://training.cochrane.org/handbook/current/chapter-14",
    )
    INCONSISTENCY = (
        "INCONSISTENCY",
        "lower the certainty when the results of the single studies are not consistent",
        "Schünemann HJ, 2023, Chapter 14: Completing 'Summary of findings' tables and grading "
        "the certainty of the evidence; read at "
        "https://training.cochrane.org/handbook/current/chapter-14",
    )
    INDIRECTNESS = (
        "INDIRECTNESS",
        "lower the certainty when the evidence does not directly answer the question of interest",
        "Schünemann HJ, 2023, Chapter 14: Completing 'Summary of findings' tables and grading "
        "the certainty of the evidence; read at "
        "https://training.cochrane.org/handbook/current/chapter-14",
    )
    IMPRECISION = (
        "IMPRECISION",
        "lower the certainty when the bounds of the confidence interval would lead to "
        "different actions, or the amount of data is too small",
        "Schünemann HJ, 2023, Chapter 14: Completing 'Summary of findings' tables and grading "
        "the certainty of the evidence; read at "
        "https://training.cochrane.org/handbook/current/chapter-14",
    )
    PUBLICATION_BIAS = (
        "PUBLICATION_BIAS",
        "lower the certainty when publication or reporting biases are likely",
        "Schünemann HJ, 2023, Chapter 14: Completing 'Summary of findings' tables and grading "
        "the certainty of the evidence; read at "
        "https://training.cochrane.org/handbook/current/chapter-14",
    )
    LARGE_EFFECT = (
        "LARGE_EFFECT",
        "raise the certainty of sound observational evidence when the effect is large",
        "Guyatt GH, 2011, GRADE guidelines: 9. Rating up the quality of evidence, "
        "doi:10.1016/j.jclinepi.2011.06.004; read at "
        "https://edoc.unibas.ch/entities/publication/41859cd4-3ed4-4923-8c48-e6beb678b9e9",
    )
    DOSE_RESPONSE = (
        "DOSE_RESPONSE",
        "raise the certainty when more of the exposure goes with more of the effect",
        "Guyatt GH, 2011, GRADE guidelines: 9. Rating up the quality of evidence, "
        "doi:10.1016/j.jclinepi.2011.06.004; read at "
        "https://edoc.unibas.ch/entities/publication/41859cd4-3ed4-4923-8c48-e6beb678b9e9",
    )
    OPPOSING_CONFOUNDING = (
        "OPPOSING_CONFOUNDING",
        "raise the certainty when every plausible confounder or bias would have weakened the "
        "effect that was seen, or would have made one appear where none was seen",
        "Guyatt GH, 2011, GRADE guidelines: 9. Rating up the quality of evidence, "
        "doi:10.1016/j.jclinepi.2011.06.004; read at "
        "https://edoc.unibas.ch/entities/publication/41859cd4-3ed4-4923-8c48-e6beb678b9e9",
    )


class CertaintyBasis(Term):
    """Who stands behind a certainty."""

    COMPUTED = (
        "COMPUTED",
        "derived from the written rules alone; no reviewer has confirmed it",
        OWN,
    )
    STATED_BY_REVIEW = (
        "STATED_BY_REVIEW",
        "the rating that a systematic review gives its own result; not rated again here",
        OWN,
    )
    CONFIRMED = (
        "CONFIRMED",
        "a named reviewer has confirmed or changed the computed rating, with a reason",
        OWN,
    )


class Direction(Term):
    """What a finding, a study or a body of evidence says about a therapy."""

    BENEFIT = (
        "BENEFIT",
        "better with the therapy than with the comparator",
        OWN,
    )
    NO_DIFFERENCE = (
        "NO_DIFFERENCE",
        "no clear difference between therapy and comparator",
        OWN,
    )
    HARM = (
        "HARM",
        "worse with the therapy than with the comparator",
        OWN,
    )
    MIXED = (
        "MIXED",
        "results point different ways",
        OWN,
    )
    UNCLEAR = (
        "UNCLEAR",
        "the results that we can count do not say which way",
        OWN,
    )


class Favours(Term):
    """Which arm a point estimate favours, before any thought of its precision."""

    INTERVENTION = (
        "INTERVENTION",
        "the estimate is better for the arm with the therapy",
        OWN,
    )
    COMPARATOR = (
        "COMPARATOR",
        "the estimate is better for the arm it is compared with",
        OWN,
    )
    NEITHER = (
        "NEITHER",
        "the estimate is the value of no difference",
        OWN,
    )


class Synthesis(Term):
    """How several results were made into one answer."""

    SINGLE_STUDY = (
        "SINGLE_STUDY",
        "one study gives the answer",
        OWN,
    )
    DIRECTION_OF_EFFECT = (
        "DIRECTION_OF_EFFECT",
        "compare how many studies point to benefit with how many point to harm, whatever "
        "their size or P value; answers only whether there is any evidence of an effect",
        "McKenzie JE, 2022, Chapter 12: Synthesizing and presenting findings using other "
        "methods; read at http://training.cochrane.org/ru/handbook/archive/v6.3/chapter-12",
    )
    REVIEW_CONCLUSION = (
        "REVIEW_CONCLUSION",
        "a systematic review's own result is passed on",
        OWN,
    )
    POOLED = (
        "POOLED",
        "a meta-analysis of the single results",
        "Cochrane Handbook, chapter 10",
    )
    NONE = (
        "NONE",
        "no result that can be counted",
        OWN,
    )


class TimeWindow(Term):
    """How long after the start of treatment an outcome was measured."""

    UP_TO_2_WEEKS = (
        "UP_TO_2_WEEKS",
        "up to two weeks",
        OWN,
    )
    TO_3_MONTHS = (
        "TO_3_MONTHS",
        "more than two weeks, up to three months",
        OWN,
    )
    TO_12_MONTHS = (
        "TO_12_MONTHS",
        "more than three months, up to twelve months",
        OWN,
    )
    LONGER = (
        "LONGER",
        "more than twelve months",
        OWN,
    )
    UNKNOWN = (
        "UNKNOWN",
        "the time point was not reported in a form that can be placed",
        OWN,
    )
