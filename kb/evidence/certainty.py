"""Certainty after GRADE, in steps (rule 5). Each step names its reason, its levels and the figure behind it.

**Start** (GRADE guidelines 3, Balshem 2011): randomised trials high, other studies low, series of cases very low. A
review starts where its studies do: high, unless none of those that we hold was randomised.

**Risk of bias.** Nobody has judged it here: one level for "not assessed", with the facts that were read (open label
and an outcome that people rate themselves, concealment, drop-outs; nobody is blind to getting usual care, a waiting
list or nothing, unless the report says so: RoB 2, Sterne 2019, doi:10.1136/bmj.l4898). A second level where in more
than half of the studies people knew their treatment, rated the outcome themselves, and concealment of the allocation
was not described. One more level for an expression of concern about a report, and one for a review that includes a
trial retracted since.

**Inconsistency.** Of a pool that holds most of the studies: one level where I² is 75 % or more (Cochrane Handbook,
chapter 10: considerable heterogeneity), or 50 % or more while a new study may find no difference although the pool
does; two where two studies alone differ considerably. None where every study shows a difference that matters, the
same way: it is on which side of what matters the estimates lie that counts (GRADE guidance 36, Guyatt 2023). Of other
studies: one level where between a quarter and three quarters favour the therapy, unless no difference is the answer;
or where the answer of several studies is mixed. For a review, where I² is 75 % or more, or where
another review of the same line, not a network, says otherwise.

**Indirectness.** One level where no study names the condition itself and everything comes from one of several
narrower ones; where no study names the therapy itself, and there are several narrower ones: what is true of one, or
of a mix, need not be true of the others; where what the others got is mixed or was not described; or where a review
compared the two by way of others alone (GRADE guidelines 8, Guyatt 2011, doi:10.1016/j.jclinepi.2011.04.014), unless it
rated that itself. Several narrower conditions taken together cost nothing. One narrow population that all studies share
is told beside it.

**Imprecision**: see ``imprecision``. Two levels at most.

**Publication bias.** One level where, in a pool of ten or more, small studies look better than large ones (``pools``;
fewer studies cannot tell), or where studies that do not share a pool's result gave no figures for it: results are left
unprinted for what they are (Cochrane Handbook, chapter 13).

**Raising**, for studies that were not randomised and that nothing lowers, which a reviewer's judgement of their risk
of bias may bring about: one level for a ratio of at least 2 or at most ½, two for 5 or a fifth (GRADE guidelines 9).
Dose response and opposing confounding are a reviewer's to judge.

**Reviewers.** A judgement on the line replaces what was computed for its reason; one without a reason confirms the
whole. What was computed stays beside it.

A rating that a review states for this very result is passed on as the review's. We lower it only for what the review
could not know: our question is wider than its own, a concern about it, a trial retracted since.

A line that does not say which way has nothing to be sure of: very low, without steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.evidence.evidence import Evidence
from kb.evidence.imprecision import imprecision
from kb.evidence.lines import Key
from kb.evidence.pools import SMALL_STUDY_P, bounds
from kb.evidence.results import ONE_GROUP, Result, concealed, indirect, open_label, study_retracted
from kb.evidence.rollup import Hierarchy
from kb.evidence.synthesis import APART_I2, Answer
from schema.effect import RATIOS
from schema.judgement import Judgement
from schema.pooled import Pooled
from schema.summary import CertaintyStep
from schema.terms import (
    Certainty,
    CertaintyBasis,
    CertaintyReason,
    ComparatorGroup,
    Direction,
    OutcomeDomain,
    Synthesis,
)

#: From sure to unsure.
LEVELS = (Certainty.HIGH, Certainty.MODERATE, Certainty.LOW, Certainty.VERY_LOW)

#: Per cent of I² from which heterogeneity is considerable (Cochrane Handbook, chapter 10).
CONSIDERABLE_I2 = 75

#: Outcomes that people rate themselves.
SELF_RATED = frozenset(
    {
        OutcomeDomain.PAIN,
        OutcomeDomain.PHYSICAL_FUNCTION,
        OutcomeDomain.EMOTIONAL_FUNCTION,
        OutcomeDomain.GLOBAL_IMPROVEMENT,
        OutcomeDomain.SLEEP,
        OutcomeDomain.QUALITY_OF_LIFE,
        OutcomeDomain.ROLE_FUNCTION,
        OutcomeDomain.INTERPERSONAL_FUNCTION,
    }
)

#: How the step begins that tells of a retracted trial inside a review.
WITHDRAWN_INSIDE = "the review includes a study that was retracted"


#: Ratios from which an effect is large, and very large, with the levels that it raises (GRADE guidelines 9).
LARGE = ((5.0, 2), (2.0, 1))


@dataclass(frozen=True, slots=True)
class Rating:
    """A certainty, who stands behind it, the steps that were computed, and what reviewers judged of them."""

    certainty: Certainty
    basis: CertaintyBasis
    steps: tuple[CertaintyStep, ...]
    #: As computed, where reviewers confirmed or changed it.
    computed: Certainty
    judged: tuple[Judgement, ...] = ()


def rate(answer: Answer, evidence: Evidence, key: Key | None = None) -> Rating:
    """Rate the certainty of one line's answer, with what reviewers judged of the line of this key."""
    judged = _judged(evidence.judgements, key)
    if answer.direction is Direction.UNCLEAR:
        basis = CertaintyBasis.CONFIRMED if judged else CertaintyBasis.COMPUTED
        return Rating(Certainty.VERY_LOW, basis, (), Certainty.VERY_LOW, judged)
    review = answer.counted[0] if answer.synthesis is Synthesis.REVIEW_CONCLUSION else None
    known_later = _concern(answer.counted, evidence)
    stated = review is not None and review.finding.certainty_stated is not None
    wider = _indirectness(answer, evidence, stated=stated)
    start = _start(answer.counted, evidence)
    basis = CertaintyBasis.COMPUTED
    if review is not None and review.finding.certainty_stated is not None:
        start, basis = review.finding.certainty_stated, CertaintyBasis.STATED_BY_REVIEW
        steps = (*known_later, *wider)
    else:
        uneven = _unlike(review, answer) if review is not None else _inconsistency(answer)
        precise = (*imprecision(answer, evidence), *_publication_bias(answer))
        steps = (_not_assessed(answer.counted), *known_later, *uneven, *wider, *precise)
    computed = _lowered(start, [step.levels for step in steps])
    if not judged:
        return Rating(computed, basis, steps, computed)
    reasons = {one.reason for one in judged}
    levels = [step.levels for step in steps if step.reason not in reasons] + [one.levels for one in judged]
    if start is Certainty.LOW and min(levels) >= 0 and CertaintyReason.LARGE_EFFECT not in reasons:
        large = _large_effect(answer)
        steps += large
        levels += [step.levels for step in large]
    return Rating(_lowered(start, levels), CertaintyBasis.CONFIRMED, steps, computed, judged)


