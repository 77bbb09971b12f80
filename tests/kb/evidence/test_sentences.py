"""Words: what a patient reads."""

import pytest

from kb.evidence.catalogue.en import ENGLISH, plural
from kb.evidence.summaries import summarise
from schema.citation import Citation
from schema.effect import Arm, Effect
from schema.finding import Finding
from schema.study import Harm, Study
from schema.summary import Summary, worded
from schema.terms import (
    ArmRole,
    Better,
    Certainty,
    ComparatorClass,
    Direction,
    EffectMeasure,
    Favours,
    Language,
    Measured,
    OutcomeDomain,
    RetractionState,
    StudyDesign,
)
from tests.kb.evidence.test_pools import lead, trial
from tests.kb.evidence.trials import arms, citation, evidence, finding, review, smd, study

USUAL = {"comparator_class": ComparatorClass.USUAL_CARE, "comparators": ("usual-care",)}
ACTIVE = {"comparator_class": ComparatorClass.ACTIVE, "comparators": ("exercise",)}
SAME, WORSE = Direction.NO_DIFFERENCE, Direction.HARM


def answer(
    *findings: Finding,
    more: tuple[Study | Citation, ...] = (),
    therapy: str = "tens",
    condition: str = "knee-osteoarthritis",
) -> Summary:
    found = summarise(evidence(findings, *more, therapy=therapy, condition=condition))
    assert found is not None
    return found


def stated(certainty: Certainty, direction: Direction = Direction.BENEFIT, **fields: object) -> str:
    """The sentence of a review that states its certainty."""
    result = finding("r", direction, pooled_studies=4, pooled_participants=834, certainty_stated=certainty, **fields)
    return answer(result, more=(review("r"),)).sentence


@pytest.mark.parametrize(
    ("certainty", "claim"),
    [
        (Certainty.HIGH, "TENS reduces pain in people with knee osteoarthritis, compared with a sham treatment."),
        (Certainty.MODERATE, "TENS probably reduces pain in people"),
        (Certainty.LOW, "TENS may reduce pain in people"),
        (Certainty.VERY_LOW, "We are very unsure whether TENS reduces pain in people"),
    ],
)
def test_the_verb_tells_the_certainty(certainty: Certainty, claim: str):
    assert stated(certainty).startswith(claim)


@pytest.mark.parametrize(
    ("certainty", "claim"),
    [
        (Certainty.HIGH, "TENS makes little or no difference to pain"),
        (Certainty.MODERATE, "TENS probably makes little or no difference to pain"),
        (Certainty.LOW, "TENS may make little or no difference to pain"),
        (Certainty.VERY_LOW, "We are very unsure whether TENS makes a difference to pain"),
    ],
)
def test_no_difference_never_sounds_like_benefit(certainty: Certainty, claim: str):
    sentence = stated(certainty, SAME)
    assert sentence.startswith(claim)
    assert "reduce" not in sentence


def test_harm_is_said_as_plainly_as_benefit():
    assert stated(Certainty.MODERATE, WORSE).startswith("TENS probably increases pain in people")
    assert stated(Certainty.LOW, WORSE, **ACTIVE).startswith("TENS may do worse than exercise for pain in people")


def test_no_difference_from_another_treatment_is_between_the_two():
    assert stated(Certainty.LOW, SAME, **ACTIVE).startswith(
        "There may be little or no difference in pain between TENS and exercise in people with knee osteoarthritis."
    )


def test_an_indirect_comparison_is_called_one():
    sentence = stated(Certainty.MODERATE, outcome_as_printed="pain, TENS vs exercise (indirect)", **ACTIVE)
    assert "No study in the review tested the two against each other." in sentence
    both = stated(Certainty.MODERATE, outcome_as_printed="pain (direct and indirect evidence)", **ACTIVE)
    assert "against each other" not in both


