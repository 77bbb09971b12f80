"""Studies: design, comparison, risk of bias and reading."""

from schema.terms.term import OWN, Term


class StudyDesign(Term):
    """What kind of investigation a study is."""

    RCT = (
        "RCT",
        "people are allocated to the compared interventions by a random method",
        "read at https://bmjopen.bmj.com/highwire/markup/240422/expansion",
    )
    CLUSTER_RCT = (
        "CLUSTER_RCT",
        "groups of people, not individuals, are randomised",
        "read at https://bmjopen.bmj.com/highwire/markup/240422/expansion",
    )
    FACTORIAL_RCT = (
        "FACTORIAL_RCT",
        "several treatments are studied at once in one randomised trial",
        "read at https://bmjopen.bmj.com/highwire/markup/240422/expansion",
    )
    CROSSOVER_RCT = (
        "CROSSOVER_RCT",
        None,
        None,
    )
    NON_RANDOMISED = (
        "NON_RANDOMISED",
        "an experiment with a control group in which people are allocated by a method that is not random",
        "read at https://bmjopen.bmj.com/highwire/markup/240422/expansion",
    )
    CONTROLLED_BEFORE_AFTER = (
        "CONTROLLED_BEFORE_AFTER",
        "observations before and after the intervention, both in a group that gets it and in one that does not",
        "read at https://bmjopen.bmj.com/highwire/markup/240422/expansion",
    )
    BEFORE_AFTER = (
        "BEFORE_AFTER",
        "outcomes measured before and after an intervention in one group; trends over time may pass for an effect",
        "Appendix D Glossary of study designs; read at "
        "https://nice.org.uk/article/pmg4/chapter/appendix-d-glossary-of-study-designs",
    )
    INTERRUPTED_TIME_SERIES = (
        "INTERRUPTED_TIME_SERIES",
        "three or more measurements before and three or more after the intervention",
        "Glossary for Study Design Taxonomy; read at https://journals.lww.com/jlgtd/Pages/Study-Design-Glossary.aspx",
    )
    COHORT = (
        "COHORT",
        "a defined group is followed over time and the outcomes of those with and without (or "
        "with more and less of) an exposure are compared; prospective or from past records",
        "read at http://www.cebi.ox.ac.uk/for-practitioners/research-designs.html",
    )
    CASE_CONTROL = (
        "CASE_CONTROL",
        "people with the outcome are compared with people without it, looking back for earlier exposures",
        "Appendix D Glossary of study designs; read at "
        "https://nice.org.uk/article/pmg4/chapter/appendix-d-glossary-of-study-designs",
    )
    CROSS_SECTIONAL = (
        "CROSS_SECTIONAL",
        "one look at a population at a fixed time, at an outcome, an exposure or both",
        "Appendix B: Glossary of study designs; read at https://docslib.org/doc/4159906/framework-appendix-b",
    )
    CASE_SERIES = (
        "CASE_SERIES",
        "observations on several people, usually all treated alike, without a control group",
        "read at http://www.support-collaboration.org/summaries/c.htm",
    )
    CASE_REPORT = (
        "CASE_REPORT",
        "observations on a single person",
        "read at http://www.support-collaboration.org/summaries/c.htm",
    )
    N_OF_1 = (
        "N_OF_1",
        "a before-after study in one person",
        "Glossary for Study Design Taxonomy; read at https://journals.lww.com/jlgtd/Pages/Study-Design-Glossary.aspx",
    )
    SYSTEMATIC_REVIEW = (
        "SYSTEMATIC_REVIEW",
        "all relevant research on one question is sought, selected, appraised and brought together by stated methods",
        "read at http://www.cebi.ox.ac.uk/for-practitioners/research-designs.html",
    )
    META_ANALYSIS = (
        "META_ANALYSIS",
        "the statistical combination of the results of similar studies of a review",
        "read at http://www.cebi.ox.ac.uk/for-practitioners/research-designs.html",
    )
    NMA = (
        "NMA",
        None,
        None,
    )
    GUIDELINE = (
        "GUIDELINE",
        "systematically developed statement for practitioners and patients on care in stated circumstances",
        "read at http://www.support-collaboration.org/summaries/c.htm",
    )
    PREDICTION = (
        "PREDICTION",
        "development or validation of a model, marker or score that predicts an outcome; it "
        "says how well one can foretell, not whether a treatment works",
        OWN,
    )
    OTHER = (
        "OTHER",
        "a design outside the list, or one that was not read",
        OWN,
    )


