"""ClinicalTrials.gov: what a registered study says of itself, and nothing more."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from loaders import clinicaltrials
from schema.citation import Citation
from schema.parsed import Parsed, Problem
from schema.study import Study
from schema.terms import CitationType, PublicationLinkKind, RecruitmentStatus, StudyDesign
from tests.loaders.reading import format_of

TRIALS = Path(__file__).parents[1] / "fixtures" / "clinicaltrials" / "trials.json"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "ctgov"


def read(content: bytes | str) -> tuple[list[Citation], list[Study], list[Problem]]:
    data = content.encode() if isinstance(content, str) else content
    found = list(clinicaltrials.parse(io.BytesIO(data), "file"))
    records = [one.record for one in found if isinstance(one, Parsed)]
    return (
        [one for one in records if isinstance(one, Citation)],
        [one for one in records if isinstance(one, Study)],
        [one for one in found if isinstance(one, Problem)],
    )


def one_study(**modules: Any) -> Study:
    protocol = {"identificationModule": {"nctId": "NCT90000009", "officialTitle": "A trial"}, **modules}
    (study,) = read(json.dumps({"protocolSection": protocol}))[1]
    return study


def test_a_study_is_read_with_its_registration_and_its_entry():
    citations, (first, second), problems = read(TRIALS.read_bytes())
    assert [(one.id, one.type, one.year) for one in citations] == [
        ("nct:NCT90000001", CitationType.REGISTRATION, 2015),
        ("nct:NCT90000002", CitationType.REGISTRATION, None),
    ]
    assert citations[0].source_url == "https://clinicaltrials.gov/study/NCT90000001"
    assert (first.id, first.name, first.design) == ("nct90000001", "NCT90000001 (PLATE)", StudyDesign.CROSSOVER_RCT)
    assert (first.citations, first.registered_in) == (("nct:NCT90000001",), "nct:NCT90000001")
    assert first.participants is None, "the registry's count is kept in the registration"
    entry = first.registration
    assert entry is not None
    assert (entry.status, entry.enrolment, entry.enrolment_actual) == (RecruitmentStatus.COMPLETED, 64, True)
    assert (entry.results_posted, entry.sponsor, entry.countries) == (False, "Invented University", ("Spain", "Chile"))
    assert entry.masking == "DOUBLE (PARTICIPANT, OUTCOMES_ASSESSOR)"
    assert [(one.measure, one.primary) for one in entry.outcomes] == [("Pain on walking", True), ("Function", False)]
    assert [one.name for one in entry.arms] == ["Platelets", "Saline"]
    assert entry.interventions[0].other_names == ("PRP",)
    other = second.registration
    assert other is not None
    assert (other.why_stopped, other.results_posted, other.results_posted_on) == ("no funds", True, "2019-04-05")
    assert (other.enrolment, other.enrolment_actual) == (100, False)
    assert [(one.kind, one.pmid) for one in other.publications] == [
        (PublicationLinkKind.RESULT, "900001"),
        (PublicationLinkKind.RESULT, "999999"),
        (PublicationLinkKind.BACKGROUND, "900002"),
        (PublicationLinkKind.DERIVED, None),
    ]
    assert [one.message for one in problems] == ["is one page of a longer list: load the pages that follow too"]


@pytest.mark.parametrize(
    ("allocation", "model", "design"),
    [
        ("RANDOMIZED", "PARALLEL", StudyDesign.RCT),
        ("RANDOMIZED", "FACTORIAL", StudyDesign.FACTORIAL_RCT),
        ("NON_RANDOMIZED", "PARALLEL", StudyDesign.NON_RANDOMISED),
        ("NON_RANDOMIZED", "SINGLE_GROUP", StudyDesign.OTHER),
        ("NA", "SINGLE_GROUP", StudyDesign.OTHER),
    ],
)
def test_the_design_of_a_trial_is_what_the_registry_says(allocation: str, model: str, design: StudyDesign):
    info = {"allocation": allocation, "interventionModel": model}
    assert one_study(designModule={"studyType": "INTERVENTIONAL", "designInfo": info}).design is design


@pytest.mark.parametrize(
    ("model", "perspective", "design"),
    [
        ("COHORT", "PROSPECTIVE", StudyDesign.COHORT),
        ("COHORT", "CROSS_SECTIONAL", StudyDesign.CROSS_SECTIONAL),
        ("ECOLOGIC_OR_COMMUNITY", "OTHER", StudyDesign.OTHER),
    ],
)
def test_the_design_of_an_observation_is_what_the_registry_says(model: str, perspective: str, design: StudyDesign):
    info = {"observationalModel": model, "timePerspective": perspective}
    assert one_study(designModule={"studyType": "OBSERVATIONAL", "designInfo": info}).design is design


def test_what_is_missing_is_unknown():
    study = one_study()
    assert (study.design, study.design_as_printed) == (StudyDesign.OTHER, None)
    entry = study.registration
    assert entry is not None
    assert (entry.status, entry.enrolment, entry.results_posted, entry.primary_completion) == (None, None, None, None)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"protocolSection": {"identificationModule": {"nctId": "NCT1"}}}', "without its number"),
        ('{"protocolSection": {"identificationModule": {', "the JSON is broken"),
        ('{"studies": []}', "no study was found"),
        ('{"protocolSection": 4}', "without its number"),
        ("[" * 100_000, "too deep"),
        (
            '{"protocolSection": {"identificationModule": {"nctId": "NCT90000009"},'
            ' "designModule": {"studyType": "EXPANDED_ACCESS"}}}',
            "no study",
        ),
    ],
)
def test_what_cannot_be_read_is_told(content: str, says: str):
    citations, studies, problems = read(content)
    assert (citations, studies) == ([], [])
    assert any(says in problem.message for problem in problems)


def test_strange_values_cost_the_field_alone():
    study = one_study(
        statusModule={"overallStatus": "PERHAPS", "startDateStruct": {"date": "soon"}, "whyStopped": 7},
        designModule={"enrollmentInfo": {"count": -3}, "designInfo": []},
        conditionsModule={"conditions": [None, {"a": 1}, "Pain \ud800"]},
        referencesModule={"references": [{"type": "RESULT", "pmid": "x1", "citation": "Printed"}, 3, {"type": "?"}]},
    )
    entry = study.registration
    assert entry is not None
    assert (entry.status, entry.started, entry.why_stopped, entry.enrolment) == (None, None, None, None)
    assert entry.conditions == ("Pain ?",)
    assert [(one.pmid, one.as_printed) for one in entry.publications] == [(None, "Printed")]


def test_it_is_told_from_other_json():
    assert format_of(TRIALS.read_bytes()) == "clinicaltrials"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared trials are not here")
def test_every_shared_study_is_read_whole():
    entries = {}
    others = {"NCT02552212": ("2015-001894-41",)}
    for path in sorted(SHARED.glob("*.json")):
        (citation,), (study,), problems = read(path.read_bytes())
        assert problems == [], path.name
        assert citation.registry_numbers == study.registry_numbers == (path.stem, *others.get(path.stem, ()))
        entries[path.stem] = study.registration
    assert len(entries) == 12
    assert sum(entry.results_posted for entry in entries.values()) == 5
    assert [number for number, entry in entries.items() if entry.status is None] == ["NCT00465816", "NCT03453554"]
    sent = {number: entry.results_sent_on for number, entry in entries.items() if entry.results_sent_on}
    assert sent == {"NCT03453554": "2022-12-23"}
    spondylitis = entries["NCT02552212"]
    assert (spondylitis.enrolment, spondylitis.results_posted_on, len(spondylitis.publications)) == (
        317,
        "2020-08-17",
        4,
    )


def test_former_numbers_and_those_of_other_registries_are_kept_but_not_another_study_s():
    identity = {
        "nctId": "NCT90000009",
        "nctIdAliases": ["NCT90000010"],
        "secondaryIdInfos": [
            {"id": "ISRCTN90000001"},
            {"id": "NCT90000011", "type": "REGISTRY"},
            {"id": "R01XX000001", "type": "NIH"},
        ],
    }
    study = one_study(identificationModule=identity)
    assert study.registry_numbers == ("NCT90000009", "NCT90000010", "ISRCTN90000001")


@pytest.mark.parametrize(
    ("events", "sent"),
    [
        ((("RELEASE", "2024-02-03"),), "2024-02-03"),
        ((("RELEASE", "2024-02-03"), ("RESET", "2024-03-04")), "2024-02-03"),
        ((("RELEASE", "2024-02-03"), ("RESET", "2024-03-04"), ("RELEASE", "2024-05-06")), "2024-05-06"),
        ((("RELEASE", "2024-02-03"), ("UNRELEASE", None)), None),
        ((("RELEASE", "soon"), (None, None)), None),
    ],
)
def test_results_that_were_sent_and_are_not_posted_are_dated(
    events: tuple[tuple[str | None, str | None], ...], sent: str | None
):
    unposted = {"unpostedEvents": [{"type": kind, "date": day} for kind, day in events]}
    entry = {
        "protocolSection": {"identificationModule": {"nctId": "NCT90000009", "officialTitle": "A trial"}},
        "annotationSection": {"annotationModule": {"unpostedAnnotation": unposted}},
        "hasResults": False,
    }
    (study,) = read(json.dumps(entry))[1]
    assert study.registration is not None
    assert (study.registration.results_posted, study.registration.results_sent_on) == (False, sent)


def test_a_linked_publication_that_the_registry_knows_as_retracted_is_told():
    retracted = {"pmid": "99000001", "type": "RESULT", "retractions": [{"pmid": "99000002", "source": "J Ex. 2020"}]}
    protocol = {
        "identificationModule": {"nctId": "NCT90000009", "officialTitle": "A trial"},
        "referencesModule": {"references": [retracted]},
    }
    _, (study,), (problem,) = read(json.dumps({"protocolSection": protocol}))
    assert study.registration is not None
    assert [one.pmid for one in study.registration.publications] == ["99000001"]
    assert (problem.where, problem.rejected) == ("file#1 NCT90000009", False)
    assert "PMID 99000001 is retracted (J Ex. 2020)" in problem.message