def _judged(judgements: Sequence[Judgement], key: Key | None) -> tuple[Judgement, ...]:
    """Return the newest judgement of the line for each reason."""
    if key is None or not judgements:
        return ()
    newest: dict[CertaintyReason | None, Judgement] = {}
    for one in sorted(judgements, key=lambda one: (one.when, one.id)):
        mine = (one.domain, one.outcome, one.responders, one.comparator, one.window)
        if mine == (key.domain, key.outcome, key.responders, key.comparison, key.window):
            newest[one.reason] = one
    return tuple(newest[reason] for reason in (None, *CertaintyReason) if reason in newest)


def _lowered(start: Certainty, levels: Sequence[int]) -> Certainty:
    level = LEVELS.index(start) - sum(levels)
    return LEVELS[max(0, min(level, len(LEVELS) - 1))]


def _start(counted: Sequence[Result], evidence: Evidence) -> Certainty:
    first = counted[0].study
    if first.review:
        held = [evidence.studies[id] for id in first.includes if id in evidence.studies]
        return Certainty.LOW if held and not any(study.randomised for study in held) else Certainty.HIGH
    if all(result.study.randomised for result in counted):
        return Certainty.HIGH
    return Certainty.VERY_LOW if all(result.study.design in ONE_GROUP for result in counted) else Certainty.LOW


def _not_assessed(counted: Sequence[Result]) -> CertaintyStep:
    if counted[0].study.review:
        figure = "risk of bias of the studies in the review has not been assessed here"
        return CertaintyStep(reason=CertaintyReason.RISK_OF_BIAS, levels=-1, figure=figure)
    total = len(counted)
    unblinded = [result for result in counted if _knew(result)]
    unconcealed = [result for result in counted if concealed(result.study) is False]
    self_rated = counted[0].finding.domain in SELF_RATED
    facts = ["not assessed"]
    if unblinded:
        rated = " with an outcome that people rate themselves" if self_rated else ""
        facts.append(f"open label{rated} in {len(unblinded)} of {total}")
    if unconcealed:
        facts.append(f"concealment of the allocation not described in {len(unconcealed)} of {total}")
    if dropouts := _dropouts(counted):
        facts.append(dropouts)
    not_concealed = {result.finding.id for result in unconcealed}
    serious = [result for result in unblinded if self_rated and result.finding.id in not_concealed]
    levels = -2 if 2 * len(serious) > total else -1
    return CertaintyStep(reason=CertaintyReason.RISK_OF_BIAS, levels=levels, figure="; ".join(facts))


