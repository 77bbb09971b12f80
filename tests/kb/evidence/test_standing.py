"""Standing lines: an answer that takes what did not change from the one before is the answer worked out whole."""

import gc
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kb.evidence.evidence import Evidence
from kb.evidence.results import Result, Told
from kb.evidence.standing import Standing
from kb.evidence.summaries import summarise
from schema.citation import Retraction
from schema.summary import Summary
from schema.terms import RetractionState
from tests.kb.evidence.conftest import Answers

#: Of the pairs of the seeds, by size, and of the findings of each: one in so many is changed.
EVERY = 6


def reached(before: Evidence, after: Evidence, study: str) -> set[str]:
    """The findings of a study, then and now, and of the reviews that include it."""
    reviews = {id for id, one in before.studies.items() if study in one.includes}
    return {one.id for one in (*before.findings, *after.findings) if one.study == study or one.study in reviews}


def changes(evidence: Evidence) -> Iterator[tuple[Evidence, str]]:
    """Yield the evidence with one change, and the study that it is about."""
    findings = sorted(evidence.findings, key=lambda one: one.id)
    for at, finding in enumerate(findings[::EVERY]):
        study = evidence.studies[finding.study]
        match at % 4:
            case 0:
                gone = Retraction(state=RetractionState.RETRACTED)
                citation = evidence.citations[finding.citation].model_copy(update={"retraction": gone})
                yield replace(evidence, citations={**evidence.citations, citation.id: citation}), study.id
            case 1:
                yield replace(evidence, findings=[one for one in findings if one is not finding]), study.id
            case 2:
                other = finding.model_copy(update={"timepoint_days": 500.0, "better": None})
                yield replace(evidence, findings=[other if one is finding else one for one in findings]), study.id
            case _:
                more = study.model_copy(update={"participants": (study.participants or 0) + 7, "name": "Renamed"})
                yield replace(evidence, studies={**evidence.studies, study.id: more}), study.id


def kept(summary: Summary) -> Summary:
    """The answer as it comes from the graph."""
    return Summary.from_properties(summary.properties())


def test_an_answer_with_lines_that_stand_is_the_answer_worked_out_whole(
    pairs: list[Evidence], answers: Answers
) -> None:
    changed = taken = 0
    for evidence in sorted(pairs, key=lambda one: (len(one.findings), one.therapy, one.condition))[:: EVERY * 3]:
        old = kept(answers[evidence.therapy, evidence.condition])
        for after, study in changes(evidence):
            whole = summarise(after, first=2)
            quick = summarise(after, first=2, before=Standing(old, reached(evidence, after, study)))
            assert quick == whole, (evidence.therapy, evidence.condition, study)
            changed += whole != old
            taken += quick is not None and any(line is one for line in quick.lines for one in old.lines)
    assert changed > 100
    assert taken > 100


@pytest.mark.parametrize("place", [0, -1])
def test_a_finding_that_came_or_went_is_never_taken_for_what_stood(
    pairs: list[Evidence], answers: Answers, place: int
) -> None:
    evidence = max(pairs, key=lambda one: len(one.findings))
    old = kept(answers[evidence.therapy, evidence.condition])
    gone = old.findings[place]
    fewer = replace(evidence, findings=[one for one in evidence.findings if one.id != gone])
    assert summarise(fewer, before=Standing(old, frozenset())) == summarise(fewer)


def test_what_findings_told_goes_with_it_without_a_search_for_cycles(pairs: list[Evidence]) -> None:
    def held() -> int:
        return sum(1 for each in gc.get_objects() if isinstance(each, Told | Result))

    gc.collect()
    before = held()
    gc.disable()
    try:
        told: dict[str, Told] = {}
        for evidence in pairs[:50]:
            summarise(evidence, told=told)
        assert held() > before
        told.clear()
        assert held() == before
    finally:
        gc.enable()


def test_pairs_that_share_what_findings_told_have_the_same_answers(pairs: list[Evidence], answers: Answers) -> None:
    told: dict[str, Told] = {}
    for evidence in pairs[::EVERY]:
        assert summarise(evidence, told=told) == answers[evidence.therapy, evidence.condition]
