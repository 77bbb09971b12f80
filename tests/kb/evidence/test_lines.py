"""Lines: one result per study, and which line leads."""

from kb.evidence.lines import one_per_study
from kb.evidence.results import weigh
from kb.evidence.summaries import summarise
from schema.effect import Effect
from schema.finding import Finding
from schema.study import Study
from schema.summary import Line
from schema.terms import (
    ComparatorClass,
    ComparatorGroup,
    Direction,
    EffectMeasure,
    Measured,
    OutcomeDomain,
    StudyDesign,
    TimeWindow,
)
from tests.kb.evidence.trials import arms, evidence, finding, review, smd, study

USUAL = {"comparator_class": ComparatorClass.USUAL_CARE, "comparators": ("usual-care",)}
ACTIVE = {"comparator_class": ComparatorClass.ACTIVE, "comparators": ("exercise",)}
FUNCTION = {"domain": OutcomeDomain.PHYSICAL_FUNCTION, "outcomes": ("physical-function",)}
RELIEF = {"measured": Measured.RESPONDERS, "outcomes": ("pain-relief-50",)}
HARM = {"domain": OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS, "outcomes": ("adverse-events",)}
UNCLEAR = Direction.UNCLEAR


def counted(*findings: Finding) -> Finding:
    """The one finding of a study that is counted."""
    known = evidence(findings)
    (result,) = one_per_study(weigh(known).results, known)
    return result.finding


def lead(*findings: Finding, studies: tuple[Study, ...] = (), condition: str = "knee-osteoarthritis") -> Line:
    summary = summarise(evidence(findings, *studies, condition=condition))
    assert summary is not None
    return summary.lines[0]


def test_the_primary_outcome_is_counted():
    assert counted(finding("a", effect=smd(-1, -2, 0)), main := finding("a", primary=True)) == main


def test_a_result_that_says_nothing_is_not_counted_before_one_that_does():
    assert counted(finding("a", UNCLEAR, primary=True), said := finding("a")) == said


def test_pain_intensity_is_counted_before_worst_pain():
    worst = finding("a", outcomes=("worst-pain",), effect=smd(-1, -2, 0))
    assert counted(worst, usual := finding("a")) == usual


def test_an_effect_with_an_interval_is_counted_before_a_direction():
    assert counted(finding("a"), precise := finding("a", effect=smd(-0.5, -0.9, -0.1))) == precise


def test_arms_that_tell_an_effect_are_counted_before_a_direction():
    later = finding("a", timepoint_days=90)
    error = tuple(arm.model_copy(update={"mean": mean}) for arm, mean in zip(arms(40, se=0.4), (3.0, 5.0), strict=True))
    share = arms(40, percent=50)
    for told in (error, share):
        measured = Measured.RESPONDERS if told is share else Measured.FINAL
        whole = finding("a", timepoint_days=30, arms=told, measured=measured)
        assert counted(later.model_copy(update={"measured": measured}), whole) == whole
    se = Effect(measure=EffectMeasure.SMD, estimate=-0.5, se=0.2, unit="standard deviations")
    assert counted(later, exact := finding("a", timepoint_days=30, effect=se)) == exact
    # How far people differ tells nothing without their mean.
    assert counted(later, finding("a", timepoint_days=30, arms=arms(40, sd=2.0))) == later


def test_the_later_time_and_then_more_people_are_counted():
    late = finding("a", timepoint_days=90)
    assert counted(finding("a", timepoint_days=30, arms=arms(80)), late) == late
    assert counted(finding("a", arms=arms(20)), large := finding("a", arms=arms(80))) == large


def test_between_equals_the_less_favourable_result_is_counted():
    worse = finding("a", Direction.NO_DIFFERENCE, locus="arm two")
    assert counted(finding("a", locus="arm one"), worse, finding("a", locus="arm three")) == worse


def test_pain_leads_before_relief_and_function():
    assert lead(finding("a"), finding("b", **RELIEF), finding("c", **FUNCTION)).responders is False
    assert lead(finding("b", **RELIEF), finding("c", **FUNCTION)).responders is True
    assert lead(finding("c", **FUNCTION)).domain is OutcomeDomain.PHYSICAL_FUNCTION


def test_sham_leads_before_usual_care_before_another_treatment():
    sham, usual, active = finding("a"), finding("b", **USUAL), finding("c", **ACTIVE)
    assert lead(active, usual, sham).comparator is ComparatorGroup.SHAM_OR_PLACEBO
    assert lead(active, usual).comparator is ComparatorGroup.USUAL_CARE
    assert lead(active).comparator is ComparatorGroup.ACTIVE


def test_the_window_with_most_people_leads():
    early, late = finding("a", arms=arms(20)), finding("b", timepoint_days=200, arms=arms(90))
    assert lead(early, late).window is TimeWindow.TO_12_MONTHS