def test_it_says_who_and_when_and_what_is_unknown():
    one = answer(finding("a", arms=arms(30)), more=(study("a", participants=60),))
    assert "This rests on one study with 60 people. The effect was measured within three months." in one.sentence
    two = answer(finding("a", arms=arms(30)), finding("b"), more=(study("b", participants=None),))
    assert "2 studies with at least 60 people, as one did not say how many" in two.sentence
    assert "a review of 4 studies with 834 people" in stated(Certainty.LOW)
    nobody = answer(finding("a"), more=(study("a", participants=None),))
    assert "one study with an unknown number of people" in nobody.sentence


def test_better_than_usual_care_and_no_better_than_sham_is_said():
    sentence = answer(finding("a", SAME), finding("b", **USUAL)).sentence
    assert "a difference to pain in people with knee osteoarthritis, compared with a sham treatment." in sentence
    assert "Compared with usual care, it may reduce pain (one study with 200 people)." in sentence
    assert "In these studies it did better than usual care, but no better than a sham treatment." in sentence


def test_the_other_way_round_is_said_too():
    sentence = answer(finding("a"), finding("b", SAME, **USUAL)).sentence
    assert "In these studies it did better than a sham treatment, but no better than usual care." in sentence


def test_what_different_therapies_or_people_did_is_not_said_of_one():
    """Of a group, the sham may have been tried with one therapy and usual care with another."""
    usual = {**USUAL, "arms": arms(100)}
    therapies = answer(finding("a", SAME), finding("b", **usual, therapies=("scs",)), therapy="neuromodulation")
    hip = finding("b", **usual, conditions=("hip-osteoarthritis",))
    people = answer(finding("a", SAME), hip, condition="osteoarthritis")
    for unlike in (therapies, people):
        assert "Compared with usual care, " in unlike.sentence
        assert "In these studies it did better" not in unlike.sentence
    wider = finding("b", **usual, conditions=("osteoarthritis",), therapies=("tens-high",))
    alike = answer(finding("a", SAME), wider, condition="osteoarthritis")
    assert "In these studies it did better than usual care, but no better than a sham treatment." in alike.sentence


def test_what_another_time_did_is_not_said_of_one():
    sham = finding("a", SAME, timepoint_days=20)
    late, whenever = (finding("b", Direction.BENEFIT, timepoint_days=days, **USUAL) for days in (200, None))
    assert "no better than" not in answer(sham, late).sentence
    assert "no better than" in answer(sham, whenever).sentence


def test_a_missing_sham_is_said():
    assert "None of the studies that we hold used a sham or a placebo." in answer(finding("a", **USUAL)).sentence
    assert "used a sham" not in answer(finding("a"), finding("b", **USUAL)).sentence
    mixed = finding("b", comparator_class=None, comparators=())
    assert "used a sham" not in answer(finding("a", **USUAL), mixed).sentence, "mixed controls may hold one"


def test_forms_of_one_therapy_do_not_tell_whether_it_works():
    found = answer(finding("a", comparator_class=ComparatorClass.DOSE, comparators=()))
    assert (found.direction, found.certainty) == (Direction.UNCLEAR, Certainty.VERY_LOW)
    assert "cannot tell whether it works better than no treatment" in found.sentence
    assert "reduce" not in found.sentence


def test_therapies_of_one_group_are_said_to_be_compared_with_each_other():
    within = finding("a", comparators=("tens",), comparator_class=ComparatorClass.ACTIVE, therapies=("scs",))
    found = answer(within, therapy="neuromodulation").sentence
    assert (
        "Different kinds of neuromodulation in people with knee osteoarthritis were compared with each other" in found
    )
    assert "This cannot tell whether they work better than no treatment." in found


def test_a_group_without_comparison_does_not_tell_whether_it_works():
    alone = finding("a", comparator_class=ComparatorClass.NONE, comparators=())
    found = answer(alone, more=(study("a", design=StudyDesign.CASE_SERIES),))
    assert found.direction is Direction.UNCLEAR
    assert "studied without a comparison group" in found.sentence


