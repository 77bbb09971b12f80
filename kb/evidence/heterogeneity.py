"""Heterogeneity: the variance τ² between studies, its interval, and how studies are weighed for a given τ².

Estimators: **DL** (DerSimonian 1986, doi:10.1016/0197-2456(86)90046-2), **PM** (Paule 1982,
doi:10.6028/jres.087.022), **HE** (Hedges 1983,
doi:10.1037/0033-2909.93.2.388), **ML** and **REML** (Viechtbauer 2005,
doi:10.3102/10769986030003261); **FE** has none. With moderators, τ² is what they leave unexplained. An estimate
below zero is zero.

The likelihood of ML and REML can have several modes. Every one that a grid over τ² tells apart is found, zero
included, and the highest is taken; programs that climb from one start may sit at a lower one.

Here y are the estimates (k), v their variances (k), x the design (k × p, first column ones).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from kb.evidence.distributions import chi2_quantile, root

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array: TypeAlias = npt.NDArray[np.float64]

#: Points of τ² at which a likelihood's slope is looked at, and how far below the greatest the smallest lies.
GRID = 120
SMALLEST = 1e-9

#: Studies times points of the grid that are looked at in one step.
AT_ONCE = 1_000_000


class Method(StrEnum):
    """How τ² is estimated."""

    REML = "REML"
    DL = "DL"
    PM = "PM"
    HE = "HE"
    ML = "ML"
    FE = "FE"


@dataclass(frozen=True, slots=True)
class Studies:
    """Estimates y, their variances v, and the design x."""

    y: "Array"
    v: "Array"
    x: "Array"

    @property
    def df(self) -> int:
        """Studies less coefficients."""
        return self.x.shape[0] - self.x.shape[1]

    @property
    def spread(self) -> float:
        """An upper mark of τ²: the unweighted residual sum of squares and the greatest variance."""
        plain = weigh(Studies(self.y, self.v * 0 + 1, self.x), 0.0)
        return float((plain.residuals**2).sum() + self.v.max())


@dataclass(frozen=True, slots=True)
class Weighed:
    """Weighted least squares for one τ², or for several: then every array has them as its first axis."""

    weights: "Array"
    beta: "Array"
    covariance: "Array"
    residuals: "Array"
    #: Diagonal of the hat matrix.
    leverage: "Array"
    log_determinant: "Array"

    @property
    def q(self) -> "Array":
        """Weighted residual sum of squares: Cochran's Q at τ² = 0."""
        return (self.weights * self.residuals**2).sum(axis=-1)

    @property
    def trace(self) -> "Array":
        """Trace of P = W − W X (X′W X)⁻¹ X′W."""
        return (self.weights * (1 - self.leverage)).sum(axis=-1)


def weigh(studies: Studies, tau2: "float | Array") -> Weighed:
    """Fit the coefficients with weights 1 / (v + τ²). By QR: X′W X is never formed; without moderators it is a sum."""
    import numpy as np

    between = np.asarray(tau2, dtype=np.float64)
    weights = 1 / (studies.v + between[..., None])
    if studies.x.shape[1] == 1:
        return _mean(studies, weights)
    roots = np.sqrt(weights)
    q, r = np.linalg.qr(roots[..., None] * studies.x)
    inverse = np.linalg.inv(r)
    beta = (inverse @ (np.swapaxes(q, -1, -2) @ (roots * studies.y)[..., None]))[..., 0]
    return Weighed(
        weights=weights,
        beta=beta,
        covariance=inverse @ np.swapaxes(inverse, -1, -2),
        residuals=studies.y - beta @ studies.x.T,
        leverage=(q**2).sum(axis=-1),
        log_determinant=2 * np.log(np.abs(np.diagonal(r, axis1=-2, axis2=-1))).sum(axis=-1),
    )


def _mean(studies: Studies, weights: "Array") -> Weighed:
    """Fit the intercept alone: the weighted mean."""
    import numpy as np

    total = weights.sum(axis=-1)[..., None]
    # Not by the product of matrices, whose last digits hang on where in memory they stand.
    beta = (weights * studies.y).sum(axis=-1)[..., None] / total
    return Weighed(
        weights=weights,
        beta=beta,
        covariance=1 / total[..., None],
        residuals=studies.y - beta,
        leverage=weights / total,
        log_determinant=np.log(total[..., 0]),
    )


