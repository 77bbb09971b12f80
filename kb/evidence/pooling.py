"""Pooling: one estimate from several independent studies, as a methodologist would have it from R's metafor.

:func:`pool` for the mean of the studies, :func:`regress` where moderators explain their differences.

**Model.** Random effects with τ² by REML, DL, PM, HE or ML, or FE: the inverse-variance fixed-effect model
(``heterogeneity`` has the estimators and their sources).

**Interval.** Normal; or Hartung–Knapp–Sidik–Jonkman: t with k − p degrees of freedom and the weighted residual
variance as a factor (Hartung 2001, doi:10.1002/sim.791; IntHout 2014, doi:10.1186/1471-2288-14-25; with moderators
Knapp 2003, doi:10.1002/sim.1482). With the guard the factor is at least 1, so that studies which happen to agree do
not make the pool more certain than their own variances do (Röver 2015, doi:10.1186/s12874-015-0091-1).

**Prediction interval.** Where the effect of a new study would lie: t with k − 2 degrees of freedom (Higgins 2009,
doi:10.1111/j.1467-985X.2008.00552.x), from three studies on.

What cannot be computed is None, and ``notes`` says why. No result is ever NaN or infinite: input that would make it so
raises :class:`~kb.errors.InputProblem`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp, isfinite, isnan, log, nan, sqrt
from typing import TYPE_CHECKING

from kb.errors import InputProblem
from kb.evidence.distributions import chi2_p, two_sided_p, two_sided_quantile
from kb.evidence.heterogeneity import Method, Studies, between_variance, inconsistency, interval, weigh

if TYPE_CHECKING:
    from kb.evidence.heterogeneity import Array

#: Standard errors may differ by this factor, and estimates lie this many of the smallest from zero: beyond it,
#: double precision no longer holds the answer.
GREATEST_RATIO = 1e8

#: Variances outside of this are slips, and would be lost to rounding when squared.
LEAST_VARIANCE, GREATEST_VARIANCE = 1e-100, 1e100

ONE_STUDY = "One study: its own estimate; there is nothing to pool, and no heterogeneity to estimate."
TWO_STUDIES = (
    "Two studies: τ² is hardly known (see its interval), a prediction interval needs three, and leaving one out would "
    "leave the other."
)
IDENTICAL = "All estimates are the same: no heterogeneity is seen. Check that no study stands in the data twice."
CLOSE = "The studies agree more closely than their variances let expect: the interval of τ² is empty."
GUARDED = "The Hartung–Knapp factor was below 1 and was set to 1."


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient with its interval, in the unit of the estimates (of their logarithm, for log ratios)."""

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    p: float


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """How much the studies differ beyond their own variances. All None for a single study."""

    #: In squared units of the estimates; 0 for FE, by assumption, and then without interval.
    tau2: float | None = None
    tau2_low: float | None = None
    tau2_high: float | None = None
    #: In per cent.
    i2: float | None = None
    q: float | None = None
    q_p: float | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The pool without one study, given by its index in the input; its τ² has no interval."""

    without: int
    pooled: Coefficient
    heterogeneity: Heterogeneity


@dataclass(frozen=True, slots=True)
class Pooled:
    """The mean of the studies."""

    method: Method
    knapp_hartung: bool
    #: Of all intervals, in per cent.
    level: float
    k: int
    pooled: Coefficient
    heterogeneity: Heterogeneity
    prediction_low: float | None
    prediction_high: float | None
    leave_one_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regression:
    """A meta-regression: the intercept, then a coefficient for each moderator, and what they leave unexplained."""

    method: Method
    knapp_hartung: bool
    level: float
    k: int
    #: Degrees of freedom: studies less coefficients.
    df: int
    coefficients: tuple[Coefficient, ...]
    heterogeneity: Heterogeneity
    notes: tuple[str, ...]


def pool(
    yi: Sequence[float | None],
    vi: Sequence[float | None],
    *,
    method: Method | str = Method.REML,
    knapp_hartung: bool = False,
    guard: bool = True,
    level: float = 95,
    leave_out: Iterable[int] | None = None,
    bare: bool = False,
) -> Pooled:
    """Pool k independent estimates ``yi`` with variances ``vi`` (ratios: logarithms and their variances).

    ``leave_out``: the studies (by index) without each of which it is pooled again; all of them where None. Each costs
    as much as the pool itself. ``bare``: without the interval of τ², which costs half of it.

    Raises InputProblem where a number is missing or not finite, a variance is not above zero, nothing was given, or
    a Hartung–Knapp interval is asked for of one study.
    """
    how = _How(_method(method), knapp_hartung, guard, _level(level), bare)
    given = _given(yi, vi)
    first = _pooled(given, how)
    if len(yi) < 3:
        return first
    return replace(first, leave_one_out=tuple(_leave_one_out(given, replace(how, bare=True), leave_out)))


def regress(
    yi: Sequence[float | None],
    vi: Sequence[float | None],
    moderators: Sequence[Sequence[float]],
    *,
    method: Method | str = Method.REML,
    knapp_hartung: bool = False,
    guard: bool = True,
    level: float = 95,
    bare: bool = False,
) -> Regression:
    """Explain the differences of k studies by moderators, one sequence of k numbers each; an intercept is added.

    ``bare`` as of :func:`pool`. Raises InputProblem as that does, and where there are no more studies than
    coefficients, or a moderator follows from the others.
    """
    how = _How(_method(method), knapp_hartung, guard, _level(level), bare)
    given = _given(yi, vi, moderators)
    if given.studies.df < 1:
        raise InputProblem(
            f"Too few studies: {len(yi)}, and {len(moderators) + 1} coefficients, the intercept included.",
            "Give at least one study more than that.",
        )
    fit = _fit(given, how)
    return Regression(
        method=how.method,
        knapp_hartung=knapp_hartung,
        level=how.level,
        k=len(yi),
        df=given.studies.df,
        coefficients=fit.coefficients,
        heterogeneity=fit.heterogeneity,
        notes=fit.notes,
    )


@dataclass(frozen=True, slots=True)
class _How:
    method: Method
    knapp_hartung: bool
    guard: bool
    level: float
    bare: bool


@dataclass(frozen=True, slots=True)
class _Given:
    """The studies in units of their typical standard error, so that no rule depends on the unit; and that unit."""

    studies: Studies
    unit: float


@dataclass(frozen=True, slots=True)
class _Fit:
    coefficients: tuple[Coefficient, ...]
    heterogeneity: Heterogeneity
    notes: tuple[str, ...]


def _method(method: Method | str) -> Method:
    try:
        return Method(method)
    except ValueError:
        raise InputProblem(f"No method is called '{method}'.", f"Take one of {', '.join(Method)}.") from None


def _level(level: float) -> float:
    if not 0 < level < 100:
        raise InputProblem(f"{level:g} % is no level for an interval.", "Give a per cent between 0 and 100, as 95.")
    return level


def _given(
    yi: Sequence[float | None], vi: Sequence[float | None], moderators: Sequence[Sequence[float]] = ()
) -> _Given:
    import numpy as np

    y, v = ([nan if one is None else float(one) for one in column] for column in (yi, vi))
    if not y:
        raise InputProblem("There is no study to pool.", "Give at least one estimate with its variance.")
    for name, column in (("variances", v), *(("values of a moderator", one) for one in moderators)):
        if len(column) != len(y):
            raise InputProblem(f"{len(y)} estimates and {len(column)} {name} were given.", "Give one for each study.")
    for at, (estimate, variance) in enumerate(zip(y, v, strict=True), 1):
        _check_study(estimate, variance, at)
    se = [sqrt(variance) for variance in v]
    if max(se) / min(se) > GREATEST_RATIO or max(map(abs, y)) / min(se) > GREATEST_RATIO:
        raise InputProblem(
            f"Standard errors from {min(se):g} to {max(se):g} and estimates up to {max(map(abs, y)):g} are too far "
            "apart to be computed with.",
            "Check that all studies are in one unit, and that variances are not standard errors.",
        )
    unit = exp(sum(map(log, se)) / len(se))
    x = np.column_stack([np.ones(len(y)), *(np.asarray(one, dtype=np.float64) for one in moderators)])
    _check_design(x)
    return _Given(Studies(np.asarray(y) / unit, (np.asarray(se) / unit) ** 2, x), unit)


def _check_study(estimate: float, variance: float, at: int) -> None:
    if not isfinite(estimate):
        raise InputProblem(f"Study {at} has no estimate.", "Give a finite number, or leave the study out.")
    if isnan(variance):
        raise InputProblem(f"Study {at} has no variance.", "Take its squared standard error, or leave the study out.")
    if not LEAST_VARIANCE <= variance <= GREATEST_VARIANCE:
        raise InputProblem(
            f"Study {at} has the variance {variance:g}; a variance is finite and above zero.",
            "Take its squared standard error, or leave the study out.",
        )


def _check_design(x: "Array") -> None:
    import numpy as np

    if not np.isfinite(x).all():
        raise InputProblem("A moderator has a value that is not finite.", "Give a number for every study.")
    size = np.abs(x).max(axis=0)
    if x.shape[0] >= x.shape[1] and np.linalg.matrix_rank(x / np.where(size > 0, size, 1)) < x.shape[1]:
        raise InputProblem(
            "A moderator is the same in all studies, or follows from the others.", "Leave out what repeats another."
        )


def _fit(given: _Given, how: _How) -> _Fit:
    """Fit the model to more studies than coefficients."""
    import numpy as np

    studies, unit, df = given.studies, given.unit, given.studies.df
    tau2 = between_variance(studies, how.method)
    fixed, fit = weigh(studies, 0.0), weigh(studies, tau2)
    q = float(fixed.q)
    notes: list[str] = []
    factor = 1.0
    if how.knapp_hartung:
        factor = float(fit.q) / df
        if how.guard and factor < 1:
            factor = 1.0
            notes.append(GUARDED)
        elif factor == 0 or float(np.abs(fit.residuals).max()) <= 1e-12 * float(np.abs(studies.y).max()):
            raise InputProblem(
                "The studies agree exactly: without its guard, a Hartung–Knapp interval has no width.",
                "Keep the guard, or take a normal interval.",
            )
    wanted = how.method is not Method.FE and not how.bare
    around = interval(studies, how.level) if wanted else None
    if wanted and around is None:
        notes.append(CLOSE)
    reach = two_sided_quantile(how.level, df if how.knapp_hartung else None)
    coefficients = tuple(
        _coefficient(beta * unit, sqrt(factor * variance) * unit, reach, df if how.knapp_hartung else None)
        for beta, variance in zip(fit.beta.tolist(), np.diagonal(fit.covariance).tolist(), strict=True)
    )
    heterogeneity = Heterogeneity(
        tau2=tau2 * unit**2,
        tau2_low=None if around is None else around[0] * unit**2,
        tau2_high=None if around is None else around[1] * unit**2,
        i2=inconsistency(studies, tau2, how.method),
        q=q,
        q_p=chi2_p(q, df),
    )
    return _Fit(coefficients, heterogeneity, tuple(notes))


def _coefficient(estimate: float, se: float, reach: float, df: int | None) -> Coefficient:
    return Coefficient(estimate, se, estimate - reach * se, estimate + reach * se, two_sided_p(estimate / se, df))


def _pooled(given: _Given, how: _How) -> Pooled:
    y = given.studies.y
    k = len(y)
    notes: list[str] = []
    low = high = None
    if k == 1:
        if how.knapp_hartung:
            raise InputProblem("A Hartung–Knapp interval needs at least two studies.", "Take a normal interval.")
        reach = two_sided_quantile(how.level)
        fit = _Fit((_coefficient(float(y[0]) * given.unit, given.unit, reach, None),), Heterogeneity(), (ONE_STUDY,))
    else:
        fit = _fit(given, how)
        if k == 2:
            notes.append(TWO_STUDIES)
        elif how.method is not Method.FE:
            low, high = _prediction(fit, k, how.level)
        if float(y.min()) == float(y.max()):
            notes.append(IDENTICAL)
    return Pooled(
        method=how.method,
        knapp_hartung=how.knapp_hartung,
        level=how.level,
        k=k,
        pooled=fit.coefficients[0],
        heterogeneity=fit.heterogeneity,
        prediction_low=low,
        prediction_high=high,
        leave_one_out=(),
        notes=(*notes, *fit.notes),
    )


def _prediction(fit: _Fit, k: int, level: float) -> tuple[float, float]:
    (mean,), tau2 = fit.coefficients, fit.heterogeneity.tau2
    assert tau2 is not None
    reach = two_sided_quantile(level, k - 2) * sqrt(tau2 + mean.se**2)
    return mean.estimate - reach, mean.estimate + reach


def _leave_one_out(given: _Given, how: _How, which: Iterable[int] | None) -> Iterator[LeftOut]:
    import numpy as np

    studies = given.studies
    for without in range(len(studies.y)) if which is None else which:
        kept = [np.delete(column, without, axis=0) for column in (studies.y, studies.v, studies.x)]
        try:
            fit = _fit(_Given(Studies(*kept), given.unit), how)
        except InputProblem as problem:
            raise InputProblem(f"Without study {without + 1}: {problem.message}", problem.hint) from problem
        yield LeftOut(without, fit.coefficients[0], fit.heterogeneity)
