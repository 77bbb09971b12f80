"""Absolute numbers: what an effect means for 100 people (Cochrane Handbook, chapters 14 and 15).

**With the comparator**: the middle one of the shares in the comparator arms of the studies that were pooled (the mean
of the two in the middle), or that of the one study or review. **With the therapy**: that share and the pooled, or the
review's, ratio; of a single study its own two arms. Where these print shares without numbers of people, the printed
ratio or difference of the shares gives the interval. A ratio whose comparator's share is not told gives no number.

**Number needed to treat**: one divided by the risk difference, only where the interval excludes no difference
(Altman 1998, doi:10.1136/bmj.317.7168.1309) and the answer says benefit or harm: a study whose own test shows no
difference gives none.

The interval of a difference of two shares is that of ``shares``.
"""

from collections.abc import Mapping, Sequence
from statistics import median

from kb.evidence.comparable import better_of, groups_of
from kb.evidence.evidence import Evidence
from kb.evidence.harms import sides_of, stands
from kb.evidence.results import Result
from kb.evidence.shares import share_difference
from kb.evidence.synthesis import Answer
from schema.effect import Effect
from schema.finding import Finding
from schema.pooled import Absolute, HarmDifference, Pooled
from schema.study import Harm, Study
from schema.terms import ArmRole, Better, Direction, EffectMeasure, StudyDesign, Synthesis

#: Designs whose arms are different people, allocated one by one.
PARALLEL = frozenset({StudyDesign.RCT, StudyDesign.FACTORIAL_RCT})


def absolute(answer: Answer, evidence: Evidence) -> Absolute | None:
    """Return what the answer of a line that counts people means for 100 of them; None where it cannot be told."""
    found = _absolute_of(answer, evidence)
    if found is None or answer.direction in (Direction.BENEFIT, Direction.HARM):
        return found
    return found.model_copy(update={"nnt": None, "nnt_low": None, "nnt_high": None, "harm": False})


def _absolute_of(answer: Answer, evidence: Evidence) -> Absolute | None:
    first = answer.counted[0]
    if not first.responders:
        return None
    better = better_of(first, evidence)
    if answer.synthesis is Synthesis.POOLED and answer.pool.pooled is not None:
        pooled = answer.pool.pooled
        inside = {one.finding for one in pooled.studies}
        return _of_pool(pooled, [result for result in answer.counted if result.finding.id in inside])
    if better is None or len(answer.counted) != 1:
        return None
    if answer.synthesis is Synthesis.SINGLE_STUDY and first.study.design in PARALLEL:
        return _of_study(first, better)
    effect = first.finding.effect
    if answer.synthesis is Synthesis.REVIEW_CONCLUSION and effect is not None:
        return _of_review(first, effect, better)
    return None


def harm_differences(results: Sequence[Result], evidence: Evidence) -> tuple[HarmDifference, ...]:
    """Return the unwanted events that parallel trials tell with numbers in both arms, those that stand.

    An arm whose side was not told with the harm is that of the arm of the same name in the study's results.
    """
    telling = [result for result in results if result.study.harms and result.study.design in PARALLEL]
    read: dict[str, list[Finding]] = {}
    for result in telling:
        read.setdefault(result.study.id, []).append(result.finding)
    studies = {result.study.id: result.study for result in telling}
    found: list[HarmDifference] = []
    for id in sorted(studies):
        sides = sides_of(read[id])
        for harm in studies[id].harms:
            told = _harm_difference(studies[id], harm, sides) if stands(harm, evidence.citations) else None
            if told is not None:
                found.append(told)
    return tuple(found)


def _harm_difference(study: Study, harm: Harm, roles: Mapping[str, ArmRole | None]) -> HarmDifference | None:
    sides = [
        [arm for arm in harm.arms if (arm.role or roles.get(arm.name)) is role]
        for role in (ArmRole.INTERVENTION, ArmRole.COMPARATOR)
    ]
    if len(sides[0]) != 1 or len(sides[1]) != 1:
        return None
    (one,), (two,) = sides
    if one.events is None or two.events is None or not one.n or not two.n:
        return None
    difference, low, high = share_difference(one.events, one.n, two.events, two.n)
    return HarmDifference(
        study=study.id,
        event=harm.event,
        citation=harm.citation,
        events=one.events,
        n=one.n,
        comparator_events=two.events,
        comparator_n=two.n,
        difference=100 * difference,
        difference_low=100 * low,
        difference_high=100 * high,
    )