def _knew(result: Result) -> bool:
    """Whether people knew their treatment: as read; else where the others got usual care, a waiting list or nothing."""
    told = open_label(result.study)
    return result.comparison is ComparatorGroup.USUAL_CARE if told is None else told


def _dropouts(counted: Sequence[Result]) -> str | None:
    told = sum(1 for result in counted if result.study.risk_of_bias is not None and result.study.risk_of_bias.dropouts)
    return f"drop-outs reported in {told} of {len(counted)}" if told else None


def _concern(counted: Sequence[Result], evidence: Evidence) -> tuple[CertaintyStep, ...]:
    steps: list[CertaintyStep] = []
    concerned = [result.study.name for result in counted if result.concern]
    if concerned:
        figure = f"expression of concern about {', '.join(concerned)}"
        steps.append(CertaintyStep(reason=CertaintyReason.RISK_OF_BIAS, levels=-1, figure=figure))
    inside = {id for result in counted if result.study.review for id in result.study.includes}
    withdrawn = [
        evidence.studies[id].name
        for id in sorted(inside)
        if id in evidence.studies and study_retracted(evidence.studies[id], evidence)
    ]
    if withdrawn:
        figure = f"{WITHDRAWN_INSIDE}: {', '.join(withdrawn)}"
        steps.append(CertaintyStep(reason=CertaintyReason.RISK_OF_BIAS, levels=-1, figure=figure))
    return tuple(steps)


def _inconsistency(answer: Answer) -> tuple[CertaintyStep, ...]:
    pooled = answer.pool.pooled
    if pooled is not None and 2 * pooled.k > len(answer.counted):
        apart = _apart(pooled)
        if apart is not None:
            return (apart,)
        if answer.synthesis is Synthesis.POOLED and answer.direction is not Direction.MIXED:
            return ()
    known = [result for result in answer.counted if result.usable]
    # Estimates on both sides of no difference agree where no difference is the answer.
    split = len(known) > 1 and 0.25 <= answer.favouring / len(known) <= 0.75
    split = split and answer.direction is not Direction.NO_DIFFERENCE
    if not split and (answer.direction is not Direction.MIXED or len(answer.counted) == 1):
        return ()
    figure = f"{answer.favouring} of {len(known)} studies favour the therapy, {answer.against} the comparator"
    if answer.direction is Direction.MIXED:
        shown = sum(1 for result in known if result.direction in (Direction.BENEFIT, Direction.HARM))
        figure += f"; a difference of its own was shown by {shown}"
    return (CertaintyStep(reason=CertaintyReason.INCONSISTENCY, levels=-1, figure=figure),)


def _apart(pooled: Pooled) -> CertaintyStep | None:
    """The step for a pool whose studies differ by more than chance."""
    i2 = pooled.i2 or 0
    low, high = bounds(pooled)
    # 9 of 40 against 12 of 40 is a quarter less, whatever the last digit of its logarithm.
    estimates = [round(one.estimate, 9) for one in pooled.studies]
    if low is not None and high is not None and (max(estimates) <= low or min(estimates) >= high):
        return None
    null = 1.0 if pooled.measure in RATIOS else 0.0
    found = not pooled.ci_low <= null <= pooled.ci_high
    figure = f"I² {i2:.0f} %"
    new_may_not = False
    if pooled.prediction_low is not None and pooled.prediction_high is not None:
        new_may_not = pooled.prediction_low <= null <= pooled.prediction_high
        figure += f"; a new study may find {pooled.prediction_low:.3g} to {pooled.prediction_high:.3g}"
    above = sum(1 for one in pooled.studies if one.estimate > null)
    figure += f"; {above} of {pooled.k} studies lie above {null:g}"
    if i2 < CONSIDERABLE_I2 and not (i2 >= APART_I2 and found and new_may_not):
        return None
    levels = -2 if pooled.k == 2 and i2 >= CONSIDERABLE_I2 else -1
    return CertaintyStep(reason=CertaintyReason.INCONSISTENCY, levels=levels, figure=figure)


