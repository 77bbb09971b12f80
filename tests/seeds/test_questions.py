"""Questions of clinicians and methodologists that the seeds must be able to answer, by roll-up alone."""

from kb.retractions import find_marks, notices_of
from schema.finding import Finding
from schema.study import Study
from schema.terms import VerificationState
from tests.seeds.conftest import Seeds


def ids(studies: list[Study]) -> set[str]:
    """Return the ids of studies."""
    return {study.id for study in studies}


def test_prp_against_saline_in_the_knee(seeds: Seeds) -> None:
    tests_prp = {f.study for f in seeds.all(Finding) if any(t.startswith("prp") for t in f.therapies)}
    found = [study for study in seeds.controlled("prp", "knee-osteoarthritis") if study.id in tests_prp]
    assert {study.id: study.participants for study in found} == {"bennell2021restore": 288, "dorio2021prp": 62}


def test_sham_controlled_nerve_stimulation(seeds: Seeds) -> None:
    found = {study.id: study.participants for study in seeds.controlled("pns")}
    assert found == {"gilmore2020pns12m": 28, "goree2024pnstka": None, "ilfeld2021pns": 66}


def test_both_comparisons_of_the_hip_injection_trial(seeds: Seeds) -> None:
    first, second = seeds.findings["paskins2022hit"]
    assert first.effect
    assert second.effect
    assert (first.effect.estimate, first.effect.ci_low, first.effect.ci_high) == (-1.43, -2.15, -0.72)
    assert (first.direction, first.comparator_class) == ("BENEFIT", "USUAL_CARE")
    assert (second.effect.estimate, second.effect.ci_low, second.effect.ci_high) == (-0.52, -1.21, 0.18)
    assert (second.direction, second.comparator_class) == ("NO_DIFFERENCE", "ACTIVE")


def test_harms_of_duloxetine_in_numbers(seeds: Seeds) -> None:
    harms = {
        harm.event: [(arm.events, arm.n) for arm in harm.arms] for harm in seeds.studies["yasuda2011duloxetine"].harms
    }
    assert harms["nausea"] == [(24, 171), (3, 167)]
    assert harms["somnolence"] == [(37, 171), (14, 167)]


def test_psychological_therapies_in_osteoarthritis(seeds: Seeds) -> None:
    assert ids(seeds.randomised("psychological-therapies", "osteoarthritis")) == {
        "bennell2018hippcst", "broderick2014pcst", "mccurry2021cbti", "murphy2018engage", "omoore2018icbt",
        "rini2015paincoach", "smith2015cbti", "vitiello2013lifestyles",
    }  # fmt: skip


def test_injections_for_the_hip(seeds: Seeds) -> None:
    assert ids(seeds.countable("injections-and-nerve-blocks", "hip-osteoarthritis")) == {
        "disante2016hip", "doria2017hip", "kraeutler2021hip", "paskins2022hit",
    }  # fmt: skip


def test_tens_against_sham_in_acute_and_chronic_pain(seeds: Seeds) -> None:
    assert len(seeds.controlled("tens")) == 29
    acute, chronic = ids(seeds.controlled("tens", "acute-pain")), ids(seeds.controlled("tens", "chronic-pain"))
    assert (len(acute), len(chronic)) == (17, 11)
    assert ids(seeds.controlled("tens")) - acute - chronic == {"maayah2010neck"}


def test_therapies_that_aim_at_neuroplasticity(seeds: Seeds) -> None:
    assert ids(seeds.countable("neuroplasticity-targeted-therapy", "chronic-pain")) == {
        "ashar2022prt", "hsu2010asa", "lumley2017eaet", "yarns2020eaet", "yarns2024eaet",
    }  # fmt: skip
    counts = {(arm.name, arm.events, arm.n) for f in seeds.findings["ashar2022prt"] for arm in f.arms if arm.events}
    assert counts == {
        ("pain reprocessing therapy", 33, 50), ("open-label placebo injection", 10, 51), ("usual care", 5, 50),
    }  # fmt: skip


def test_artificial_intelligence_is_mostly_prediction(seeds: Seeds) -> None:
    found = seeds.countable("artificial-intelligence")
    assert ids([study for study in found if study.design == "RCT"]) == {"piette2022ai"}
    assert ids([study for study in found if study.design == "PREDICTION"]) == {
        "brown2020futurepain", "dcp2024prediction", "johnson2019scd", "knoop2022ml", "skoric2025mmp", "sun2023breastml",
    }  # fmt: skip


def test_hypnosis_for_any_chronic_pain(seeds: Seeds) -> None:
    assert ids(seeds.countable("hypnosis", "chronic-pain")) == {
        "jones2024hypnosis", "langlois2022hypnosis", "phillipsmoore2015hypnotherapy", "rizzo2018hypnosis",
        "williamsr2022hypmm",
    }  # fmt: skip