def _of_pool(pooled: Pooled, results: Sequence[Result]) -> Absolute | None:
    shares = [share for result in results if (share := _counted_share(result)) is not None]
    if not shares:
        return None
    base = median(shares)
    source = f"middle of the comparator arms of {len(shares)} of {pooled.k} pooled studies"
    ends = [_applied(pooled.measure, value, base) for value in (pooled.estimate, pooled.ci_low, pooled.ci_high)]
    return _absolute(base, ends, pooled.better, source)


def _of_review(result: Result, effect: Effect, better: Better) -> Absolute | None:
    base = _counted_share(result)
    if base is None or effect.estimate is None or effect.ci_low is None or effect.ci_high is None:
        return None
    measure = effect.measure
    if measure is not EffectMeasure.RR and measure is not EffectMeasure.OR:
        return None
    if effect.positive_favours is not None:
        # Which arm is over which is not the usual: the ratio cannot be put on the comparator's share.
        return None
    ends = [_applied(measure, value, base) for value in (effect.estimate, effect.ci_low, effect.ci_high)]
    return _absolute(base, ends, better, "comparator arms of the review")


def _of_study(result: Result, better: Better) -> Absolute | None:
    sides = groups_of(result)
    if sides is None:
        return None
    one, two = sides
    if one.events is None or two.events is None or not one.n or not two.n:
        return _of_shares(result, better)
    base = two.events / two.n
    difference, low, high = share_difference(one.events, one.n, two.events, two.n)
    ends = [base + difference, base + low, base + high]
    return _absolute(base, ends, better, "the two arms of the study", interval=(low, high))


def _of_shares(result: Result, better: Better) -> Absolute | None:
    """The printed shares of two arms, with the interval of the printed effect, a ratio of them or their difference."""
    effect = result.finding.effect
    shares = [
        [arm.percent / 100 for arm in result.finding.arms if arm.role is role and arm.percent is not None]
        for role in (ArmRole.INTERVENTION, ArmRole.COMPARATOR)
    ]
    if effect is None or effect.measure is None or effect.ci_low is None or effect.ci_high is None:
        return None
    if (
        [len(known) for known in shares] != [1, 1]
        or effect.positive_favours is not None
        or effect.level not in (None, 95)
    ):
        return None
    (risk,), (base,) = shares
    difference = effect.measure is EffectMeasure.RD
    low, high = effect.ci_low / effect.whole, effect.ci_high / effect.whole
    if difference and (low < -1 or high > 1):
        return None
    ends = _applied(effect.measure, low, base), _applied(effect.measure, high, base)
    if ends[0] is None or ends[1] is None or not ends[0] <= risk <= ends[1]:
        return None
    source = "the printed shares and effect of the study"
    return _absolute(base, [risk, *ends], better, source, interval=(low, high) if difference else None)


def _counted_share(result: Result) -> float | None:
    """The share with the comparator as counted where there are two groups; a printed one has no number behind it."""
    sides = groups_of(result)
    if sides is None or sides[1].events is None or not sides[1].n:
        return None
    return sides[1].events / sides[1].n


def _applied(measure: EffectMeasure, value: float, base: float) -> float | None:
    """The share with the therapy, given that with the comparator; None where the measure does not tell it."""
    match measure:
        case EffectMeasure.RR:
            return base * value
        case EffectMeasure.OR:
            return base * value / (1 - base + base * value)
        case EffectMeasure.RD:
            return base + value
        case _:
            return None


def _absolute(
    base: float,
    ends: Sequence[float | None],
    better: Better,
    source: str,
    *,
    interval: tuple[float, float] | None = None,
) -> Absolute | None:
    """``interval``: of the difference, where the comparator's share is not taken as given but has its own error."""
    known = [min(max(end, 0.0), 1.0) for end in ends if end is not None]
    if len(known) != 3:
        return None
    risk, low, high = known
    difference = risk - base
    least, most = interval or (low - base, high - base)
    excludes = (least > 0 or most < 0) and difference != 0
    near, far = (least, most) if difference > 0 else (most, least)
    return Absolute(
        with_comparator=100 * base,
        with_therapy=100 * risk,
        therapy_low=100 * low,
        therapy_high=100 * high,
        better=better,
        difference=100 * difference,
        difference_low=100 * least,
        difference_high=100 * most,
        nnt=1 / abs(difference) if excludes else None,
        nnt_low=1 / abs(far) if excludes else None,
        nnt_high=1 / abs(near) if excludes else None,
        harm=excludes and (difference > 0) != (better is Better.HIGHER),
        source=source,
    )
