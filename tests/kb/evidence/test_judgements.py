"""Judgements: a reviewer confirms or changes a certainty, and what was computed stays beside it."""

import io
from dataclasses import replace
from typing import Any

import pytest

from kb.evidence.summaries import summarise
from loaders.seeds import parse
from schema.effect import Effect
from schema.finding import Finding
from schema.judgement import Judgement, judgement_id
from schema.parsed import Parsed, Problem
from schema.study import Study
from schema.summary import Line
from schema.terms import (
    Certainty,
    CertaintyBasis,
    CertaintyReason,
    ComparatorGroup,
    Direction,
    EffectMeasure,
    OutcomeDomain,
    StudyDesign,
    TimeWindow,
)
from tests.kb.evidence.trials import evidence, finding, study


def judgement(**fields: Any) -> Judgement:
    fields = {
        "id": "draft",
        "therapy": "tens",
        "condition": "knee-osteoarthritis",
        "domain": OutcomeDomain.PAIN,
        "comparator": ComparatorGroup.SHAM_OR_PLACEBO,
        "window": TimeWindow.TO_3_MONTHS,
        "reason": CertaintyReason.RISK_OF_BIAS,
        "levels": 0,
        "why": "read both reports: sealed envelopes, sham units that look the same",
        "who": "A. Reviewer",
        "when": "2026-05-01",
    } | fields
    made = Judgement(**fields)
    return made.model_copy(update={"id": judgement_id(made)})


def line(*judgements: Judgement, results: tuple[Finding, ...] = (), more: tuple[Study, ...] = ()) -> Line:
    known = replace(evidence(results or [finding("a"), finding("b")], *more), judgements=judgements)
    found = summarise(known)
    assert found is not None
    return found.lines[0]


def test_a_judgement_takes_the_place_of_what_was_computed():
    computed, changed = line(), line(judgement())
    assert changed.certainty_computed is computed.certainty
    assert computed.certainty_computed is None
    assert changed.steps == computed.steps
    assert [one.certainty for one in (computed, changed)] == [Certainty.MODERATE, Certainty.HIGH]
    assert changed.certainty_basis is CertaintyBasis.CONFIRMED
    assert [(one.who, one.levels) for one in changed.judgements] == [("A. Reviewer", 0)]


def test_it_may_confirm_what_was_computed():
    found = line(judgement(reason=None))
    assert found.certainty is found.certainty_computed
    assert found.certainty_basis is CertaintyBasis.CONFIRMED


def test_the_newest_for_a_reason_counts():
    old, new = judgement(levels=-2, when="2026-01-01"), judgement(levels=-1, when="2026-06-01")
    assert line(old, new).judgements == line(new, old).judgements
    assert [one.levels for one in line(new, old).judgements] == [-1]


def test_it_says_nothing_of_another_line():
    other = judgement(window=TimeWindow.LONGER)
    assert line(other) == line()


def test_sound_studies_that_were_not_randomised_may_be_raised_by_a_large_effect():
    ratio = Effect(measure=EffectMeasure.HR, estimate=5.5, ci_low=3.1, ci_high=9.8, level=95, unit="ratio")
    results = (finding("a", effect=ratio),)
    cohort = study("a", design=StudyDesign.COHORT, participants=4000)
    plain = line(results=results, more=(cohort,))
    sound = line(judgement(), results=results, more=(cohort,))
    assert (plain.certainty, sound.certainty) == (Certainty.VERY_LOW, Certainty.HIGH)
    assert sound.steps[-1].reason is CertaintyReason.LARGE_EFFECT
    assert sound.steps[-1].figure == "HR 5.5"


def test_a_line_that_says_nothing_stays_very_low():
    found = line(judgement(), results=(finding("a", Direction.UNCLEAR),))
    assert (found.certainty, found.certainty_basis) == (Certainty.VERY_LOW, CertaintyBasis.CONFIRMED)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"reason": None, "levels": -1}, "levels need the reason"),
        ({"levels": 1}, "lowers a certainty"),
        ({"reason": CertaintyReason.DOSE_RESPONSE, "levels": -1}, "raises a certainty"),
        ({"why": ""}, "at least 1 character"),
        ({"when": "yesterday"}, "pattern"),
    ],
)
def test_one_that_cannot_be_is_refused(fields: dict[str, Any], why: str):
    with pytest.raises(ValueError, match=why):
        judgement(**fields)


def test_seeds_may_hold_them():
    text = """judgements:
- therapy: tens
  condition: knee-osteoarthritis
  domain: PAIN
  comparator: SHAM_OR_PLACEBO
  window: TO_3_MONTHS
  reason: RISK_OF_BIAS
  levels: 0
  why: read both reports
  who: A. Reviewer
  when: '2026-05-01'
- therapy: tens
  condition: knee-osteoarthritis
  domain: PAIN
  comparator: SHAM_OR_PLACEBO
  window: TO_3_MONTHS
  reason: RISK_OF_BIAS
  levels: 1
  why: a hunch
  who: A. Reviewer
  when: '2026-05-02'
"""
    good, bad = parse(io.BytesIO(text.encode()), "judgements.yaml")
    assert isinstance(good, Parsed)
    assert isinstance(good.record, Judgement)
    assert good.record.id == judgement_id(good.record)
    assert isinstance(bad, Problem)
    assert bad.where.startswith("judgements.yaml:12")