def test_a_prediction_is_no_treatment_effect():
    auc = Effect(measure=EffectMeasure.AUC, estimate=0.71, unit="area")
    score = finding("a", therapies=("risk-score",), comparator_class=None, comparators=(), effect=auc)
    found = answer(score, therapy="risk-score")
    assert found.direction is Direction.UNCLEAR
    assert "as a way to foretell" in found.sentence
    assert "Its area under the curve was 0.71" in found.sentence
    assert "pain" not in found.sentence


def test_why_it_is_unclear_is_said():
    silent = answer(finding("a", Direction.UNCLEAR)).sentence
    leaning = answer(finding("a", Direction.UNCLEAR, favours="INTERVENTION")).sentence
    assert "What we have read does not say which way the results point." in silent
    assert "The result leans towards the therapy, but what we have read does not tell how exact it is." in leaning


def contradicting(id: str = "a") -> Finding:
    """A benefit that favours the comparator."""
    return finding(id, Direction.BENEFIT, favours="COMPARATOR")


def test_a_study_that_contradicts_itself_is_said_to():
    said = "The study's own numbers contradict each other, so we cannot tell which is right."
    assert said in answer(contradicting()).sentence
    # The arms say that the sham group had less pain, the estimate that the therapy helped.
    fields = {"effect": Effect(measure=EffectMeasure.MD, estimate=-2.0, unit="points"), "favours": "INTERVENTION"}
    sides = (
        Arm(name="therapy", role=ArmRole.INTERVENTION, n=50, mean=5.0, sd=1.0),
        Arm(name="sham", role=ArmRole.COMPARATOR, n=50, mean=3.0, sd=1.0),
    )
    found = answer(finding("a", Direction.BENEFIT, arms=sides, better=Better.LOWER, **fields))
    assert (found.direction, found.certainty) == (Direction.UNCLEAR, Certainty.VERY_LOW)
    assert said in found.sentence
    assert "does not say which way" not in found.sentence
    assert "The review's own numbers" in answer(contradicting("r"), more=(review("r"),)).sentence


def test_several_results_that_contradict_themselves_are_counted():
    both = answer(contradicting("a"), contradicting("b")).sentence
    assert "The numbers of each of the 2 results contradict each other" in both
    one = answer(contradicting("a"), finding("b", Direction.UNCLEAR)).sentence
    assert "In 1 of the 2 results the numbers contradict each other." in one
    # What the others say stands by itself.
    assert "contradict" not in answer(contradicting("a"), finding("b"), finding("c")).sentence


def test_mixed_results_of_one_study_are_not_called_studies():
    assert answer(finding("a", Direction.MIXED)).sentence.startswith("The results of TENS in people")
    assert answer(finding("a"), finding("b", WORSE)).sentence.startswith("Studies of TENS in people")


def test_narrower_evidence_is_named():
    found = summarise(evidence([finding("a")], therapy="neuromodulation", condition="osteoarthritis"))
    assert found is not None
    assert found.indirect
    assert "The studies looked at narrower conditions only: knee osteoarthritis." in found.sentence
    assert "The studies tested narrower forms only: TENS." in found.sentence


def test_retracted_studies_are_named():
    gone = citation("b", RetractionState.RETRACTED)
    assert "One study on this question was retracted and not counted." in (
        answer(finding("a"), finding("b"), more=(gone,)).sentence
    )
    alone = answer(finding("b"), more=(gone,))
    assert alone.sentence == (
        "The only study of TENS in people with knee osteoarthritis that we hold was retracted. "
        "Nothing can be concluded from it."
    )


def harm(event: str, **fields: object) -> Harm:
    return Harm(event=event, citation="local:a", **fields)  # pyright: ignore[reportArgumentType]


