"""Certainty after GRADE, in steps (rule 5). Each step names its reason, its levels and the figure behind it.

**Start** (GRADE guidelines 3, Balshem 2011): randomised trials high, other studies low, series of cases very low. A
review starts where its studies do: high, unless none of those that we hold was randomised.

**Risk of bias.** Nobody has judged it here: one level for "not assessed", with the facts that were read (open label
and an outcome that people rate themselves, concealment, drop-outs). A second level where in more than half of the
studies people knew their treatment, rated the outcome themselves, and concealment of the allocation was not
described. One more level for an expression of concern about a report, and one for a review that includes a trial
retracted since.

**Inconsistency.** One level where between a quarter and three quarters of the studies favour the therapy, unless no
difference is the answer; or where the answer of several studies is mixed. For a review, where I² is 75 % or more
(Cochrane Handbook, chapter 10: considerable heterogeneity).

**Indirectness.** One level where no study names the condition itself and everything comes from one of several
narrower ones; or where no study names the therapy itself, and there are several narrower ones: what is true of one,
or of a mix, need not be true of the others. Several narrower conditions taken together cost nothing.

**Imprecision** (see ``precision``). One level where fewer people took part than the optimal information size, or where
their number is not known; two where there are far too few. One level where every interval that can be judged leaves
open both no difference and one of interest; and where no difference is the answer, also when no interval can be judged,
for what was not ruled out is not known to be absent. Two levels at most.

**Publication bias** is not rated: no step. **Raising** (large effect, dose response, opposing confounding) is for
sound observational studies; as long as nobody has judged their soundness, nothing is raised.

A rating that a review states for this very result is passed on as the review's. We lower it only for what the review
could not know: our question is wider than its own, a concern about it, a trial retracted since.

A line that does not say which way has nothing to be sure of: very low, without steps.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.evidence.evidence import Evidence
from kb.evidence.precision import FAR_TOO_FEW, leaves_open, needed
from kb.evidence.results import ONE_GROUP, Result, open_label, study_retracted
from kb.evidence.rollup import Hierarchy
from kb.evidence.synthesis import Answer
from schema.summary import CertaintyStep
from schema.terms import Certainty, CertaintyBasis, CertaintyReason, Direction, OutcomeDomain, Synthesis

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

_NOT_DESCRIBED = re.compile(r"not described|unclear|^none\b|^no\b|not concealed", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rating:
    """A certainty, who stands behind it, and the steps that led there."""

    certainty: Certainty
    basis: CertaintyBasis
    steps: tuple[CertaintyStep, ...]


def rate(answer: Answer, evidence: Evidence) -> Rating:
    """Rate the certainty of one line's answer."""
    if answer.direction is Direction.UNCLEAR:
        return Rating(Certainty.VERY_LOW, CertaintyBasis.COMPUTED, ())
    review = answer.counted[0] if answer.synthesis is Synthesis.REVIEW_CONCLUSION else None
    known_later = _concern(answer.counted, evidence)
    wider = _indirectness(answer.counted, evidence)
    if review is not None and review.finding.certainty_stated is not None:
        steps = (*known_later, *wider)
        return Rating(_lowered(review.finding.certainty_stated, steps), CertaintyBasis.STATED_BY_REVIEW, steps)
    uneven = _heterogeneity(review) if review is not None else _inconsistency(answer)
    steps = (_not_assessed(answer.counted), *known_later, *uneven, *wider, *_imprecision(answer))
    return Rating(_lowered(_start(answer.counted, evidence), steps), CertaintyBasis.COMPUTED, steps)