class ComparatorClass(Term):
    """What the comparison group got."""

    SHAM = (
        "SHAM",
        None,
        None,
    )
    PLACEBO = (
        "PLACEBO",
        "a control without therapeutic benefit of its own, intended to give only the "
        "psychological effect of being treated",
        "read at https://jamanetwork.com/journals/jamaotolaryngology/article-abstract/2772877",
    )
    USUAL_CARE = (
        "USUAL_CARE",
        "existing practice outside the study (usual care, treatment as usual, standard of "
        "care); it raises methodological and ethical questions of its own",
        "read at https://pmc.ncbi.nlm.nih.gov/articles/PMC3091006",
    )
    WAITLIST = (
        "WAITLIST",
        "the control group is told that it will get the treatment later; this may "
        "overestimate the effect (in one experiment people ready to change held back while "
        "they waited)",
        "read at https://link.springer.com/article/10.1186/1471-2288-13-150",
    )
    NO_TREATMENT = (
        "NO_TREATMENT",
        None,
        None,
    )
    ACTIVE = (
        "ACTIVE",
        "another treatment with benefit of its own, or the best available therapy",
        "read at https://jamanetwork.com/journals/jamaotolaryngology/article-abstract/2772877",
    )
    DOSE = (
        "DOSE",
        None,
        None,
    )
    NONE = (
        "NONE",
        None,
        None,
    )


class ArmRole(Term):
    """The side of a comparison."""

    INTERVENTION = (
        "INTERVENTION",
        "the arm that gets the therapy in question",
        OWN,
    )
    COMPARATOR = (
        "COMPARATOR",
        "the arm it is compared with",
        OWN,
    )


class RiskOfBiasDomain(Term):
    """RoB 2: the five domains of bias in a randomised trial."""

    RANDOMIZATION_PROCESS = (
        "RANDOMIZATION_PROCESS",
        "bias that arises from the randomisation process",
        "Sterne JAC, 2019, RoB 2: a revised tool for assessing risk of bias in randomised "
        "trials, doi:10.1136/bmj.l4898; read at http://nccmt.ca/resources/search/280",
    )
    DEVIATIONS_FROM_INTENDED_INTERVENTIONS = (
        "DEVIATIONS_FROM_INTENDED_INTERVENTIONS",
        "bias due to departures from the intended interventions",
        "Sterne JAC, 2019, RoB 2: a revised tool for assessing risk of bias in randomised "
        "trials, doi:10.1136/bmj.l4898; read at http://nccmt.ca/resources/search/280",
    )
    MISSING_OUTCOME_DATA = (
        "MISSING_OUTCOME_DATA",
        "bias due to missing outcome data",
        "Sterne JAC, 2019, RoB 2: a revised tool for assessing risk of bias in randomised "
        "trials, doi:10.1136/bmj.l4898; read at http://nccmt.ca/resources/search/280",
    )
    MEASUREMENT_OF_OUTCOME = (
        "MEASUREMENT_OF_OUTCOME",
        "bias in how the outcome was measured",
        "Sterne JAC, 2019, RoB 2: a revised tool for assessing risk of bias in randomised "
        "trials, doi:10.1136/bmj.l4898; read at http://nccmt.ca/resources/search/280",
    )
    SELECTION_OF_REPORTED_RESULT = (
        "SELECTION_OF_REPORTED_RESULT",
        "bias in the choice of the result that was reported",
        "Sterne JAC, 2019, RoB 2: a revised tool for assessing risk of bias in randomised "
        "trials, doi:10.1136/bmj.l4898; read at http://nccmt.ca/resources/search/280",
    )


class SecondReading(Term):
    """What a second reader found who compared the numbers with a page."""

    CONFIRMED = (
        "CONFIRMED",
        "the numbers agree",
        OWN,
    )
    CORRECTED = (
        "CORRECTED",
        "the numbers were corrected by the second reader",
        OWN,
    )
    UNREADABLE = (
        "UNREADABLE",
        "there was no page to compare with",
        OWN,
    )
    REFUTED = (
        "REFUTED",
        "the numbers do not stand; they are not used",
        OWN,
    )
    NONE = (
        "NONE",
        "the numbers were read once",
        OWN,
    )


class ComparatorGroup(Term):
    """The comparisons that are kept apart in an answer and never merged."""

    SHAM_OR_PLACEBO = ("SHAM_OR_PLACEBO", "a sham procedure or a placebo", OWN)
    USUAL_CARE = ("USUAL_CARE", "usual care, a waiting list or no treatment", OWN)
    ACTIVE = ("ACTIVE", "another treatment", OWN)
    WITHIN_THERAPY = (
        "WITHIN_THERAPY",
        "another form or dose of the same therapy: it cannot tell whether the therapy works",
        OWN,
    )
    NONE = ("NONE", "no comparison group, or one that was not described", OWN)

    @property
    def named(self) -> str:
        """What it is called behind "against"."""
        return "no, mixed or unknown controls" if self is ComparatorGroup.NONE else self.value.replace("_", " ").lower()
