"""Outcomes, measurements and effects."""

from schema.terms.term import OWN, Term


class OutcomeDomain(Term):
    """IMMPACT core and additional outcome domains, and what pain trials measure besides."""

    PAIN = (
        "PAIN",
        "pain itself, above all its intensity (0-10 numerical rating scale in the later recommendation)",
        "Turk DC, 2003, Core outcome domains for chronic pain clinical trials: IMMPACT "
        "recommendations, doi:10.1016/j.pain.2003.08.001; read at "
        "https://pure.johnshopkins.edu/en/publications/core-outcome-domains-for-chronic-pain-clinical-trials-immpact-rec-4",
    )
    PHYSICAL_FUNCTION = (
        "PHYSICAL_FUNCTION",
        "what the person can do in daily life despite pain (MPI and BPI interference scales "
        "in the later recommendation)",
        "Turk DC, 2003, Core outcome domains for chronic pain clinical trials: IMMPACT "
        "recommendations, doi:10.1016/j.pain.2003.08.001; read at "
        "https://pure.johnshopkins.edu/en/publications/core-outcome-domains-for-chronic-pain-clinical-trials-immpact-rec-4",
    )
    EMOTIONAL_FUNCTION = (
        "EMOTIONAL_FUNCTION",
        "mood and distress (Beck Depression Inventory and Profile of Mood States in the later recommendation)",
        "Turk DC, 2003, Core outcome domains for chronic pain clinical trials: IMMPACT "
        "recommendations, doi:10.1016/j.pain.2003.08.001; read at "
        "https://pure.johnshopkins.edu/en/publications/core-outcome-domains-for-chronic-pain-clinical-trials-immpact-rec-4",
    )
    GLOBAL_IMPROVEMENT = (
        "GLOBAL_IMPROVEMENT",
        "the participant's own rating of improvement and of satisfaction with the treatment",
        "Turk DC, 2003, Core outcome domains for chronic pain clinical trials: IMMPACT "
        "recommendations, doi:10.1016/j.pain.2003.08.001; read at "
        "https://pure.johnshopkins.edu/en/publications/core-outcome-domains-for-chronic-pain-clinical-trials-immpact-rec-4",
    )
    SYMPTOMS_AND_ADVERSE_EVENTS = (
        "SYMPTOMS_AND_ADVERSE_EVENTS",
        "other symptoms and adverse events",
        "Turk DC, 2003, Core outcome domains for chronic pain clinical trials: IMMPACT "
        "recommendations, doi:10.1016/j.pain.2003.08.001; read at "
        "https://pure.johnshopkins.edu/en/publications/core-outcome-domains-for-chronic-pain-clinical-trials-immpact-rec-4",
    )
    DISPOSITION = (
        "DISPOSITION",
        "what became of the participants, such as adherence and the reasons for leaving early",
        "Turk DC, 2003, Core outcome domains for chronic pain clinical trials: IMMPACT "
        "recommendations, doi:10.1016/j.pain.2003.08.001; read at "
        "https://pure.johnshopkins.edu/en/publications/core-outcome-domains-for-chronic-pain-clinical-trials-immpact-rec-4",
    )
    ROLE_FUNCTION = (
        "ROLE_FUNCTION",
        "work and education, social and leisure activities, care for home and family",
        "Opioids for chronic non-cancer pain: a protocol for a systematic review of "
        "randomized controlled trials, doi:10.1186/2046-4053-2-66; read at "
        "https://systematicreviewsjournal.biomedcentral.com/articles/10.1186/2046-4053-2-66/tables/1",
    )
    INTERPERSONAL_FUNCTION = (
        "INTERPERSONAL_FUNCTION",
        "relations with others, sexual activity",
        "Opioids for chronic non-cancer pain: a protocol for a systematic review of "
        "randomized controlled trials, doi:10.1186/2046-4053-2-66; read at "
        "https://systematicreviewsjournal.biomedcentral.com/articles/10.1186/2046-4053-2-66/tables/1",
    )
    SLEEP = (
        "SLEEP",
        "sleep and fatigue, an additional domain that patients name",
        "Opioids for chronic non-cancer pain: a protocol for a systematic review of "
        "randomized controlled trials, doi:10.1186/2046-4053-2-66; read at "
        "https://systematicreviewsjournal.biomedcentral.com/articles/10.1186/2046-4053-2-66/tables/1",
    )
    OPIOID_USE = (
        "OPIOID_USE",
        "use of opioids and other analgesics, measured as an outcome",
        OWN,
    )
    QUALITY_OF_LIFE = (
        "QUALITY_OF_LIFE",
        "health-related quality of life, measured as an outcome",
        OWN,
    )
    OTHER = (
        "OTHER",
        "an outcome outside the IMMPACT domains, such as prediction accuracy or structure",
        OWN,
    )


