"""Gaps: which core domains of an answer stay open."""

from kb.evidence.gaps import CORE_DOMAINS, gaps_of
from schema.citation import Citation, Retraction
from schema.study import Harm, Study
from schema.summary import Line, Summary
from schema.terms import (
    Certainty,
    CertaintyBasis,
    ComparatorGroup,
    Direction,
    GapKind,
    OutcomeDomain,
    RetractionState,
    StudyDesign,
    Synthesis,
    TimeWindow,
)

TRIAL = Study(id="trial", name="Trial", design=StudyDesign.RCT, citations=("pmid:1",))


def line(domain: OutcomeDomain, certainty: Certainty, **changed: object) -> Line:
    fields = {
        "domain": domain,
        "comparator": ComparatorGroup.SHAM_OR_PLACEBO,
        "window": TimeWindow.TO_3_MONTHS,
        "responders": False,
        "synthesis": Synthesis.SINGLE_STUDY,
        "direction": Direction.BENEFIT,
        "certainty": certainty,
        "certainty_basis": CertaintyBasis.COMPUTED,
        "studies": ("trial",),
        "participants": 100,
        "favouring": 1,
        "against": 0,
        "findings": (),
        "sentence": "",
    }
    return Line.model_validate(fields | changed)


def summary(*lines: Line) -> Summary:
    return Summary(
        id="prp|oa|1",
        therapy="prp",
        condition="oa",
        first=1,
        until=2,
        direction=Direction.BENEFIT,
        certainty=Certainty.LOW,
        certainty_basis=CertaintyBasis.COMPUTED,
        sentence="",
        harms_sentence="",
        indirect=False,
        names_therapy=True,
        names_condition=True,
        study_count=1,
        participant_count=100,
        lines=lines,
        findings=(),
        studies=("trial",),
        citations=(),
    )


def test_a_domain_is_closed_by_its_surest_result() -> None:
    found = summary(
        line(OutcomeDomain.PAIN, Certainty.VERY_LOW),
        line(OutcomeDomain.PAIN, Certainty.MODERATE),
        line(OutcomeDomain.PHYSICAL_FUNCTION, Certainty.VERY_LOW),
        line(OutcomeDomain.PHYSICAL_FUNCTION, Certainty.LOW),
    )
    kinds = {gap.domain: (gap.kind, gap.certainty) for gap in gaps_of(found, [TRIAL], {})}
    assert OutcomeDomain.PAIN not in kinds
    assert kinds[OutcomeDomain.PHYSICAL_FUNCTION] == (GapKind.LOW_CERTAINTY, Certainty.LOW)
    assert kinds[OutcomeDomain.EMOTIONAL_FUNCTION] == (GapKind.NOT_MEASURED, None)
    assert set(kinds) == set(CORE_DOMAINS) - {OutcomeDomain.PAIN}


def test_what_cannot_tell_whether_it_works_closes_nothing() -> None:
    found = summary(
        line(OutcomeDomain.PAIN, Certainty.HIGH, comparator=ComparatorGroup.WITHIN_THERAPY),
        line(OutcomeDomain.PAIN, Certainty.HIGH, comparator=ComparatorGroup.NONE),
        line(OutcomeDomain.PAIN, Certainty.HIGH, predicts=True),
        line(OutcomeDomain.PAIN, Certainty.HIGH, synthesis=Synthesis.NONE),
    )
    first = next(gaps_of(found, [TRIAL], {}))
    assert (first.domain, first.kind) == (OutcomeDomain.PAIN, GapKind.NOT_MEASURED)


def test_a_study_that_reports_harms_closes_the_gap_of_adverse_events() -> None:
    harmful = TRIAL.model_copy(update={"harms": (Harm(event="bleeding", citation="pmid:1"),)})
    adverse = OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS
    reports = {"pmid:1": Citation(id="pmid:1", title="A report")}
    assert adverse in {gap.domain for gap in gaps_of(summary(), [TRIAL], reports)}
    assert adverse not in {gap.domain for gap in gaps_of(summary(), [harmful], reports)}


def test_harms_of_a_retracted_report_close_nothing() -> None:
    harmful = TRIAL.model_copy(update={"harms": (Harm(event="bleeding", citation="pmid:1"),)})
    gone = Citation(id="pmid:1", title="A report", retraction=Retraction(state=RetractionState.RETRACTED))
    assert OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS in {
        gap.domain for gap in gaps_of(summary(), [harmful], {gone.id: gone})
    }
