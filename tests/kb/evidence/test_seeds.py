"""The rules on the curated content: what must hold for every answer, and some answers that are known."""

from collections import defaultdict
from pathlib import Path

import pytest

from kb.evidence.evidence import Evidence, Vocabulary
from kb.evidence.rollup import Hierarchy
from kb.evidence.summaries import summarise, touched_pairs
from loaders.seeds import parse
from schema.citation import Citation
from schema.comparator import Comparator
from schema.condition import Condition
from schema.finding import Finding
from schema.instrument import Instrument
from schema.outcome import Outcome
from schema.parsed import Parsed
from schema.study import Study
from schema.summary import Summary
from schema.terms import CertaintyBasis, ComparatorGroup, Direction
from schema.therapy import Therapy

SEEDS = Path(__file__).parents[3] / "seeds"
Answers = dict[tuple[str, str], Summary]


@pytest.fixture(scope="module")
def seeded() -> list[Parsed]:
    """Every record of the seeds."""
    found: list[Parsed] = []
    for path in sorted(SEEDS.rglob("*.yaml")):
        with path.open("rb") as stream:
            found += [item for item in parse(stream, path.name) if isinstance(item, Parsed)]
    return found


@pytest.fixture(scope="module")
def citations(seeded: list[Parsed]) -> dict[str, Citation]:
    """Citations by id."""
    return {item.record.id: item.record for item in seeded if isinstance(item.record, Citation)}


@pytest.fixture(scope="module")
def findings(seeded: list[Parsed]) -> dict[str, Finding]:
    """Findings by id."""
    return {item.record.id: item.record for item in seeded if isinstance(item.record, Finding)}


@pytest.fixture(scope="module")
def answers(seeded: list[Parsed], citations: dict[str, Citation], findings: dict[str, Finding]) -> Answers:
    """The answer of every pair that a finding touches."""
    records = [item.record for item in seeded]
    therapies = {one.id: one for one in records if isinstance(one, Therapy)}
    conditions = {one.id: one for one in records if isinstance(one, Condition)}
    outcomes = {one.id: one for one in records if isinstance(one, Outcome)}
    vocabulary = Vocabulary(
        therapies=therapies,
        conditions=conditions,
        outcomes=outcomes,
        comparators={one.id: one for one in records if isinstance(one, Comparator)},
        instruments={one.id: one for one in records if isinstance(one, Instrument)},
        therapy_tree=Hierarchy({id: one.broader for id, one in therapies.items()}),
        condition_tree=Hierarchy({id: one.broader for id, one in conditions.items()}),
        outcome_tree=Hierarchy({id: one.broader for id, one in outcomes.items()}),
    )
    studies = {one.id: one for one in records if isinstance(one, Study)}
    pairs: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings.values():
        for pair in touched_pairs(finding, vocabulary):
            pairs[pair].append(finding)
    found: Answers = {}
    for (therapy, condition), about in pairs.items():
        summary = summarise(Evidence(therapy, condition, vocabulary, about, studies, citations))
        if summary is not None:
            found[therapy, condition] = summary
    return found


def test_the_hierarchies_have_no_cycles(seeded: list[Parsed]):
    for kind in (Therapy, Condition, Outcome):
        entries = [item.record for item in seeded if isinstance(item.record, kind)]
        assert Hierarchy({one.id: one.broader for one in entries}).cycles() == []


def test_every_answer_holds_together(answers: Answers, findings: dict[str, Finding], citations: dict[str, Citation]):
    assert answers
    for summary in answers.values():
        assert len(set(summary.findings)) == len(summary.findings)
        for line in summary.lines:
            counted = [findings[id] for id in line.findings[: len(line.studies)]]
            assert [one.study for one in counted] == list(line.studies)
            assert not any(citations[one.citation].retracted for one in counted)
            if line.comparator is ComparatorGroup.WITHIN_THERAPY or line.predicts:
                assert line.direction is Direction.UNCLEAR
            for text in (line.sentence, summary.sentence, summary.harms_sentence):
                assert text.endswith((".", '."'))
                assert "{" not in text
                assert "  " not in text
            assert "significant" not in line.sentence
        assert "no harms" not in summary.harms_sentence.lower()
        assert summary.certainty_basis is not CertaintyBasis.CONFIRMED


def test_no_answer_reduces_pain_unless_it_says_benefit(answers: Answers):
    for summary in answers.values():
        if summary.direction is not Direction.BENEFIT:
            assert "reduces pain" not in summary.lines[0].sentence


def test_platelet_rich_plasma_in_the_knee_rests_on_the_two_saline_trials(answers: Answers):
    lead = answers["prp", "knee-osteoarthritis"].lines[0]
    assert lead.comparator is ComparatorGroup.SHAM_OR_PLACEBO
    assert set(lead.studies) == {"bennell2021restore", "dorio2021prp"}
    assert lead.direction is Direction.NO_DIFFERENCE


def test_knee_trials_answer_for_osteoarthritis_and_are_shown_as_indirect(answers: Answers):
    summary = answers["prp", "osteoarthritis"]
    assert summary.indirect
    assert "knee-osteoarthritis" in summary.conditions_included
    assert "narrower conditions only: knee osteoarthritis" in summary.sentence


def test_a_retracted_programme_is_the_only_study_and_says_so(answers: Answers):
    summary = answers["multidisciplinary-rehabilitation", "chronic-low-back-pain"]
    assert summary.retracted_studies == ("monticone2013multidisciplinary",)
    assert (summary.study_count, summary.direction) == (0, Direction.UNCLEAR)
    assert "was retracted" in summary.sentence


def test_stimulation_of_the_spinal_cord_is_better_than_usual_care_and_not_than_placebo(answers: Answers):
    assert "better than usual care, but no better than a placebo" in answers["scs", "chronic-low-back-pain"].sentence