def test_harms_that_were_not_read_are_not_none():
    said = answer(finding("a"), finding("b")).harms_sentence
    assert said == (
        "Harms are not reported in what we have read of these studies. That does not mean that there were none."
    )


def test_harms_are_told_with_their_figures_and_their_study():
    counts = (Arm(name="TENS", n=108, events=11), Arm(name="sham", n=110, percent=10.5))
    trial = study("a", harms=(harm("skin reaction", arms=counts), harm("nausea", text="abstract: rare"), harm("falls")))
    said = answer(finding("a"), finding("b"), more=(trial,)).harms_sentence
    assert said == (
        "On harms, 1 of 2 studies reported: A: skin reaction (TENS 11 of 108, sham 10.5 %), nausea (rare), "
        "falls (no figures read)."
    )


def test_harms_of_a_retracted_report_are_not_told():
    trial = study("a", citations=("local:a", "local:later"), harms=(harm("rash", text="3 of 20"),))
    said = answer(
        finding("a", citation="local:later"), more=(trial, citation("a", RetractionState.RETRACTED))
    ).harms_sentence
    assert "rash" not in said


def test_harms_compared_between_arms_are_said():
    events = {
        "domain": OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS,
        "outcomes": ("adverse-events",),
        "measured": Measured.RESPONDERS,
    }
    said = answer(finding("a"), finding("a", WORSE, **events)).harms_sentence
    assert said.startswith("TENS may lead to more people with unwanted effects")


@pytest.mark.parametrize(
    ("name", "many"),
    [
        ("Opioids", True),
        ("Psychological therapies", True),
        ("Physical agents (heat, sound)", True),
        ("Fat-derived (adipose) cells", True),
        ("Medicines for pain", True),
        ("Monitoring of symptoms and body signals", False),
        ("Radiofrequency treatment of nerves", False),
        ("Tai chi", False),
        ("Virtual reality", False),
        ("Transcutaneous electrical nerve stimulation", False),
    ],
)
def test_a_verb_agrees_with_its_therapy(name: str, many: bool):
    assert plural(name) is many


def test_several_therapies_take_a_plural_verb():
    found = finding(
        "r", pooled_studies=4, pooled_participants=900, certainty_stated=Certainty.MODERATE, therapies=("opioids",)
    )
    assert answer(found, more=(review("r"),), therapy="opioids").sentence.startswith("Opioids probably reduce pain")


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("Cognitive behavioural therapy", "cognitive behavioural therapy"),
        ("TENS", "TENS"),
        ("COX-2 inhibitors", "COX-2 inhibitors"),
        ("X-ray guided injection", "X-ray guided injection"),
        ("Achilles tendinopathy", "Achilles tendinopathy"),
        ("10-kHz spinal cord stimulation", "10-kHz spinal cord stimulation"),
    ],
)
def test_names_lose_their_capital_inside_a_sentence(name: str, within: str):
    assert ENGLISH.naming(name, None).full == within


def test_every_outcome_has_words():
    assert set(ENGLISH.effects) == {(domain, counts) for domain in OutcomeDomain for counts in (False, True)}


def test_another_time_that_says_otherwise_is_told():
    early = finding("a", arms=arms(300))
    late = finding("b", SAME, timepoint_days=200, arms=arms(250), effect=smd(0.0, -0.1, 0.1))
    people = (study("a", participants=None), study("b", participants=None))
    found = answer(early, late, more=people).sentence
    assert "After three to twelve months, it probably makes little or no difference to pain (one study" in found
    way = answer(finding("a", arms=arms(20)), finding("b", WORSE, timepoint_days=200, arms=arms(15))).sentence
    assert "After three to twelve months, the results pointed the other way (one study with 30 people)." in way


