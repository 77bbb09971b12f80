"""Shares: how far the shares of people in two arms differ, and how exactly that is known.

The interval of a difference of two shares is Newcombe's hybrid score interval (Newcombe 1998, method 10), which stays
within what is possible and needs no correction where nobody had the event: that nobody of six had it does not say
that nobody ever has.
"""

from math import sqrt

from kb.evidence.distributions import two_sided_quantile


def share_difference(events: int, n: int, others: int, of: int) -> tuple[float, float, float]:
    """Return the difference of two shares, first minus second, with its 95 % interval."""
    one, two = events / n, others / of
    low1, high1 = _share_interval(events, n)
    low2, high2 = _share_interval(others, of)
    difference = one - two
    below = sqrt((one - low1) ** 2 + (high2 - two) ** 2)
    above = sqrt((high1 - one) ** 2 + (two - low2) ** 2)
    return difference, difference - below, difference + above


def _share_interval(events: int, n: int) -> tuple[float, float]:
    """Wilson's score interval of a share."""
    z = two_sided_quantile(95)
    share = events / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return min(max(0.0, middle - half), share), max(min(1.0, middle + half), share)