def test_works_retracted_in_2020(seeds: Seeds) -> None:
    found = [c for c in seeds.citations.values() if c.retracted and (c.retraction.date or "").startswith("2020")]
    assert len(found) == 7
    notices = [citation.retraction.notice_doi for citation in found]
    assert {notice for notice in notices if notices.count(notice) > 1} == {"10.1177/1753193420942034"}


def test_reviews_that_hold_a_retracted_trial(seeds: Seeds) -> None:
    assert seeds.citations["pmid:23328343"].retraction.date == "2024-02"
    holding = {study.id for study in seeds.studies.values() if "monticone2013multidisciplinary" in study.includes}
    assert holding == {"oconnell2023trials", "oconnell2023veracity"}


def test_a_retracted_review_and_the_one_that_replaced_it_lead_to_each_other(seeds: Seeds) -> None:
    retracted, new = seeds.citations["pmid:32260538"], seeds.citations["doi:10.3390/jcm9103086"]
    assert [(link.kind, link.doi) for link in retracted.links] == [("RETRACTED_AND_REPUBLISHED_IN", new.doi)]
    assert [(link.kind, link.pmid, link.doi) for link in new.links] == [
        ("RETRACTED_AND_REPUBLISHED_FROM", retracted.pmid, retracted.doi)
    ]
    assert all("inferred" in (link.note or "") for link in (*retracted.links, *new.links))
    assert (retracted.retracted, new.retracted) == (True, False)


def test_the_links_of_the_seeds_say_what_their_retractions_say(seeds: Seeds) -> None:
    works = seeds.citations.values()
    marks, problems = find_marks([notice for one in works for notice in notices_of(one)], works)
    assert problems == []
    assert [one.citation.id for one in marks if one.retraction != one.citation.retraction] == []


def test_a_review_lists_its_trials_and_links_the_one_we_hold(seeds: Seeds) -> None:
    review = seeds.studies["bernardy2013cochrane"]
    assert len(review.includes_as_printed) == 7
    assert review.includes == ("alda2011catastrophising",)


def test_citations_on_hip_osteoarthritis_that_wait(seeds: Seeds) -> None:
    pending = {
        citation.id: citation.verification_note
        for citation in seeds.citations.values()
        if citation.verification is VerificationState.PENDING and "hip-osteoarthritis" in citation.about_conditions
    }
    assert pending == {
        "local:allen2019staart": "no identifier was read",
        "doi:10.1186/s12891-022-05787-8": "content not verified",
        "local:dallarihip": "no identifier was read",
    }


def test_implanted_neuromodulation_against_sham(seeds: Seeds) -> None:
    found = {study.id: study for study in seeds.controlled("implanted-neuromodulation")}
    assert {key: study.participants for key, study in found.items()} == {
        "gilligan2021reactiv8b": 204, "gilmore2020pns12m": 28, "goree2024pnstka": None, "hara2022burst": 50,
        "ilfeld2021pns": 66, "sokal2020subperception": 18,
    }  # fmt: skip
    assert {key for key, study in found.items() if study.direction == "NO_DIFFERENCE"} == {
        "gilligan2021reactiv8b", "hara2022burst", "sokal2020subperception",
    }  # fmt: skip
    assert {key for key, study in found.items() if study.harms} == {"gilligan2021reactiv8b"}


def test_any_neuromodulation_against_sham_in_osteoarthritis(seeds: Seeds) -> None:
    assert ids(seeds.controlled("neuromodulation", "osteoarthritis")) == {
        "atamaz2012knee", "chang2017tdcs", "iijima2020stairs", "palmer2014tens", "reichenbach2022etrelka",
        "sangdee2002electroacupuncture", "shimoura2019preradiographic", "vance2012knee",
    }  # fmt: skip


def test_a_printed_improvement_favours_the_arm_that_improved(seeds: Seeds) -> None:
    first = seeds.findings["juto2015kos"][0]
    assert first.effect
    assert (first.effect.estimate, first.effect.positive_favours, first.better) == (3.3, "INTERVENTION", "LOWER")
    assert (first.favours, first.direction) == ("INTERVENTION", "BENEFIT")


def test_unknown_numbers_of_participants_stay_unknown(seeds: Seeds) -> None:
    assert ids([study for study in seeds.randomised() if study.participants is None]) == {
        "cankurtaran2020genicular", "dailey2013fibro", "eldabe2020trialstim", "goree2024pnstka", "hatheway2025comfort",
        "ruane2021bmac", "shebib2019dcp", "thomson2018proco",
    }  # fmt: skip


def test_a_review_whose_numbers_were_refuted_shows_none(seeds: Seeds) -> None:
    review = seeds.studies["zhang2024shoulder"]
    assert (review.direction, review.participants) == ("MIXED", 656)
    assert review.readings[0].second_reading == "REFUTED"
    assert all(finding.effect is None for finding in seeds.findings["zhang2024shoulder"])
