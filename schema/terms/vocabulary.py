"""Therapies, conditions, markers and their mappings."""

from schema.terms.term import OWN, Term


class TherapyKind(Term):
    """What kind of thing is done for the patient."""

    DEVICE = (
        "DEVICE",
        "an apparatus applied to or implanted in the body",
        OWN,
    )
    PROCEDURE = (
        "PROCEDURE",
        "something done to the body, such as an injection",
        OWN,
    )
    BIOLOGIC = (
        "BIOLOGIC",
        "a product of cells or blood",
        OWN,
    )
    PSYCHOLOGICAL = (
        "PSYCHOLOGICAL",
        "work with thoughts, feelings and behaviour",
        OWN,
    )
    PHYSICAL = (
        "PHYSICAL",
        "movement, exercise, touch and physical agents",
        OWN,
    )
    DIGITAL = (
        "DIGITAL",
        "a program, app or virtual world",
        OWN,
    )
    DELIVERY = (
        "DELIVERY",
        "a way of bringing care to people",
        OWN,
    )
    MEDICATION = (
        "MEDICATION",
        "a medicine",
        OWN,
    )
    TESTING = (
        "TESTING",
        "a test that guides treatment",
        OWN,
    )
    MONITORING = (
        "MONITORING",
        "measuring over time to guide treatment",
        OWN,
    )


class ConditionKind(Term):
    """What kind of health state a condition is."""

    CHRONIC_PAIN = (
        "CHRONIC_PAIN",
        "pain that lasts or comes back for more than three months",
        OWN,
    )
    ACUTE_PAIN = (
        "ACUTE_PAIN",
        "pain of short duration with a recent cause",
        OWN,
    )
    NEUROPATHIC = (
        "NEUROPATHIC",
        "pain from a lesion or disease of the nervous system",
        OWN,
    )
    MUSCULOSKELETAL = (
        "MUSCULOSKELETAL",
        "a disorder of joints, bones, muscles or tendons",
        OWN,
    )
    MENTAL_HEALTH = (
        "MENTAL_HEALTH",
        "a disorder or symptom of mood, fear or thought",
        OWN,
    )
    SLEEP = (
        "SLEEP",
        "a disorder of sleep",
        OWN,
    )
    SUBSTANCE_USE = (
        "SUBSTANCE_USE",
        "use of opioids or other substances",
        OWN,
    )
    OTHER = (
        "OTHER",
        "any other state",
        OWN,
    )


class MarkerKind(Term):
    """What kind of thing a marker measures."""

    PHYSIOLOGICAL = (
        "PHYSIOLOGICAL",
        "a signal of the body, such as heart-rate variability",
        OWN,
    )
    GENETIC = (
        "GENETIC",
        "a genotype or gene variant",
        OWN,
    )
    IMAGING = (
        "IMAGING",
        "a feature seen in an image of the body",
        OWN,
    )
    PSYCHOLOGICAL = (
        "PSYCHOLOGICAL",
        "a thought pattern or mood measured by questionnaire",
        OWN,
    )
    MODEL = (
        "MODEL",
        "a score or model that joins several measurements",
        OWN,
    )
    STIMULATION_TRIAL = (
        "STIMULATION_TRIAL",
        "the response to a trial of treatment",
        OWN,
    )


class MappingMatch(Term):
    """SKOS: how an outside term stands to ours."""

    EXACT = (
        "EXACT",
        "the same concept",
        "SKOS exactMatch",
    )
    BROAD = (
        "BROAD",
        "the outside term is wider",
        "SKOS broadMatch",
    )
    NARROW = (
        "NARROW",
        "the outside term is narrower",
        "SKOS narrowMatch",
    )
    RELATED = (
        "RELATED",
        "near, or of another kind",
        "SKOS relatedMatch",
    )


class SynonymScope(Term):
    """OBO format: how the meaning of a synonym stands to that of its term."""

    EXACT = ("EXACT", "means the same as the term", OWN)
    BROAD = ("BROAD", "means more than the term", OWN)
    NARROW = ("NARROW", "means less than the term", OWN)
    RELATED = ("RELATED", "means something near, or its scope is not given", OWN)


class CpicStatus(Term):
    """CPIC: how final the level of a pair is."""

    FINAL = ("FINAL", "the level was settled with a guideline", OWN)
    PROVISIONAL = ("PROVISIONAL", "no guideline holds the pair yet, and its level may change", OWN)
    RETIRED = ("RETIRED", "CPIC has taken the pair out of its list", OWN)


class CpicLevel(Term):
    """CPIC: whether genetic information should change prescribing."""

    A = (
        "A",
        "genetic information should be used to change prescribing; evidence mostly high or "
        "moderate; at least one moderate or strong action is recommended",
        "read at https://pmc.ncbi.nlm.nih.gov/articles/PMC7796098/table/jcm-10-00034-t002",
    )
    A_OR_B = (
        "A/B",
        "first review suggests that the final level will be A or B; full review still needed",
        "read at https://pmc.ncbi.nlm.nih.gov/articles/PMC7796098/table/jcm-10-00034-t002",
    )
    B = (
        "B",
        "genetic information could be used, because the alternative is very likely as "
        "effective and safe; evidence weak with little conflict; at least one optional action",
        "read at https://pmc.ncbi.nlm.nih.gov/articles/PMC7796098/table/jcm-10-00034-t002",
    )
    B_OR_C = (
        "B/C",
        "first review suggests B or C; whether genetics should change prescribing is unclear without more review",
        "read at https://pmc.ncbi.nlm.nih.gov/articles/PMC7796098/table/jcm-10-00034-t002",
    )
    C = (
        "C",
        "studies exist, but no prescribing action is recommended, because genetics makes no "
        "convincing difference, the alternatives are unclear, or the evidence is scant or "
        "weak",
        "read at https://pmc.ncbi.nlm.nih.gov/articles/PMC7796098/table/jcm-10-00034-t002",
    )
    C_OR_D = (
        "C/D",
        "first review suggests that the final level will be C or D",
        "read at https://pmc.ncbi.nlm.nih.gov/articles/PMC7796098/table/jcm-10-00034-t002",
    )
    D = (
        "D",
        "like C, not considered to have enough evidence or actionability for a prescribing recommendation",
        "read at https://cpicpgx.org/genes-drugs/",
    )


class Language(Term):
    """A language in which answers are worded."""

    EN = (
        "EN",
        "English",
        OWN,
    )
    ES = (
        "ES",
        "Spanish",
        OWN,
    )
