"""Findings: placed in a time window, and the same result read again is the same finding."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schema.finding import Finding, finding_id
from schema.terms import TimeWindow

PARTS = ("pmid:1", "pain-intensity", "sham", "3 months", None, "FINAL", "TENS; sham")


@pytest.mark.parametrize(
    ("days", "window"),
    [
        (None, TimeWindow.UNKNOWN),
        (0, TimeWindow.UP_TO_2_WEEKS),
        (14, TimeWindow.UP_TO_2_WEEKS),
        (14.5, TimeWindow.TO_3_MONTHS),
        (30, TimeWindow.TO_3_MONTHS),
        (92, TimeWindow.TO_3_MONTHS),  # three calendar months at their longest
        (94, TimeWindow.TO_12_MONTHS),
        (182, TimeWindow.TO_12_MONTHS),
        (366, TimeWindow.TO_12_MONTHS),  # a year at its longest
        (367, TimeWindow.LONGER),
        (3650, TimeWindow.LONGER),
    ],
)
def test_a_time_point_falls_into_its_window(days: float | None, window: TimeWindow) -> None:
    assert finding(timepoint_days=days).window is window


@given(one=st.floats(0, 5000), other=st.floats(0, 5000))
def test_a_later_time_point_never_falls_into_an_earlier_window(one: float, other: float) -> None:
    order = list(TimeWindow)
    early, late = sorted((one, other))
    assert order.index(finding(timepoint_days=early).window) <= order.index(finding(timepoint_days=late).window)


def test_the_same_result_read_again_is_the_same_finding() -> None:
    # Written down: another value here would make every finding of every graph a new one.
    assert finding_id("kapural-2015", *PARTS) == "kapural-2015:159163920248"


def test_each_part_sets_a_finding_apart() -> None:
    changed = [
        tuple("other" if place == here else part for place, part in enumerate(PARTS)) for here in range(len(PARTS))
    ]
    ids = {finding_id("kapural-2015", *parts) for parts in [PARTS, *changed]}
    assert len(ids) == len(PARTS) + 1
    assert finding_id("deer-2017", *PARTS).startswith("deer-2017:")


def test_parts_that_swap_their_places_make_another_finding() -> None:
    for here, there in combinations(range(len(PARTS)), 2):
        swapped = list(PARTS)
        swapped[here], swapped[there] = swapped[there], swapped[here]
        assert finding_id("s", *swapped) != finding_id("s", *PARTS)


@given(parts=st.lists(st.none() | st.text(max_size=10), max_size=8))
def test_every_derived_id_is_a_valid_one(parts: list[str | None]) -> None:
    assert finding(id=finding_id("kapural-2015", *parts)).study == "kapural-2015"


@pytest.mark.parametrize("id", ["kapural-2015", "kapural-2015:1", "Kapural:0123456789ab", "kapural-2015:0123456789AB"])
def test_an_id_of_another_form_is_refused(id: str) -> None:
    with pytest.raises(ValidationError, match="should match pattern"):
        finding(id=id)


def test_a_finding_about_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="needs a therapy or a marker"):
        finding(therapies=())
    assert finding(therapies=(), markers=("hrv",)).markers == ("hrv",)


@pytest.mark.parametrize(("field", "value"), [("timepoint_days", -1), ("i2", 101), ("i2", -1), ("pooled_studies", -1)])
def test_a_number_that_cannot_be_is_refused(field: str, value: float) -> None:
    with pytest.raises(ValidationError, match=field):
        finding(**{field: value})


def finding(**fields: Any) -> Finding:
    """Return a finding of one study, with some fields as wanted."""
    given = {
        "id": finding_id("kapural-2015", *PARTS),
        "study": "kapural-2015",
        "citation": "pmid:1",
        "locus": "abstract, results",
        "therapies": ("scs",),
        "outcome_as_printed": "back pain",
        "domain": "PAIN",
    }
    return Finding.model_validate(given | fields)
