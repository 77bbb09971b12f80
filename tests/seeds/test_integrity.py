"""The shipped seeds fit together and keep the rules of evidence."""

import re

from loaders.seeds import check
from schema.citation import Citation
from schema.comparator import Comparator
from schema.condition import Condition
from schema.finding import Finding
from schema.names import label_in
from schema.outcome import Outcome
from schema.study import Study
from schema.terms import Language, RetractionState, VerificationState
from schema.therapy import Therapy
from tests.seeds.conftest import Seeds

_PART_OF_A_DAY = re.compile(r"(?:after )?([\d.]+) (minutes|hours?|h)(?: after (?:treatment|surgery))?")


def test_every_file_loads_whole(seeds: Seeds) -> None:
    assert [f"{problem.where} {problem.message}" for problem in seeds.problems] == []


def test_every_reference_resolves_and_no_name_means_two_things(seeds: Seeds) -> None:
    assert [f"{problem.where} {problem.message}" for problem in check(seeds.items)] == []


def test_no_kind_of_record_is_missing(seeds: Seeds) -> None:
    assert {item.record.label for item in seeds.items} == {
        "Therapy", "Condition", "Outcome", "Instrument", "Comparator", "Marker", "GeneDrugPair", "Organization",
        "Location", "Page", "Statement", "Reference", "Citation", "Study", "Finding",
    }  # fmt: skip


def test_every_name_that_an_answer_says_has_a_spanish_one(seeds: Seeds) -> None:
    entries = [one for kind in (Therapy, Condition, Outcome, Comparator) for one in seeds.all(kind)]
    without = [one.id for one in entries if label_in(Language.ES, one.labels) is None]
    assert without == []
    for entry in entries:
        for label in entry.labels:
            assert label.article in {"el", "la", "los", "las", "un", "una", "unos", "unas"}, entry.id
            assert label.name[0].isupper(), entry.id


def test_every_number_can_be_followed_to_a_place_in_a_report(seeds: Seeds) -> None:
    for finding in seeds.all(Finding):
        assert finding.locus, finding.id
        assert finding.citation in seeds.studies[finding.study].citations, finding.id
        if finding.effect is not None:
            assert finding.effect.unit, finding.id


def test_pending_and_retracted_works_lend_no_number(seeds: Seeds) -> None:
    for finding in seeds.all(Finding):
        citation = seeds.citations[finding.citation]
        assert citation.verification is VerificationState.VERIFIED, finding.id
        if citation.retracted:
            assert not has_numbers(finding), finding.id
            assert finding.direction == "UNCLEAR", finding.id


def test_a_citation_that_waits_says_what_is_missing(seeds: Seeds) -> None:
    pending = [c for c in seeds.all(Citation) if c.verification is VerificationState.PENDING]
    assert pending
    for citation in pending:
        assert citation.verification_note, citation.id
        assert citation.id.startswith("local:") == ("no identifier" in citation.verification_note), citation.id


def test_readings_say_how_often_each_report_was_read(seeds: Seeds) -> None:
    for study in seeds.all(Study):
        read = {reading.citation for reading in study.readings}
        assert {finding.citation for finding in seeds.findings[study.id]} <= read, study.id
        for reading in study.readings:
            assert (reading.readers == 2) == (reading.second_reading in ("CONFIRMED", "CORRECTED")), study.id


def test_a_refuted_reading_lends_no_number(seeds: Seeds) -> None:
    refuted = {r.citation for s in seeds.all(Study) for r in s.readings if r.second_reading == "REFUTED"}
    assert refuted
    assert not [f.id for f in seeds.all(Finding) if f.citation in refuted and has_numbers(f)]


def test_a_finding_tests_neither_what_both_arms_get_nor_its_comparator(seeds: Seeds) -> None:
    tested = {finding.study: set(finding.therapies) for finding in seeds.all(Finding)}
    assert tested["deer2017accurate"] == {"drg-stimulation"}
    assert tested["wu2022prpha"] == {"hyaluronic-acid"}
    assert tested["friedman2021oxy"] == {"oxycodone"}
    assert tested["rizzo2018hypnosis"] == {"hypnosis"}
    assert tested["zgierska2025mbtcbt"] == {"mindfulness"}
    assert tested["paskins2022hit"] == {"corticosteroid-intraarticular"}


def test_reports_of_one_trial_are_one_study(seeds: Seeds) -> None:
    reports = {study.id: len(study.citations) for study in seeds.all(Study)}
    assert reports["kemler2000crps"] == 3
    assert reports["mekhail2020evoke"] == 3
    assert reports["beasley2015musicianrmd"] == 3
    assert reports["petersen2021senzapdn"] == reports["paget2021prima"] == reports["kent2023restore"] == 2
    numbers = [n for study in seeds.all(Study) if len(study.citations) for n in study.registry_numbers]
    assert len(numbers) == len(set(numbers))


def test_a_congress_abstract_is_not_pooled_beside_its_full_paper(seeds: Seeds) -> None:
    musician = seeds.findings["beasley2015musicianrmd"]
    printed = {f.effect.estimate: f.poolable for f in musician if f.effect and f.effect.measure == "OR"}
    assert printed[4.0] is False
    assert printed[3.6] is True


def test_what_can_never_be_pooled_is_marked(seeds: Seeds) -> None:
    for finding in seeds.all(Finding):
        if finding.effect is not None and finding.effect.measure in ("NNT", "SMD_BEFORE_AFTER", "PROPORTION", "AUC"):
            assert not finding.poolable, finding.id


def test_a_time_printed_in_minutes_or_hours_is_that_part_of_a_day(seeds: Seeds) -> None:
    for finding in seeds.all(Finding):
        printed = _PART_OF_A_DAY.fullmatch(finding.timepoint or "")
        if printed is not None:
            days = float(printed[1]) / (1440 if printed[2] == "minutes" else 24)
            assert finding.timepoint_days is not None, finding.id
            assert abs(finding.timepoint_days - days) < 0.006, finding.id
            # The later of two times must be told from the earlier one.
            assert (finding.timepoint_days > 0) == (days > 0), finding.id


def test_direction_and_interval_agree(seeds: Seeds) -> None:
    for finding in seeds.all(Finding):
        if finding.direction not in ("BENEFIT", "HARM", "NO_DIFFERENCE") or finding.effect is None or finding.note:
            continue
        if (excludes := finding.effect.excludes_null) is not None and finding.effect.measure != "NNT":
            assert excludes == (finding.direction != "NO_DIFFERENCE"), finding.id


def test_a_retracted_work_says_when_and_why(seeds: Seeds) -> None:
    retracted = [c for c in seeds.all(Citation) if c.retracted]
    assert len(retracted) == 34
    assert all(c.retraction.reason and c.retraction.source_url for c in retracted)
    assert sum(1 for c in retracted if c.retraction.date is None) == 4  # unknown stays unknown
    concerned = [c for c in seeds.all(Citation) if c.retraction.state is RetractionState.EXPRESSION_OF_CONCERN]
    assert len(concerned) == 2


def has_numbers(finding: Finding) -> bool:
    """Say whether a finding holds any figure."""
    if finding.effect is not None or finding.pooled_studies or finding.pooled_participants:
        return True
    return any(arm.model_dump(exclude={"name", "role"}, exclude_defaults=True) for arm in finding.arms)
