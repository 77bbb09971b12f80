"""The rules on the curated content: what must hold for every answer, and some answers that are known."""

from kb.evidence.rollup import Hierarchy
from schema.citation import Citation
from schema.condition import Condition
from schema.finding import Finding
from schema.outcome import Outcome
from schema.parsed import Parsed
from schema.summary import Summary
from schema.terms import CertaintyBasis, ComparatorGroup, Direction, Synthesis
from schema.therapy import Therapy

Answers = dict[tuple[str, str], Summary]


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


def test_every_pool_is_of_primary_studies_of_its_line_each_once(answers: Answers, findings: dict[str, Finding]):
    pools = [(summary, line) for summary in answers.values() for line in summary.lines if line.pooled is not None]
    assert pools
    for summary, line in pools:
        assert line.pooled is not None
        inside = [one.study for one in line.pooled.studies]
        assert len(set(inside)) == len(inside) == line.pooled.k > 1
        assert set(inside).isdisjoint(one.study for one in line.not_pooled)
        assert set(inside) <= set(summary.studies)
        assert all(findings[one.finding].pooled_studies is None for one in line.pooled.studies)
        assert line.pooled.ci_low <= line.pooled.estimate <= line.pooled.ci_high
        if line.synthesis is Synthesis.POOLED:
            assert 2 * line.pooled.k > len(line.studies)