def test_of_equal_windows_the_primary_outcome_leads_then_the_later_one_within_a_year():
    early, late = finding("a", arms=arms(20)), finding("b", timepoint_days=200, arms=arms(20))
    after_years = finding("c", timepoint_days=900, arms=arms(20))
    assert lead(early, late, after_years).window is TimeWindow.TO_12_MONTHS
    assert lead(finding("a", arms=arms(20), primary=True), late).window is TimeWindow.TO_3_MONTHS


def test_a_review_that_does_not_tell_its_people_comes_before_very_few():
    pooled = finding("r", timepoint_days=None)
    assert lead(finding("a", arms=arms(10)), pooled, studies=(review("r"),)).window is TimeWindow.UNKNOWN
    assert lead(finding("a", arms=arms(90)), pooled, studies=(review("r"),)).window is TimeWindow.TO_3_MONTHS


def test_an_unknown_time_comes_last_unless_a_review_pooled_over_several():
    known = finding("a", arms=arms(10))
    assert lead(known, finding("b", timepoint_days=None, arms=arms(90))).window is TimeWindow.TO_3_MONTHS
    pooled = finding("r", timepoint_days=None, pooled_studies=9, pooled_participants=900)
    assert lead(known, pooled, studies=(review("r"),)).window is TimeWindow.UNKNOWN


def test_a_line_that_does_not_say_which_way_gives_place():
    assert lead(finding("a", UNCLEAR), finding("b", timepoint_days=200, arms=arms(5))).window is (
        TimeWindow.TO_12_MONTHS
    )
    assert lead(finding("a", UNCLEAR), finding("b", **RELIEF)).responders is True
    assert lead(finding("a", UNCLEAR, **USUAL), finding("b", **ACTIVE)).comparator is ComparatorGroup.ACTIVE


def test_a_sham_controlled_study_is_not_passed_over_for_an_easier_comparison():
    assert lead(finding("a", UNCLEAR), finding("b", **USUAL)).comparator is ComparatorGroup.SHAM_OR_PLACEBO


def test_known_controls_lead_before_undescribed_ones():
    undescribed = {"comparator_class": None, "comparators": ()}
    found = lead(finding("a", **undescribed), finding("b", **RELIEF))
    assert (found.responders, found.comparator) == (True, ComparatorGroup.SHAM_OR_PLACEBO)


def test_pain_intensity_leads_before_relief_where_no_control_is_described():
    undescribed = {"comparator_class": None, "comparators": ()}
    intensity = finding("a", **undescribed, arms=arms(20))
    assert lead(intensity, finding("b", **undescribed, **RELIEF, arms=arms(200))).responders is False
    # Equal in everything else, the words of the result (which make its id) decide nothing.
    for words in ("relief", "half of the pain gone", "responders"):
        relief = finding("b", **undescribed, **RELIEF, arms=arms(20), outcome_as_printed=words)
        assert lead(intensity, relief).responders is False


def test_forms_of_one_therapy_groups_alone_and_harms_do_not_lead():
    within = finding("a", comparator_class=ComparatorClass.DOSE, comparators=())
    alone = finding("b", comparator_class=ComparatorClass.NONE, comparators=())
    series = study("b", design=StudyDesign.CASE_SERIES)
    function = finding("c", **FUNCTION, **ACTIVE)
    assert lead(within, alone, function, finding("d", **HARM), studies=(series,)).domain is (
        OutcomeDomain.PHYSICAL_FUNCTION
    )
    assert lead(within, finding("d", **HARM)).comparator is ComparatorGroup.WITHIN_THERAPY
    assert lead(finding("d", **HARM)).domain is OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS


def test_a_condition_with_its_own_measure_is_led_by_it():
    mood = {"domain": OutcomeDomain.EMOTIONAL_FUNCTION, "outcomes": ("depression",)}
    sleep = {"domain": OutcomeDomain.SLEEP, "outcomes": ("sleep-quality",)}
    depressed = [finding(id, conditions=("depression",), **fields) for id, fields in (("a", {}), ("b", mood))]
    sleepless = [finding(id, conditions=("insomnia",), **fields) for id, fields in (("a", {}), ("b", sleep))]
    assert lead(*depressed, condition="depression").domain is OutcomeDomain.EMOTIONAL_FUNCTION
    assert lead(*sleepless, condition="insomnia").domain is OutcomeDomain.SLEEP
    misuse = {"domain": OutcomeDomain.OPIOID_USE, "outcomes": ("opioid-misuse",)}
    using = [finding(id, conditions=("opioid-use",), **fields) for id, fields in (("a", {}), ("b", misuse))]
    assert lead(*using, condition="opioid-use").outcome == "opioid-misuse"


def test_a_sensitivity_test_is_no_pain():
    found = lead(finding("a", outcomes=("experimental-pain",)), finding("b", **FUNCTION))
    assert found.domain is OutcomeDomain.PHYSICAL_FUNCTION
    assert lead(finding("a", outcomes=("experimental-pain",))).outcome == "experimental-pain"