def _unlike(review: Result, answer: Answer) -> tuple[CertaintyStep, ...]:
    """The step for a review whose studies differ, or that another review contradicts."""
    i2 = review.finding.i2
    figures = [f"I² {i2:g} %"] if i2 is not None and i2 >= CONSIDERABLE_I2 else []
    if answer.otherwise:
        figures.append(f"another review says otherwise: {', '.join(answer.otherwise)}")
    if not figures:
        return ()
    return (CertaintyStep(reason=CertaintyReason.INCONSISTENCY, levels=-1, figure="; ".join(figures)),)


def _indirectness(answer: Answer, evidence: Evidence, *, stated: bool) -> tuple[CertaintyStep, ...]:
    """The step for other people, therapies or comparisons than asked; ``stated``: the review rated its result."""
    vocabulary, counted = evidence.vocabulary, answer.counted
    figures: list[str] = []
    if not any(result.names_condition for result in counted):
        studied = {id for result in counted for id in result.finding.conditions}
        branch = _only_branch(evidence.condition, studied, vocabulary.condition_tree)
        if branch is not None:
            named = vocabulary.conditions[branch].name if branch in vocabulary.conditions else branch
            figures.append(f"all from one narrower condition: {named}")
    if not any(result.names_therapy for result in counted):
        tested = {id for result in counted for id in result.finding.therapies}
        branch = _only_branch(evidence.therapy, tested, vocabulary.therapy_tree)
        if branch is not None:
            named = vocabulary.therapies[branch].name if branch in vocabulary.therapies else branch
            figures.append(f"all from one narrower therapy: {named}")
        elif len(vocabulary.therapy_tree.children(evidence.therapy)) > 1:
            figures.append("different narrower therapies taken together, none of the studies tested them as one")
    if not counted[0].one_group and not counted[0].predicts and counted[0].comparison is ComparatorGroup.NONE:
        figures.append("what the others got is mixed or was not described")
    if not stated and all(map(indirect, counted)):
        figures.append("an indirect comparison: no study compared the two")
    if not figures:
        return ()
    populations = {result.finding.population for result in counted}
    if len(populations) == 1 and (only := next(iter(populations))):
        figures.append(f"population: {only}")
    return (CertaintyStep(reason=CertaintyReason.INDIRECTNESS, levels=-1, figure="; ".join(figures)),)


def _only_branch(asked: str, named: set[str], tree: Hierarchy) -> str | None:
    """Return the one branch directly below ``asked`` that holds everything named, where there are others beside it."""
    branches = tree.children(asked)
    reached = named & tree.narrower(asked)
    if len(branches) < 2 or not reached:
        return None
    return next((branch for branch in branches if reached <= tree.narrower(branch)), None)


def _publication_bias(answer: Answer) -> tuple[CertaintyStep, ...]:
    pooled = answer.pool.pooled if answer.synthesis is Synthesis.POOLED else None
    if pooled is None:
        return ()
    figures: list[str] = []
    if pooled.small_studies_better and pooled.small_study_p is not None and pooled.small_study_p < SMALL_STUDY_P:
        figures.append(f"small studies look better than large ones (p {pooled.small_study_p:.2g}, {pooled.k} studies)")
    inside = {one.finding for one in pooled.studies}
    if answer.direction in (Direction.BENEFIT, Direction.HARM):
        silent = [
            result.study.name
            for result in answer.counted
            if result.finding.id not in inside and result.direction not in (answer.direction, Direction.UNCLEAR)
        ]
        if silent:
            figures.append(f"not in the pool, and without its result: {', '.join(sorted(silent))}")
    if not figures:
        return ()
    return (CertaintyStep(reason=CertaintyReason.PUBLICATION_BIAS, levels=-1, figure="; ".join(figures)),)


def _large_effect(answer: Answer) -> tuple[CertaintyStep, ...]:
    """The step up for a large ratio whose interval excludes no difference."""
    effect = answer.pool.pooled if answer.synthesis is Synthesis.POOLED else answer.effect
    if effect is None or effect.measure not in RATIOS or not effect.estimate:
        return ()
    if effect.ci_low is None or effect.ci_high is None or effect.ci_low <= 1 <= effect.ci_high:
        return ()
    size = max(effect.estimate, 1 / effect.estimate)
    for least, levels in LARGE:
        if size >= least:
            figure = f"{effect.measure} {effect.estimate:.3g}"
            return (CertaintyStep(reason=CertaintyReason.LARGE_EFFECT, levels=levels, figure=figure),)
    return ()
