"""Wording apart from evidence: a change of words alone is told as such, one of substance never."""

from typing import Any

from kb.questions.changes import NOTHING
from kb.questions.reasons import State, only_wording, reasons
from schema.effect import Effect
from schema.release import Release
from schema.summary import CertaintyStep, Judged, Line, Summary
from schema.terms import (
    Certainty,
    CertaintyBasis,
    CertaintyReason,
    ChangeReason,
    ComparatorGroup,
    Direction,
    EffectMeasure,
    OutcomeDomain,
    Synthesis,
    TimeWindow,
)


def summary(**changed: Any) -> Summary:
    fields: dict[str, Any] = {
        "id": "prp|knee|1",
        "therapy": "prp",
        "condition": "knee",
        "first": 1,
        "until": 2,
        "direction": Direction.BENEFIT,
        "certainty": Certainty.LOW,
        "certainty_basis": CertaintyBasis.COMPUTED,
        "sentence": "It may help.",
        "harms_sentence": "Harms are not reported.",
        "indirect": False,
        "names_therapy": True,
        "names_condition": True,
        "study_count": 1,
        "participant_count": 10,
        "lines": (),
        "findings": ("a:0",),
        "studies": ("a",),
        "citations": ("pmid:1",),
    }
    return Summary.model_validate(fields | changed)


def state(rules: str) -> State:
    release = Release(
        id="1", number=1, published="2026-01-01T00:00:00Z", who="t", content_hash_of_release="0", rules=rules
    )
    return State({}, NOTHING, release)


def test_new_words_for_the_same_evidence_are_only_wording() -> None:
    old, new = summary(), summary(sentence="It may reduce pain.")
    why = reasons(old, new, state("a"), state("b"))
    assert [one.kind for one in why] == [ChangeReason.RULES_CHANGED]
    assert only_wording(old, new, why)


def test_a_new_rule_that_changes_the_certainty_is_more_than_wording() -> None:
    old, new = summary(), summary(certainty=Certainty.VERY_LOW)
    why = reasons(old, new, state("a"), state("b"))
    assert [one.kind for one in why] == [ChangeReason.RULES_CHANGED]
    assert not only_wording(old, new, why)


def test_a_new_rule_that_changes_a_number_is_more_than_wording() -> None:
    effect = Effect(measure=EffectMeasure.MD, estimate=-1, ci_low=-2, ci_high=0, level=95, unit="points")
    for old, new in (
        (summary(), summary(turning_studies=("a",))),
        *(
            (summary(lines=(line(),)), summary(lines=(other,)))
            for other in (
                line().model_copy(update={"effect": effect}),
                line().model_copy(update={"participants": 12}),
            )
        ),
    ):
        assert not only_wording(old, new, reasons(old, new, state("a"), state("b")))


def test_what_nothing_explains_names_what_differs() -> None:
    old, new = summary(), summary(certainty=Certainty.VERY_LOW, certainty_basis=CertaintyBasis.COMPUTED, sentence="?")
    (why,) = reasons(old, new, state("a"), state("a"))
    assert (why.kind, why.what) == (ChangeReason.OTHER, "What differs in the answer: certainty, sentence.")
    assert not only_wording(old, new, [why])


def judged(levels: int, when: str, **more: Any) -> Judged:
    fields = {"reason": CertaintyReason.RISK_OF_BIAS, "levels": levels, "why": "read it", "who": "A", "when": when}
    return Judged.model_validate(fields | more)


def line(*judgements: Judged, steps: tuple[CertaintyStep, ...] = ()) -> Line:
    return Line(
        domain=OutcomeDomain.PAIN,
        comparator=ComparatorGroup.SHAM_OR_PLACEBO,
        window=TimeWindow.TO_3_MONTHS,
        responders=False,
        synthesis=Synthesis.SINGLE_STUDY,
        direction=Direction.BENEFIT,
        certainty=Certainty.LOW,
        certainty_basis=CertaintyBasis.COMPUTED,
        steps=steps,
        judgements=judgements,
        studies=("a",),
        participants=10,
        favouring=1,
        against=0,
        findings=("a:0",),
        sentence="It may help.",
    )


def test_each_judgement_tells_itself() -> None:
    none, first = summary(lines=(line(),)), summary(lines=(line(judged(0, "2026-01-01")),))
    second = summary(lines=(line(judged(-1, "2026-02-01", clinician=True)),))
    for old, new, kind, said in (
        (none, first, ChangeReason.JUDGEMENT_JOINED, "risk of bias +0, A, 2026-01-01: read it"),
        (first, second, ChangeReason.JUDGEMENT_CHANGED, "→ risk of bias -1, A (clinician), 2026-02-01: read it"),
        (second, none, ChangeReason.JUDGEMENT_LEFT, "risk of bias -1"),
    ):
        (why,) = reasons(old, new, state("a"), state("a"))
        assert why.kind is kind
        assert said in why.what
        assert "pain, sham or placebo" in why.what


def test_a_retraction_inside_a_review_tells_itself() -> None:
    figure = "the review includes a study that was retracted: Poe 2011"
    step = CertaintyStep(reason=CertaintyReason.RISK_OF_BIAS, levels=-1, figure=figure)
    (why,) = reasons(summary(lines=(line(),)), summary(lines=(line(steps=(step,)),)), state("a"), state("a"))
    assert (why.kind, why.what) == (ChangeReason.INCLUDED_TRIAL_RETRACTED, figure)