class Better(Term):
    """Which way of a value is good for the patient."""

    HIGHER = (
        "HIGHER",
        "a higher value is better for the patient",
        OWN,
    )
    LOWER = (
        "LOWER",
        "a lower value is better for the patient",
        OWN,
    )


class Measured(Term):
    """What a result is taken from."""

    FINAL = (
        "FINAL",
        "the value at the time point",
        OWN,
    )
    CHANGE = (
        "CHANGE",
        "the change from baseline",
        OWN,
    )
    RESPONDERS = (
        "RESPONDERS",
        "how many people reached a threshold or had an event",
        OWN,
    )


class EffectMeasure(Term):
    """How an effect is expressed."""

    MD = (
        "MD",
        "difference of means, in units of the instrument",
        "Cochrane Handbook, chapter 6",
    )
    SMD = (
        "SMD",
        "difference of means in standard deviations",
        "Cochrane Handbook, chapter 6",
    )
    HEDGES_G = (
        "HEDGES_G",
        "standardised mean difference with the small-sample correction of Hedges",
        "Cochrane Handbook, chapter 6",
    )
    COHENS_D = (
        "COHENS_D",
        "standardised mean difference without correction",
        "Cochrane Handbook, chapter 6",
    )
    MEDIAN_DIFFERENCE = (
        "MEDIAN_DIFFERENCE",
        "difference of medians",
        OWN,
    )
    RATIO_OF_MEANS = (
        "RATIO_OF_MEANS",
        "ratio of means or geometric means",
        "Cochrane Handbook, chapter 6",
    )
    RR = (
        "RR",
        "risk ratio",
        "Cochrane Handbook, chapter 6",
    )
    OR = (
        "OR",
        "odds ratio",
        "Cochrane Handbook, chapter 6",
    )
    HR = (
        "HR",
        "hazard ratio",
        "Cochrane Handbook, chapter 6",
    )
    RD = (
        "RD",
        "risk difference",
        "Cochrane Handbook, chapter 6",
    )
    NNT = (
        "NNT",
        "number needed to treat",
        "Cochrane Handbook, chapter 6",
    )
    PROPORTION = (
        "PROPORTION",
        "a share of people, without comparison",
        OWN,
    )
    PERCENT_DIFFERENCE = (
        "PERCENT_DIFFERENCE",
        "difference in per cent of the comparator",
        OWN,
    )
    REGRESSION_COEFFICIENT = (
        "REGRESSION_COEFFICIENT",
        "coefficient of a regression model",
        OWN,
    )
    CORRELATION = (
        "CORRELATION",
        "correlation coefficient",
        OWN,
    )
    AUC = (
        "AUC",
        "area under the receiver operating characteristic curve, or the C-index",
        OWN,
    )
    SENSITIVITY = (
        "SENSITIVITY",
        "share of people with the outcome whom a test finds",
        OWN,
    )
    SPECIFICITY = (
        "SPECIFICITY",
        "share of people without the outcome whom a test clears",
        OWN,
    )
    ETA_SQUARED = (
        "ETA_SQUARED",
        "share of variance explained, partial or not",
        OWN,
    )
    SMD_BEFORE_AFTER = (
        "SMD_BEFORE_AFTER",
        "standardised change within one group; not a comparison of arms",
        OWN,
    )
    OTHER = (
        "OTHER",
        "another measure, named in the note",
        OWN,
    )


class ThresholdKind(Term):
    """In which unit an important difference is given."""

    ABSOLUTE = (
        "ABSOLUTE",
        "points of the scale",
        OWN,
    )
    PERCENT = (
        "PERCENT",
        "per cent of baseline",
        OWN,
    )


class ThresholdMeaning(Term):
    """What an important difference is an estimate of."""

    MCID = (
        "MCID",
        "the smallest difference that patients notice",
        OWN,
    )
    MIC = (
        "MIC",
        "the smallest change within a patient that matters",
        OWN,
    )
    SDC = (
        "SDC",
        "the smallest change beyond measurement error",
        OWN,
    )
    PASS = (
        "PASS",
        "a state that patients accept; a level, not a change",
        OWN,
    )