def between_variance(studies: Studies, method: Method) -> float:
    """Return τ². Needs more studies than coefficients."""
    match method:
        case Method.FE:
            return 0.0
        case Method.DL:
            fixed = weigh(studies, 0.0)
            return max(0.0, float((fixed.q - studies.df) / fixed.trace))
        case Method.HE:
            plain = weigh(Studies(studies.y, studies.v * 0 + 1, studies.x), 0.0)
            within = (studies.v * (1 - plain.leverage)).sum()
            return max(0.0, float((plain.q - within) / studies.df))
        case Method.PM:
            return _where_q_is(studies, studies.df)
        case Method.ML | Method.REML:
            return _likeliest(studies, restricted=method is Method.REML)


def interval(studies: Studies, level: float) -> tuple[float, float] | None:
    """Return the Q-profile interval of τ² (Viechtbauer 2007, doi:10.1002/sim.2514); None where it is empty.

    It is empty where the studies agree more closely than their own variances let expect.
    """
    tail = (1 - level / 100) / 2
    least = chi2_quantile(1 - tail, studies.df)
    if float(weigh(studies, 0.0).q) < least:
        return None
    return _where_q_is(studies, chi2_quantile(tail, studies.df)), _where_q_is(studies, least)


def inconsistency(studies: Studies, tau2: float, method: Method) -> float:
    """Return I² in per cent, from Q for FE, else from τ² (Higgins 2002, doi:10.1002/sim.1186)."""
    fixed = weigh(studies, 0.0)
    if method is Method.FE:
        q = float(fixed.q)
        return 100 * max(0.0, q - studies.df) / q if q > 0 else 0.0
    typical = studies.df / float(fixed.trace)
    return 100 * tau2 / (typical + tau2)


def log_likelihood(studies: Studies, tau2: "float | Array", *, restricted: bool) -> "Array":
    """Return the profile log-likelihood of τ², without its constant."""
    import numpy as np

    fit = weigh(studies, tau2)
    value = (np.log(fit.weights).sum(axis=-1) - fit.q) / 2
    return value - fit.log_determinant / 2 if restricted else value


def _slope(studies: Studies, tau2: "float | Array", *, restricted: bool) -> "Array":
    """Return the derivative of the log-likelihood by τ²."""
    fit = weigh(studies, tau2)
    lost = fit.trace if restricted else fit.weights.sum(axis=-1)
    return ((fit.weights**2 * fit.residuals**2).sum(axis=-1) - lost) / 2


def _likeliest(studies: Studies, *, restricted: bool) -> float:
    import numpy as np

    def slope(tau2: float) -> float:
        return float(_slope(studies, tau2, restricted=restricted))

    high = studies.spread
    while slope(high) > 0:
        high *= 2
    grid = np.concatenate([[0.0], np.geomspace(SMALLEST * high, high, GRID)])
    # In pieces, so that memory stays bounded however many studies there are.
    piece = max(1, AT_ONCE // len(studies.y))
    slopes = [_slope(studies, grid[at : at + piece], restricted=restricted) for at in range(0, len(grid), piece)]
    rising = np.concatenate(slopes) > 0
    peaks = np.flatnonzero(rising[:-1] & ~rising[1:])
    modes = [] if rising[0] else [0.0]
    modes += [root(slope, float(grid[left]), float(grid[left + 1])) for left in peaks]
    likelihoods = log_likelihood(studies, np.asarray(modes), restricted=restricted)
    return modes[int(np.argmax(likelihoods))]


def _where_q_is(studies: Studies, value: float) -> float:
    """Return the τ² at which the generalised Q, which falls with τ², has this value; zero where it starts below."""

    def excess(tau2: float) -> float:
        return float(weigh(studies, tau2).q) - value

    if excess(0.0) <= 0:
        return 0.0
    high = studies.spread
    while excess(high) > 0:
        high *= 2
    return root(excess, 0.0, high)
