"""Distributions and roots that pooling needs. scipy takes most of a second to import: only who calls these waits."""

from collections.abc import Callable
from math import comb, erfc, sqrt
from statistics import NormalDist
from typing import cast

#: Tosses up to which a tail is counted out in whole numbers.
EXACT = 500

_NORMAL = NormalDist()


def two_sided_quantile(level: float, df: float | None = None) -> float:
    """Return how many standard errors an interval of ``level`` per cent reaches each way: of t with ``df``, else z."""
    tail = (1 - level / 100) / 2
    if df is None:
        return -_NORMAL.inv_cdf(tail)
    from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs]

    return -float(stdtrit(df, tail))


def two_sided_p(statistic: float, df: float | None = None) -> float:
    """Return the two-sided p of a statistic: of t with ``df``, else z."""
    if df is None:
        return erfc(abs(statistic) / sqrt(2))
    from scipy.special import stdtr  # pyright: ignore[reportMissingTypeStubs]

    return 2 * float(stdtr(df, -abs(statistic)))


def even_split_tail(fewer: int, total: int) -> float:
    """Return the probability of ``fewer`` or less of ``total`` tosses of a fair coin."""
    if total <= EXACT:
        return sum(comb(total, k) for k in range(fewer + 1)) / 2**total
    from scipy.special import bdtr  # pyright: ignore[reportMissingTypeStubs]

    return float(bdtr(fewer, total, 0.5))


def chi2_p(statistic: float, df: float) -> float:
    """Return the upper tail of χ² with ``df``."""
    from scipy.special import chdtrc  # pyright: ignore[reportMissingTypeStubs]

    return float(chdtrc(df, statistic))


def chi2_quantile(upper: float, df: float) -> float:
    """Return the value that χ² with ``df`` exceeds with probability ``upper``."""
    from scipy.special import chdtri  # pyright: ignore[reportMissingTypeStubs]

    return float(chdtri(df, upper))


def root(of: Callable[[float], float], low: float, high: float) -> float:
    """Return where ``of`` crosses zero between two points at which its signs differ (Brent's method)."""
    from scipy.optimize import brentq  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    find = cast("Callable[..., float]", brentq)
    return float(find(of, low, high, xtol=1e-14 * high, rtol=1e-14, maxiter=500))