def test_a_mean_that_is_less_than_what_matters_is_called_slight():
    slight = answer(finding("a", arms=arms(300), effect=smd(-0.2, -0.35, -0.05)), more=(study("a", participants=600),))
    assert "TENS probably reduces pain slightly in people" in slight.sentence
    great = answer(finding("a", arms=arms(300), effect=smd(-0.5, -0.7, -0.3)), more=(study("a", participants=600),))
    assert "TENS probably reduces pain in people" in great.sentence
    worse = finding("a", WORSE, arms=arms(300), effect=smd(0.2, 0.05, 0.35), **ACTIVE)
    assert "TENS probably does slightly worse than exercise for pain" in answer(worse).sentence
    told = worded(slight, Language.ES)
    assert told is not None
    assert "La TENS probablemente reduce ligeramente el dolor" in told.sentence


def test_points_are_those_that_the_study_printed():
    """Yasuda 2011: its model tells an interval narrower than the two arms alone do."""
    printed = Effect(
        measure=EffectMeasure.MD, estimate=-15.5, ci_low=-19.0, ci_high=-12.0, level=95, unit="mm (VAS 0-100)"
    )
    sentence = lead(trial("a", 30, 45, 200, 30, effect=printed)).sentence
    assert "people scored 15.5 points better on average (likely 12 to 19)" in sentence
    arms_alone = lead(trial("a", 30, 45, 200, 30)).sentence
    assert "people scored 15 points better on average (likely 9.1 to 20.9)" in arms_alone


def test_points_of_a_review_are_told():
    """Wood 2019: 0.42 of 24 points, which nobody should take for a great deal."""
    effect = Effect(measure=EffectMeasure.MD, estimate=-4.2, ci_low=-5.6, ci_high=-2.8, level=95, unit="mm (VAS 0-100)")
    one = finding("a", effect=effect, instrument="vas-pain-0-100", pooled_studies=5, pooled_participants=900)
    assert "people scored 4.2 points better on average (likely 2.8 to 5.6)" in lead(one, more=(review("a"),)).sentence


@pytest.mark.parametrize(("size", "slight"), [(0.4, True), (3.9, False)])
def test_a_review_of_a_scale_that_knows_changes_within_patients_alone_is_slight_too(size: float, slight: bool):
    """Wood 2019: two differences of 24 points, where one patient must change by 5 to notice."""
    effect = Effect(
        measure=EffectMeasure.MD, estimate=-size, ci_low=-1.1 * size, ci_high=-0.9 * size, level=95, unit="points"
    )
    one = finding("a", effect=effect, instrument="rmdq", pooled_studies=5, pooled_participants=900)
    sentence = lead(one, more=(review("a"),)).sentence
    assert f"people scored {size} points better on average" in sentence
    assert ("slightly" in sentence) is slight


def test_a_small_difference_is_told_with_the_decimals_that_it_takes():
    printed = Effect(
        measure=EffectMeasure.MD, estimate=-0.12, ci_low=-0.2, ci_high=-0.03, level=95, unit="mm (VAS 0-100)"
    )
    line = lead(trial("a", 30, 30.12, 500, effect=printed))
    assert "people scored 0.12 points better on average (likely 0.03 to 0.2)" in line.sentence
    assert "0,12 puntos mejor (probablemente entre 0,03 y 0,2)" in line.translations[0].sentence


def test_a_difference_in_points_is_slight_only_if_it_is_so_in_standard_deviations_too():
    def told(sd: float) -> str:
        effect = Effect(measure=EffectMeasure.MD, estimate=-1, ci_low=-1.3, ci_high=-0.7, level=95, unit="points")
        return answer(finding("a", arms=arms(300, sd=sd), effect=effect)).sentence

    assert ["slightly" in told(sd) for sd in (4.0, 1.5)] == [True, False]


def test_what_was_measured_within_a_day_is_said_to_be():
    during, later = (finding("a", timepoint_days=days) for days in (0.01, 2))
    assert "The effect was measured within a day." in answer(during).sentence
    assert "The effect was measured in the first two weeks." in answer(later).sentence
    assert "in the first two weeks." in answer(during, finding("b", timepoint_days=2)).sentence