def _lowered(start: Certainty, steps: Sequence[CertaintyStep]) -> Certainty:
    level = LEVELS.index(start) - sum(step.levels for step in steps)
    return LEVELS[min(level, len(LEVELS) - 1)]


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
    unblinded = [result for result in counted if open_label(result.study)]
    unconcealed = [result for result in counted if _unconcealed(result)]
    self_rated = counted[0].finding.domain in SELF_RATED
    facts = ["not assessed"]
    if unblinded:
        rated = " with an outcome that people rate themselves" if self_rated else ""
        facts.append(f"open label{rated} in {len(unblinded)} of {total}")
    if unconcealed:
        facts.append(f"concealment of the allocation not described in {len(unconcealed)} of {total}")
    if dropouts := _dropouts(counted):
        facts.append(dropouts)
    serious = [result for result in unblinded if self_rated and result in unconcealed]
    levels = -2 if 2 * len(serious) > total else -1
    return CertaintyStep(reason=CertaintyReason.RISK_OF_BIAS, levels=levels, figure="; ".join(facts))


def _unconcealed(result: Result) -> bool:
    facts = result.study.risk_of_bias
    told = facts.allocation_concealment if facts is not None else None
    return told is not None and _NOT_DESCRIBED.search(told) is not None


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
        figure = f"the review includes a study that was retracted: {', '.join(withdrawn)}"
        steps.append(CertaintyStep(reason=CertaintyReason.RISK_OF_BIAS, levels=-1, figure=figure))
    return tuple(steps)


def _inconsistency(answer: Answer) -> tuple[CertaintyStep, ...]:
    known = [result for result in answer.counted if result.usable]
    # Estimates on both sides of no difference agree where no difference is the answer.
    split = len(known) > 1 and 0.25 <= answer.favouring / len(known) <= 0.75
    split = split and answer.direction is not Direction.NO_DIFFERENCE
    if not split and (answer.direction is not Direction.MIXED or len(answer.counted) == 1):
        return ()
    figure = f"{answer.favouring} of {len(known)} studies favour the therapy, {answer.against} the comparator"
    return (CertaintyStep(reason=CertaintyReason.INCONSISTENCY, levels=-1, figure=figure),)


def _heterogeneity(review: Result) -> tuple[CertaintyStep, ...]:
    i2 = review.finding.i2
    if i2 is None or i2 < CONSIDERABLE_I2:
        return ()
    return (CertaintyStep(reason=CertaintyReason.INCONSISTENCY, levels=-1, figure=f"I² {i2:g} %"),)


def _indirectness(counted: Sequence[Result], evidence: Evidence) -> tuple[CertaintyStep, ...]:
    vocabulary = evidence.vocabulary
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
    if not figures:
        return ()
    return (CertaintyStep(reason=CertaintyReason.INDIRECTNESS, levels=-1, figure="; ".join(figures)),)


def _only_branch(asked: str, named: set[str], tree: Hierarchy) -> str | None:
    """Return the one branch directly below ``asked`` that holds everything named, where there are others beside it."""
    branches = tree.children(asked)
    reached = named & tree.narrower(asked)
    if len(branches) < 2 or not reached:
        return None
    return next((branch for branch in branches if reached <= tree.narrower(branch)), None)


def _imprecision(answer: Answer) -> tuple[CertaintyStep, ...]:
    figures: list[str] = []
    levels = 0
    size = needed(answer.counted)
    people = answer.people
    if people is None:
        levels += 1
        figures.append("number of people not reported")
    elif people < size.people:
        # Studies that do not report their size may make up for some of what is missing.
        levels += 2 if people < FAR_TOO_FEW and not answer.people_unknown else 1
        figures.append(f"{people} people of {size.people} needed to show {size.difference}")
    judged = [leaves_open(result) for result in answer.counted]
    if answer.direction is Direction.NO_DIFFERENCE and False not in judged and True not in judged:
        levels += 1
        figures.append("no interval was read that rules out a difference of interest")
    elif True in judged and False not in judged:
        levels += 1
        figures.append("the interval includes both no difference and one of interest")
    if not levels:
        return ()
    return (CertaintyStep(reason=CertaintyReason.IMPRECISION, levels=-min(levels, 2), figure="; ".join(figures)),)
