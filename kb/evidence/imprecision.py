"""Imprecision: too few people, or an interval that leaves both answers open (rule 5; ``precision``, ``intervals``).

**The interval comes first** (GRADE guidance 34, Zeng 2022, doi:10.1016/j.jclinepi.2022.07.014). Where no difference
is the answer it costs what it leaves open (``intervals``; of several results the one that leaves least), of a pool one
level for each side on which it reaches a difference that matters, or where nobody knows what matters. Of other answers
it costs one level where every interval that can be judged includes no difference; of a benefit or a harm also where
neither an interval nor a p was read of any study: nobody can tell how exact the authors' word is.

**Then the people**: one level where fewer took part than the optimal information size, or where their number is not
known; two where there are far too few. What the interval and the people cost is not added up, for a wide interval and
few people are one thing seen twice: the greater counts. Nor do people cost anything, unless there are far too few,
where the interval of the one result, or of the pool, leaves nothing open and its effect is modest, less than the
difference of interest (``intervals``): it takes a large effect to doubt an interval that excludes no difference.

Only those who were compared count, in studies that say which way or that there is no difference (of a study that says
neither nothing is known more exactly), and people of one cluster are alike, so that each tells less (Cochrane Handbook,
23.1): where enough are known of all arms of a trial of more than two alone, or of a trial that allocated clusters, and
no interval says more, it costs one level. Where no difference is the answer and no interval can be judged, one level
more than the people cost: what was not ruled out is not known to be absent. Two levels at most.
"""

from dataclasses import dataclass, replace

from kb.evidence.evidence import Evidence
from kb.evidence.intervals import Openness, interval_of, openness
from kb.evidence.pools import bounds
from kb.evidence.precision import FAR_TOO_FEW, Needed, needed
from kb.evidence.results import Result
from kb.evidence.synthesis import Answer
from schema.pooled import Pooled
from schema.summary import CertaintyStep
from schema.terms import CertaintyReason, Direction, StudyDesign, Synthesis


def imprecision(answer: Answer, evidence: Evidence) -> tuple[CertaintyStep, ...]:
    """Return the step for too few people, or for an interval that leaves both answers open; none, or one."""
    answer = _telling(answer)
    size = needed(answer.counted)
    pooled = answer.pool.pooled if answer.synthesis is Synthesis.POOLED else None
    few = _few(answer, size)
    left = _of_pool(pooled, answer) if pooled is not None else _of_results(answer, evidence)
    if few == 1 and left.modest:
        few = 0
    figures = [*([_people(answer, size)] if few else []), *left.figures]
    if not few and pooled is None and (unsure := _not_told_apart(answer, size.people, evidence)):
        few = 1
        figures = [unsure, *left.figures]
    levels = max(left.levels, few) + left.nothing_known
    if not levels:
        return ()
    return (CertaintyStep(reason=CertaintyReason.IMPRECISION, levels=-min(levels, 2), figure="; ".join(figures)),)


def _telling(answer: Answer) -> Answer:
    """The answer of those studies alone that say something, and their people."""
    counted = tuple(result for result in answer.counted if result.usable)
    if len(counted) == len(answer.counted):
        return answer
    known = [result.people for result in counted if result.people is not None]
    return replace(
        answer, counted=counted, people=sum(known) if known else None, people_unknown=len(counted) - len(known)
    )


@dataclass(frozen=True, slots=True)
class _LeftOpen:
    """What intervals leave open."""

    levels: int
    figures: tuple[str, ...] = ()
    #: Whether the one interval leaves nothing open and its effect is less than the one of interest.
    modest: bool = False
    #: Whether no difference is the answer and no interval can be judged.
    nothing_known: bool = False


def _few(answer: Answer, size: Needed) -> int:
    """What the number of people costs by itself."""
    if answer.people is None:
        return 1
    if answer.people >= size.people:
        return 0
    # Studies that do not report their size may make up for some of what is missing.
    return 2 if answer.people < FAR_TOO_FEW and not answer.people_unknown else 1


def _people(answer: Answer, size: Needed) -> str:
    if answer.people is None:
        return "number of people not reported"
    return f"{answer.people:,} people; {size.people:,} are needed to show {size.difference}"


def _not_told_apart(answer: Answer, needed: int, evidence: Evidence) -> str | None:
    """Why the people may not be enough although they are as many: some were not compared, or are alike.

    None where there are enough without them, or where an interval says how exact their result is.
    """
    unsure = [result for result in answer.counted if result.all_arms or _in_clusters(result)]
    told = sum(result.people or 0 for result in answer.counted if not (result.all_arms or _in_clusters(result)))
    if told >= needed or not unsure or any(interval_of(result, evidence) is not None for result in unsure):
        return None
    if any(_in_clusters(result) for result in unsure):
        return f"of the {answer.people:,} people some are of clusters, who are alike; how much they tell is not known"
    return f"the {answer.people:,} people are those of all arms of a trial; how many were compared is not reported"


def _in_clusters(result: Result) -> bool:
    return result.study.design is StudyDesign.CLUSTER_RCT


def _of_results(answer: Answer, evidence: Evidence) -> _LeftOpen:
    """What the intervals of the counted results leave open, where every one that can be judged does, or none can be."""
    found = [openness(result, evidence) for result in answer.counted]
    judged = [one for one in found if isinstance(one, Openness)]
    same = answer.direction is Direction.NO_DIFFERENCE
    if not judged:
        if same:
            none = str(found[0]) if len(found) == 1 else "no interval is known that rules out a difference of interest"
            return _LeftOpen(0, (none,), nothing_known=True)
        if answer.direction is Direction.MIXED or any(_told_how_exact(result, evidence) for result in answer.counted):
            return _LeftOpen(0)
        return _LeftOpen(1, ("neither an interval nor a p was read",))
    if not all(one.open for one in judged):
        return _LeftOpen(0, modest=len(found) == 1 and judged[0].modest)
    levels = min(one.levels for one in judged) if same else 1
    every = "every interval includes both no difference and one of interest"
    return _LeftOpen(levels, (judged[0].figure if len(judged) == 1 else every,))


def _told_how_exact(result: Result, evidence: Evidence) -> bool:
    """Whether an interval is known, or a p was printed."""
    effect = result.finding.effect
    return interval_of(result, evidence) is not None or (effect is not None and effect.p is not None)


def _of_pool(pooled: Pooled, answer: Answer) -> _LeftOpen:
    """What a pool does not rule out, where it finds no difference; else whether its effect is a modest one."""
    low, high = bounds(pooled)
    if answer.direction is not Direction.NO_DIFFERENCE:
        said = answer.direction is not Direction.MIXED
        return _LeftOpen(0, modest=said and low is not None and high is not None and low < pooled.estimate < high)
    if low is None or high is None:
        return _LeftOpen(1, ("which difference matters is not known",))
    reached = [(pooled.ci_low, low)] if pooled.ci_low <= low else []
    reached += [(pooled.ci_high, high)] if pooled.ci_high >= high else []
    named = f" ({pooled.important_source})"
    figures = tuple(f"the interval reaches {end:.3g}, beyond {limit:.3g}{named}" for end, limit in reached)
    return _LeftOpen(len(reached), figures, modest=not reached)
