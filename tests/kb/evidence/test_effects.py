"""Effect sizes: against figures worked out by hand, and what is refused."""

import csv
from collections.abc import Callable
from math import isfinite, log, sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import InputProblem
from kb.evidence.effects import (
    FROM_EVENTS,
    EffectSize,
    from_interval,
    mean_difference,
    odds_ratio,
    proportion,
    ratio_from_interval,
    ratio_of_means,
    risk_difference,
    risk_ratio,
    standard_error,
    standardised_mean_difference,
)

MICHAEL = Path(__file__).parents[4] / "shared/data/meta/michael2013.tsv"


def effect(estimate: Any, variance: Any, corrected: bool = False) -> EffectSize:
    """An effect to compare with, whose numbers may be approximate."""
    return EffectSize(estimate, variance, corrected)


def test_means_by_hand():
    assert mean_difference(10, 2, 5, 8, 4, 10) == effect(2, pytest.approx(4 / 5 + 16 / 10))
    assert ratio_of_means(10, 2, 5, 8, 4, 10) == effect(pytest.approx(log(1.25)), pytest.approx(0.04 / 5 + 0.25 / 10))


def test_hedges_g_by_hand():
    # One pooled standard deviation, 8 degrees of freedom: the correction is Γ(4) / (√4 Γ(3.5)), and
    # Γ(3.5) = 15 √π / 8 = 3.323351, so that g = 6 / 6.646702.
    g = 6 / 6.646702
    found = standardised_mean_difference(10, 2, 5, 8, 2, 5)
    assert found.estimate == pytest.approx(g, rel=1e-6)
    assert found.variance == pytest.approx(2 / 5 + g**2 / 20, rel=1e-6)


def test_the_small_sample_correction_vanishes_smoothly_in_large_trials():
    # 1 − 3 / (4 · df − 1), Hedges' own approximation, is good to ten digits where the other form takes over.
    for n in (50_000, 50_002, 5_000_000):
        found = standardised_mean_difference(1, 1, n, 0, 1, n)
        assert found.estimate == pytest.approx(1 - 3 / (4 * (2 * n - 2) - 1), rel=1e-9)


def test_events_by_hand():
    # 10 of 20 against 5 of 20: risks 1/2 and 1/4, odds 1 and 1/3.
    assert risk_ratio(10, 20, 5, 20) == effect(pytest.approx(log(2)), pytest.approx(0.1 - 0.05 + 0.2 - 0.05))
    assert odds_ratio(10, 20, 5, 20) == effect(pytest.approx(log(3)), pytest.approx(0.1 + 0.1 + 0.2 + 1 / 15))
    assert risk_difference(10, 20, 5, 20) == effect(0.25, pytest.approx(0.25 / 20 + 0.1875 / 20))
    assert proportion(5, 20) == effect(pytest.approx(log(1 / 3)), pytest.approx(1 / 5 + 1 / 15))


def test_an_empty_cell_gets_half_a_person_and_so_do_the_others():
    # 0 of 10 against 3 of 10 becomes 0.5 and 10.5 against 3.5 and 7.5.
    assert odds_ratio(0, 10, 3, 10) == effect(
        pytest.approx(log((0.5 / 10.5) / (3.5 / 7.5))),
        pytest.approx(1 / 0.5 + 1 / 10.5 + 1 / 3.5 + 1 / 7.5),
        corrected=True,
    )
    assert risk_ratio(0, 10, 3, 10) == effect(
        pytest.approx(log((0.5 / 11) / (3.5 / 11))), pytest.approx(1 / 0.5 + 1 / 3.5 - 2 / 11), corrected=True
    )
    assert risk_ratio(10, 10, 3, 10).corrected
    assert proportion(0, 10) == effect(
        pytest.approx(log(0.5 / 10.5)), pytest.approx(1 / 0.5 + 1 / 10.5), corrected=True
    )


def test_a_risk_difference_needs_half_a_person_only_for_a_variance_that_would_be_zero():
    assert risk_difference(0, 10, 3, 10) == effect(-0.3, pytest.approx(0.21 / 10))
    none = risk_difference(0, 10, 0, 20)
    assert none == effect(0, pytest.approx(0.5 * 10.5 / 11**3 + 0.5 * 20.5 / 21**3), corrected=True)


@pytest.mark.parametrize("ratio", [risk_ratio, odds_ratio])
@pytest.mark.parametrize(("cells", "who"), [((0, 10, 0, 12), "Nobody"), ((10, 10, 12, 12), "Everybody")])
def test_no_events_or_only_events_in_both_arms_say_nothing_of_a_ratio(
    ratio: Callable[..., EffectSize], cells: tuple[int, ...], who: str
):
    with pytest.raises(InputProblem, match=f"{who} in both arms") as refused:
        ratio(*cells)
    assert "RD" in str(refused.value)


