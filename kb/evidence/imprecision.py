"""Imprecision: too few people, or an interval that leaves both answers open (rule 5; ``precision``, ``intervals``).

One level where fewer people took part than the optimal information size, or where their number is not known; two
where there are far too few. Of a pool that finds no difference: one level for each side on which its interval reaches
a difference that matters, or where nobody knows what matters. Of others: one level where every interval that can be
judged leaves open both no difference and one of interest; and where no difference is the answer, also when no
interval can be judged, for what was not ruled out is not known to be absent.
Two levels at most. Where none of this costs anything, one level where only the people of all arms of a trial of more
than two are known, and no interval says more.
"""

from kb.evidence.evidence import Evidence
from kb.evidence.intervals import Openness, openness
from kb.evidence.pools import bounds
from kb.evidence.precision import FAR_TOO_FEW, needed
from kb.evidence.synthesis import Answer
from schema.pooled import Pooled
from schema.summary import CertaintyStep
from schema.terms import CertaintyReason, Direction, Synthesis


def imprecision(answer: Answer, evidence: Evidence) -> tuple[CertaintyStep, ...]:
    """Return the step for too few people, or for an interval that leaves both answers open; none, or one."""
    figures: list[str] = []
    levels = 0
    size = needed(answer.counted)
    pooled = answer.pool.pooled if answer.synthesis is Synthesis.POOLED else None
    people = answer.people
    if people is None:
        levels += 1
        figures.append("number of people not reported")
    elif people < size.people:
        # Studies that do not report their size may make up for some of what is missing.
        levels += 2 if people < FAR_TOO_FEW and not answer.people_unknown else 1
        figures.append(f"{people} people of {size.people} needed to show {size.difference}")
    if pooled is not None:
        reached = _reached(pooled) if answer.direction is Direction.NO_DIFFERENCE else ()
        levels += len(reached)
        figures += reached
    elif (left_open := _left_open(answer, evidence)) is not None:
        levels += 1
        figures.append(left_open)
    if not levels and pooled is None and _not_told_apart(answer, size.people, evidence):
        levels = 1
        figures.append(f"the {people} people are those of all arms of a trial; how many were compared is not reported")
    if not levels:
        return ()
    return (CertaintyStep(reason=CertaintyReason.IMPRECISION, levels=-min(levels, 2), figure="; ".join(figures)),)


def _not_told_apart(answer: Answer, needed: int, evidence: Evidence) -> bool:
    """Whether people of other arms may be what makes enough of them, and no interval says that they are enough."""
    told = sum(result.people or 0 for result in answer.counted if not result.all_arms)
    if told >= needed or not any(result.all_arms for result in answer.counted):
        return False
    return not any(isinstance(openness(result, evidence), Openness) for result in answer.counted if result.all_arms)


def _left_open(answer: Answer, evidence: Evidence) -> str | None:
    """What the intervals of the counted results leave open, where every one that can be judged does, or none can be."""
    found = [openness(result, evidence) for result in answer.counted]
    judged = [one for one in found if isinstance(one, Openness)]
    if judged:
        if not all(one.open for one in judged):
            return None
        return (
            judged[0].figure if len(judged) == 1 else "every interval includes both no difference and one of interest"
        )
    if answer.direction is not Direction.NO_DIFFERENCE:
        return None
    return str(found[0]) if len(found) == 1 else "no interval is known that rules out a difference of interest"


def _reached(pooled: Pooled) -> tuple[str, ...]:
    """What a pool without a difference does not rule out."""
    low, high = bounds(pooled)
    if low is None or high is None:
        return ("which difference matters is not known",)
    reached = [(pooled.ci_low, low)] if pooled.ci_low <= low else []
    reached += [(pooled.ci_high, high)] if pooled.ci_high >= high else []
    named = f" ({pooled.important_source})"
    return tuple(f"the interval reaches {end:.3g}, beyond {limit:.3g}{named}" for end, limit in reached)
