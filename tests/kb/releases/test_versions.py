"""Versions: which two answers are one."""

from collections.abc import Callable
from math import nextafter

import pytest

from kb.evidence.summaries import summarise
from kb.releases.versions import answer_hash, same_answer
from schema.pooled import Pooled
from schema.record import DRAFT
from schema.summary import Summary
from tests.kb.evidence.test_pools import THREE, known


@pytest.fixture(scope="module")
def answer() -> Summary:
    found = summarise(known(*THREE))
    assert found is not None
    assert found.lines[0].pooled is not None
    return found


def otherwise(answer: Summary, change: Callable[[Pooled], float]) -> Summary:
    """The answer with another estimate of its pool."""
    line = answer.lines[0]
    assert line.pooled is not None
    pooled = line.pooled.model_copy(update={"estimate": change(line.pooled)})
    return answer.model_copy(update={"lines": (line.model_copy(update={"pooled": pooled}), *answer.lines[1:])})


def test_a_last_digit_makes_no_other_answer(answer: Summary) -> None:
    other = otherwise(answer, lambda pooled: nextafter(pooled.estimate, 1000)).model_copy(update={"first": 7})
    assert other.lines != answer.lines
    assert same_answer(answer, other)
    assert answer_hash(answer) == answer_hash(other)


def test_another_number_does(answer: Summary) -> None:
    other = otherwise(answer, lambda pooled: pooled.estimate * 1.000001)
    assert not same_answer(answer, other)
    assert answer_hash(answer) != answer_hash(other)


def test_fewer_lines_are_another_answer(answer: Summary) -> None:
    other = answer.model_copy(update={"lines": answer.lines[1:]})
    assert not same_answer(answer, other)
    assert answer_hash(answer) != answer_hash(other)


def test_the_releases_of_a_version_are_no_part_of_the_answer(answer: Summary) -> None:
    assert same_answer(answer, answer.model_copy(update={"id": "tens|pain|9", "first": 9, "until": DRAFT - 1}))