@pytest.mark.parametrize(
    ("level", "df", "quantile"),
    # From printed tables of the normal and the t distribution.
    [(95, None, 1.959964), (90, None, 1.644854), (99, None, 2.575829), (95, 10, 2.228139), (95, 1, 12.7062)],
)
def test_a_standard_error_from_an_interval_of_any_level(level: float, df: float | None, quantile: float):
    assert standard_error(-1, 3, level=level, df=df) == pytest.approx(2 / quantile, rel=1e-6)


def test_a_ratio_with_its_interval_becomes_a_logarithm():
    found = ratio_from_interval(0.7, 0.5, 0.98)
    assert found.estimate == pytest.approx(log(0.7))
    assert sqrt(found.variance) == pytest.approx(log(0.98 / 0.5) / (2 * 1.959964), rel=1e-6)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: from_interval(0.2, 0.5, 0.1), "no interval"),
        (lambda: from_interval(0.5, 0.5, 0.5), "no interval"),
        (lambda: from_interval(0.5, 0.1, float("inf")), "no interval"),
        (lambda: from_interval(0.5, 0.1, 0.9, level=0.95 * 1000), "level"),
        (lambda: from_interval(0.5, 0.1, 0.9, df=0), "degrees of freedom"),
        # A ratio's interval, taken for that of a difference; and the other way round.
        (lambda: from_interval(2, 1, 4), "not in the middle"),
        (lambda: ratio_from_interval(2, 0.5, 3.5), "not in the middle"),
        (lambda: ratio_from_interval(0.1, 0, 0.4), "no logarithm"),
        (lambda: mean_difference(1, 1, 1, 1, 1, 10), "Arm 1 has 1 people"),
        (lambda: mean_difference(1, 1, 10, 1, -1, 10), "deviation of arm 2 is -1"),
        (lambda: mean_difference(float("nan"), 1, 10, 1, 1, 10), "mean of arm 1"),
        (lambda: mean_difference(1, 0, 10, 2, 0, 10), "variance 0"),
        (lambda: standardised_mean_difference(1, 0, 10, 2, 0, 10), "both standard deviations are zero"),
        (lambda: ratio_of_means(1, 1, 10, -2, 1, 10), "no ratio"),
        (lambda: risk_ratio(11, 10, 1, 10), "11 of 10 people in arm 1"),
        (lambda: risk_difference(1, 10, -1, 10), "-1 of 10 people in arm 2"),
        (lambda: odds_ratio(1, 10, 0, 0), "0 people in arm 2"),
        (lambda: proportion(1, 0), "0 people"),
    ],
)
def test_what_cannot_be_used_is_refused(make: Callable[[], EffectSize], told: str):
    with pytest.raises(InputProblem, match=told) as refused:
        make()
    assert refused.value.hint


@pytest.mark.skipif(not MICHAEL.exists(), reason="PyMARE's data (../shared/data/meta) are not here")
def test_published_mean_differences_and_variances_come_out_again():
    with MICHAEL.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == 12
    for row in rows:
        arms = [float(row[f"{arm}_{figure}"]) for arm in ("Brain", "No_brain") for figure in "msn"]
        m1, sd1, n1, m2, sd2, n2 = arms
        found = mean_difference(m1, sd1, int(n1), m2, sd2, int(n2))
        assert (found.estimate, found.variance) == (
            pytest.approx(float(row["yi"])), pytest.approx(float(row["vi"])),
        )  # fmt: skip


PEOPLE = st.integers(1, 10**6)


@given(PEOPLE, PEOPLE, st.floats(0, 1), st.floats(0, 1), st.sampled_from(sorted(FROM_EVENTS)))
def test_swapping_the_arms_turns_the_sign_and_nothing_else(n1: int, n2: int, part1: float, part2: float, measure: str):
    make = next(make for name, make in FROM_EVENTS.items() if name == measure)
    events1, events2 = round(n1 * part1), round(n2 * part2)
    try:
        one, other = make(events1, n1, events2, n2), make(events2, n2, events1, n1)
    except InputProblem:
        assert (events1, events2) in {(0, 0), (n1, n2)}
        return
    assert one.estimate == pytest.approx(-other.estimate, abs=1e-12)
    assert one.variance == pytest.approx(other.variance)
    assert isfinite(one.estimate)
    assert one.variance > 0


@given(st.floats(-100, 100), st.floats(1e-3, 100), st.floats(50, 99.9))
def test_an_interval_made_from_a_standard_error_gives_it_back(estimate: float, se: float, level: float):
    reach = NormalDist().inv_cdf(0.5 + level / 200) * se
    found = from_interval(estimate, estimate - reach, estimate + reach, level=level)
    assert sqrt(found.variance) == pytest.approx(se, rel=1e-6)