def test_relief_at_another_time_than_the_lead_says_when():
    relief = {"outcomes": ("pain-relief-50",), "measured": Measured.RESPONDERS, "better": Better.HIGHER}
    events = (
        Arm(name="t", role=ArmRole.INTERVENTION, n=300, events=180),
        Arm(name="c", role=ArmRole.COMPARATOR, n=300, events=90),
    )
    same, early = (finding("b", arms=events, timepoint_days=days, **relief) for days in (56, 7))
    lead = finding("a", arms=arms(300))
    assert "with a sham treatment (one study with 200 people)." in answer(lead, same).sentence
    assert "(one study with 200 people, in the first two weeks)." in answer(lead, early).sentence


def test_results_of_which_none_is_against_the_therapy_are_said_to_help_some():
    mixed = answer(
        finding("a", arms=arms(100)),
        finding("b", SAME, favours=Favours.NEITHER, arms=arms(100)),
        finding("c", SAME, favours=Favours.NEITHER, arms=arms(100)),
    )
    assert mixed.sentence.startswith(
        "Some studies of TENS in people with knee osteoarthritis showed a benefit for pain and others did not"
    )


def test_a_review_that_says_nothing_is_still_called_a_review():
    assert "This rests on a review with" in answer(finding("r", Direction.UNCLEAR), more=(review("r"),)).sentence


def test_children_are_named():
    small = study("a", population="children 6-17 years in an emergency department")
    assert "The study was of children or teenagers." in answer(finding("a"), more=(small,)).sentence
    both = answer(finding("a"), finding("b"), more=(small, study("b", population="adults"))).sentence
    assert "1 of the 2 studies was of children or teenagers only." in both
    pooled = answer(finding("r"), more=(review("r", population="children"),))
    assert "The review was of children or teenagers." in pooled.sentence
    mixed = study("a", population="children and adults")
    assert "children" not in answer(finding("a"), more=(mixed,)).sentence


def test_what_else_the_people_may_have_is_named():
    both = finding("a", conditions=("knee-osteoarthritis", "fibromyalgia"))
    assert "The study was about fibromyalgia too." in answer(both).sentence
    comorbid = finding("a", conditions=("knee-osteoarthritis", "insomnia"))
    assert "too." not in answer(comorbid).sentence


def test_what_else_the_one_result_is_about_is_named():
    both = finding("a", therapies=("tens", "exercise"))
    assert "The same result is about exercise too." in answer(both).sentence
    assert "too." not in answer(finding("a", therapies=("tens", "tens-high"))).sentence
    assert "too." not in answer(both, finding("b")).sentence


def test_people_of_all_arms_are_told_as_at_most_so_many():
    three = study("a", design_as_printed="randomised trial, three arms")
    assert "This rests on one study with up to 200 people." in answer(finding("a"), more=(three,)).sentence
    assert "with 150 people." in answer(finding("a", arms=arms(75)), more=(three,)).sentence


def test_what_befalls_people_is_counted_among_them():
    misuse = {"domain": OutcomeDomain.OPIOID_USE, "outcomes": ("opioid-misuse",), "measured": Measured.RESPONDERS}
    found = answer(finding("a", **misuse)).sentence
    assert "lower the number of people with opioid misuse among people with knee osteoarthritis" in found


def test_unwanted_effects_are_had_whatever_the_others_got():
    events = {
        "domain": OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS,
        "outcomes": ("adverse-events",),
        "measured": Measured.RESPONDERS,
    }
    found = answer(finding("a", WORSE, **events, **ACTIVE)).sentence
    assert "TENS may lead to more people with unwanted effects among people with knee osteoarthritis" in found
    assert "compared with exercise." in found


