"""Pools: the studies of a line that may be pooled (``poolable``), taken together (rule 4).

**How**: REML with a Hartung–Knapp interval and its guard (``pooling``). Leave-one-out for the studies of most weight;
parts by comparator class and by what was read of the risk of bias (a fact of the report, nobody's judgement: whether
people knew their treatment, whether concealment of the allocation was described) from two studies each; a regression
on the standard errors from ten studies on (Egger 1997, doi:10.1136/bmj.315.7109.629; for SMD on the part of them that
the effect is not in, Pustejovsky 2019, doi:10.1002/jrsm.1332).

**What it says.** Benefit or harm where the interval excludes no difference. No difference where it does not, and lies
within the smallest differences that matter, or where the estimate does and the interval does not reach both. Else it
does not settle the matter (None). Two studies never give "no difference" unless the interval excludes everything that
matters, for their interval is hardly known (Bender 2018, doi:10.1002/jrsm.1297).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, sqrt

from kb.errors import InputProblem
from kb.evidence import pooling
from kb.evidence.comparable import Comparable, groups_of
from kb.evidence.evidence import Evidence
from kb.evidence.poolable import alike, hindrance_of, one_measure
from kb.evidence.precision import RATIO_OF_INTEREST, SD_OF_INTEREST
from kb.evidence.results import Result, concealed, open_label
from kb.evidence.scales import Scale, factor, half_of_change, important_difference
from schema.effect import RATIOS
from schema.pooled import NotPooled, Pooled, PooledStudy, Subgroup, WithoutOne
from schema.terms import Better, ComparatorGroup, Direction, EffectMeasure

METHOD = "random effects, τ² by REML, Hartung–Knapp–Sidik–Jonkman interval with guard"

#: At most so many studies, those of most weight, are left out one by one (a lighter one moves less): of very many
#: studies fewer, so that the work grows with their number and no faster.
LEFT_OUT = 50
LEAST_LEFT_OUT = 5
LEFT_OUT_WORK = 100_000

#: Studies from which small-study effects are looked for, and the p below which they are suspected (Handbook, 13.3.5.4).
SMALL_STUDY_FROM = 10
SMALL_STUDY_P = 0.1

_Z = 1.959963984540054
_UNITS = {
    EffectMeasure.SMD: "standard deviations",
    EffectMeasure.RR: "risk ratio",
    EffectMeasure.OR: "odds ratio",
    EffectMeasure.HR: "hazard ratio",
    EffectMeasure.RD: "risk difference",
}


@dataclass(frozen=True, slots=True)
class Pool:
    """The pool of a line, if there is one, and the studies that are not in it."""

    pooled: Pooled | None = None
    left_out: tuple[NotPooled, ...] = ()


def pool_results(results: Sequence[Result], evidence: Evidence, *, whole: bool = True) -> Pool:
    """Pool one result per study of one line; without ``whole`` neither leave-one-out nor parts of it."""
    if not results:
        return Pool()
    first = results[0]
    if first.predicts or first.one_group or first.comparison is ComparatorGroup.WITHIN_THERAPY:
        # No comparison with another treatment: the line says so, and nothing is asked of its studies.
        return Pool()
    hindrance = hindrance_of(first)
    if hindrance is not None:
        return _none(results, lambda _: hindrance)
    same, others = alike(results, evidence)
    left: dict[str, str] = dict(others)
    chosen, reasons = one_measure(same, evidence)
    left |= reasons
    if len(chosen) < 2:
        left |= {one.result.study.id: "no second study that it could be pooled with" for one in chosen}
        return Pool(None, _told(left))
    try:
        return Pool(_pooled(chosen, evidence, whole=whole), _told(left))
    except InputProblem as problem:
        why = problem.message
        return _none(results, lambda result: left.get(result.study.id, why))


def settled(pooled: Pooled) -> Direction | None:
    """Return what a pool says; None where its interval leaves both open."""
    null = 1.0 if pooled.measure in RATIOS else 0.0
    if pooled.ci_low > null or pooled.ci_high < null:
        return Direction.BENEFIT if (pooled.estimate > null) == (pooled.better is Better.HIGHER) else Direction.HARM
    low, high = bounds(pooled)
    if low is None or high is None:
        return Direction.NO_DIFFERENCE if pooled.k > 2 else None
    if low < pooled.ci_low and pooled.ci_high < high:
        return Direction.NO_DIFFERENCE
    if pooled.ci_low <= low and high <= pooled.ci_high:
        # It may help and it may harm, both as much as matters.
        return None
    return Direction.NO_DIFFERENCE if pooled.k > 2 and low < pooled.estimate < high else None


def bounds(pooled: Pooled) -> tuple[float | None, float | None]:
    """Return the smallest differences that matter either way, on the scale of the pool."""
    if pooled.important is None:
        return None, None
    if pooled.measure in RATIOS:
        # A quarter more, as for one result.
        return pooled.important, 2 - pooled.important
    return -pooled.important, pooled.important


def left_out_of(studies: int) -> int:
    """Return how many of so many studies are left out one by one."""
    return min(LEFT_OUT, max(LEAST_LEFT_OUT, LEFT_OUT_WORK // max(1, studies)))


def _better(chosen: Sequence[Comparable]) -> Better:
    """The way in which the pool is shown: that of most studies."""
    ways = [one.better for one in chosen if one.better is not None]
    return Better.LOWER if ways.count(Better.LOWER) > ways.count(Better.HIGHER) else Better.HIGHER


def _pooled(chosen: Sequence[Comparable], evidence: Evidence, *, whole: bool) -> Pooled:
    chosen = sorted(chosen, key=lambda one: (one.result.study.id, one.result.finding.id))
    measure, better = chosen[0].measure, _better(chosen)
    ratio = measure in RATIOS
    scale = _widest([one.scale for one in chosen if one.scale is not None])
    turn = 1.0 if better is Better.HIGHER else -1.0
    by = [1.0 if one.scale is None or scale is None else factor(one.scale, scale) for one in chosen]
    y = tuple(turn * one.estimate * each for one, each in zip(chosen, by, strict=True))
    v = tuple(one.variance * each**2 for one, each in zip(chosen, by, strict=True))
    heaviest = sorted(range(len(v)), key=lambda at: (v[at], at))[: left_out_of(len(v))]
    found = _numbers(y, v, tuple(sorted(heaviest)) if whole else (), bare=not whole)
    shown: Callable[[float], float] = exp if ratio else float
    weights = [1 / (variance + (found.heterogeneity.tau2 or 0)) for variance in v]
    total = sum(weights)
    important, source = _important(chosen, measure, scale, evidence)
    small_p, small_better = _small_studies(chosen, y, v, better)
    people = [one.result.people for one in chosen]
    mean, differ = found.pooled, found.heterogeneity
    return Pooled(
        measure=measure,
        unit=scale.unit if scale is not None else _UNITS[measure],
        scale_low=scale.low if scale is not None else None,
        scale_high=scale.high if scale is not None else None,
        better=better,
        k=len(chosen),
        people=None if any(n is None for n in people) else sum(n for n in people if n is not None),
        estimate=shown(mean.estimate),
        ci_low=shown(mean.ci_low),
        ci_high=shown(mean.ci_high),
        p=mean.p,
        tau2=differ.tau2,
        tau2_low=differ.tau2_low,
        tau2_high=differ.tau2_high,
        i2=differ.i2,
        q=differ.q,
        q_p=differ.q_p,
        prediction_low=None if found.prediction_low is None else shown(found.prediction_low),
        prediction_high=None if found.prediction_high is None else shown(found.prediction_high),
        method=METHOD,
        notes=found.notes,
        important=important,
        important_source=source,
        studies=tuple(
            PooledStudy(
                study=one.result.study.id,
                finding=one.result.finding.id,
                estimate=shown(estimate),
                ci_low=shown(estimate - _Z * sqrt(variance)),
                ci_high=shown(estimate + _Z * sqrt(variance)),
                weight=100 * weight / total,
                source=one.source if each == 1 else f"{one.source}; converted to {scale.unit if scale else ''}",
            )
            for one, estimate, variance, weight, each in zip(chosen, y, v, weights, by, strict=True)
        ),
        leave_one_out=tuple(
            WithoutOne(
                study=chosen[left.without].result.study.id,
                estimate=shown(left.pooled.estimate),
                ci_low=shown(left.pooled.ci_low),
                ci_high=shown(left.pooled.ci_high),
                i2=left.heterogeneity.i2,
            )
            for left in found.leave_one_out
        ),
        subgroups=tuple(_subgroups(chosen, y, v, shown)) if whole else (),
        small_study_p=small_p,
        small_studies_better=small_better,
    )


@lru_cache(maxsize=4096)
def _numbers(
    y: tuple[float, ...], v: tuple[float, ...], leave_out: tuple[int, ...], *, bare: bool = False
) -> pooling.Pooled:
    """The pool of these numbers; a narrower and a broader question often have the very same studies."""
    return pooling.pool(y, v, knapp_hartung=len(y) > 1, leave_out=leave_out, bare=bare)


def _widest(scales: Sequence[Scale]) -> Scale | None:
    return max(scales, key=lambda scale: ((scale.high or 0) - (scale.low or 0), scale.unit), default=None)


def _important(
    chosen: Sequence[Comparable], measure: EffectMeasure, scale: Scale | None, evidence: Evidence
) -> tuple[float | None, str | None]:
    """The smallest difference that matters: of the scale, our convention, else half of a change within a patient."""
    if measure in RATIOS:
        return RATIO_OF_INTEREST, "convention: a quarter less (GRADE guidelines 6)"
    if measure is EffectMeasure.SMD:
        return SD_OF_INTEREST, f"convention: {SD_OF_INTEREST} standard deviations"
    if measure is not EffectMeasure.MD:
        return None, None
    known = important_difference(scale, evidence) if scale is not None else None
    if known is not None:
        return known
    spread: list[float] = []
    for one in chosen:
        sides = groups_of(one.result)
        if sides is not None and one.scale is not None and scale is not None:
            spread += [factor(one.scale, scale) * side.sd for side in sides if side.sd]
    if not spread:
        half = half_of_change(scale, evidence) if scale is not None else None
        return half or (None, None)
    typical = sqrt(sum(sd**2 for sd in spread) / len(spread))
    return SD_OF_INTEREST * typical, f"convention: {SD_OF_INTEREST} standard deviations of {typical:.3g}"


def _subgroups(
    chosen: Sequence[Comparable], y: Sequence[float], v: Sequence[float], shown: Callable[[float], float]
) -> Iterable[Subgroup]:
    """Yield the pools of parts of the studies, where each of two or more parts holds at least two."""
    for by, part_of in (
        ("comparator", _comparator),
        ("blinding of participants", _blinding),
        ("concealment of the allocation", _concealment),
    ):
        parts: dict[str, list[int]] = {}
        for at, one in enumerate(chosen):
            if (name := part_of(one.result)) is not None:
                parts.setdefault(name, []).append(at)
        parts = {name: parts[name] for name in sorted(parts) if len(parts[name]) > 1}
        if len(parts) < 2:
            continue
        found: Mapping[str, pooling.Pooled] = {
            name: _numbers(tuple(y[at] for at in some), tuple(v[at] for at in some), ()) for name, some in parts.items()
        }
        means = [(one.pooled.estimate, one.pooled.se**2) for one in found.values()]
        between = _numbers(tuple(mean for mean, _ in means), tuple(square for _, square in means), ())
        for name, one in found.items():
            yield Subgroup(
                by=by,
                name=name,
                k=one.k,
                estimate=shown(one.pooled.estimate),
                ci_low=shown(one.pooled.ci_low),
                ci_high=shown(one.pooled.ci_high),
                difference_p=between.heterogeneity.q_p,
            )


def _comparator(result: Result) -> str | None:
    return result.finding.comparator_class


def _blinding(result: Result) -> str | None:
    told = open_label(result.study)
    return None if told is None else "people knew their treatment" if told else "people did not know their treatment"


def _concealment(result: Result) -> str | None:
    told = concealed(result.study)
    return None if told is None else "described" if told else "not described, or none"


def _small_studies(
    chosen: Sequence[Comparable], y: Sequence[float], v: Sequence[float], better: Better
) -> tuple[float | None, bool | None]:
    if len(y) < SMALL_STUDY_FROM:
        return None, None
    errors = [_own_error(one, variance) for one, variance in zip(chosen, v, strict=True)]
    try:
        slope = pooling.regress(y, v, [errors], knapp_hartung=True, bare=True).coefficients[1]
    except InputProblem:
        # All studies are of one size: there are no small ones.
        return None, None
    return slope.p, (slope.estimate > 0) == (better is Better.HIGHER)


def _own_error(one: Comparable, variance: float) -> float:
    sides = groups_of(one.result)
    if one.measure is EffectMeasure.SMD and sides is not None and sides[0].n and sides[1].n:
        return sqrt(1 / sides[0].n + 1 / sides[1].n)
    return sqrt(variance)


def _none(results: Sequence[Result], why: Callable[[Result], str]) -> Pool:
    return Pool(None, _told({result.study.id: why(result) for result in results}))


def _told(left: Mapping[str, str]) -> tuple[NotPooled, ...]:
    return tuple(NotPooled(study=study, why=left[study]) for study in sorted(left))