def test_people_who_reached_something_are_those_with_the_condition():
    relief = {"outcomes": ("pain-relief-50",), "measured": Measured.RESPONDERS}
    helped = stated(Certainty.LOW, **relief)
    assert helped.startswith("TENS may help more people with knee osteoarthritis get clear pain relief, compared with")
    same = stated(Certainty.LOW, SAME, **relief)
    assert "may make little or no difference to how many people with knee osteoarthritis get clear pain relief," in same
    fewer = stated(Certainty.LOW, WORSE, **relief, **ACTIVE)
    assert fewer.startswith(
        "TENS may lead to fewer people with knee osteoarthritis who get clear pain relief, compared with exercise."
    )
    unclear = answer(finding("a", Direction.UNCLEAR, favours=None, **relief)).sentence
    assert "to how many people with knee osteoarthritis get clear pain relief, compared with" in unclear


def test_of_several_times_within_one_day_the_latest_is_told():
    times = {"5 minutes": (0.0035, WORSE), "30 minutes": (0.0208, Direction.BENEFIT)}
    results = [finding("a", says, timepoint=when, timepoint_days=days) for when, (days, says) in times.items()]
    assert answer(*results).direction is Direction.BENEFIT


def test_what_both_arms_got_is_named_alone():
    added = finding("a", comparator_class=ComparatorClass.ACTIVE, comparators=("component-alone", "exercise"))
    assert "compared with exercise alone." in answer(added).sentence
    unnamed = finding("a", comparator_class=ComparatorClass.ACTIVE, comparators=("component-alone",))
    assert "compared with the same treatment without it." in answer(unnamed).sentence


@pytest.mark.parametrize(
    ("condition", "people"),
    [
        ("chronic pain", "people with chronic pain"),
        ("long-term opioid therapy", "people on long-term opioid therapy"),
        ("symptoms during cancer treatment", "people with symptoms during cancer treatment"),
    ],
)
def test_people_are_on_a_therapy_and_with_a_condition(condition: str, people: str):
    assert ENGLISH.people_with(condition) == people


@pytest.mark.parametrize(
    ("name", "counts", "written"),
    [
        ("impact of fibromyalgia", False, "the impact of fibromyalgia"),
        ("fear of movement and fear avoidance", False, "fear of movement and fear avoidance"),
        ("need for rescue pain medicine", True, "the number of people with a need for rescue pain medicine"),
        ("opioid misuse", True, "the number of people with opioid misuse"),
    ],
)
def test_outcomes_take_an_article_where_there_is_one_of_them(name: str, counts: bool, written: str):
    assert ENGLISH.outcome_name(ENGLISH.naming(name, None), counts) == written


def test_one_more_harm_is_listed():
    assert ENGLISH.harms_more(1) == "1 more is listed with the studies"
    assert ENGLISH.harms_more(2) == "2 more are listed with the studies"


def test_counts_of_people_still_in_pain_are_said_so():
    result = finding(
        "a",
        measured=Measured.RESPONDERS,
        better=Better.LOWER,
        outcomes=("pain-relief-50",),
        arms=(
            Arm(name="t", role=ArmRole.INTERVENTION, n=400, events=80),
            Arm(name="c", role=ArmRole.COMPARATOR, n=400, events=200),
        ),
    )
    found = answer(result, more=(study("a", participants=800),)).sentence
    assert "TENS probably leaves fewer people in clear pain" in found
    assert "Of 100 people, about 20 are still in clear pain with TENS, and about 50 with a sham treatment" in found


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Wearable activity tracker", "a wearable activity tracker"),
        ("Opioid-sparing protocol", "an opioid-sparing protocol"),
        ("The same injection under X-ray", "the same injection under X-ray"),
        ("Implantation without a screening trial", "implantation without a screening trial"),
        ("Exercise", "exercise"),
    ],
)
def test_things_that_can_be_counted_take_an_article(name: str, written: str):
    assert ENGLISH.naming(name, None).full == written
