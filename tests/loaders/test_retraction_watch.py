"""Retraction Watch's table: what each row says of which article."""

import io
from pathlib import Path

import pytest

from loaders import retraction_watch
from loaders.registry import detect_format
from schema.notice import Notice
from schema.parsed import Problem
from schema.terms import RetractionState

TABLE = (Path(__file__).parents[1] / "fixtures" / "retraction" / "watch.csv").read_bytes()


def read(content: bytes) -> tuple[list[Notice], list[Problem]]:
    found = list(retraction_watch.parse(io.BytesIO(content), "file"))
    return [one for one in found if isinstance(one, Notice)], [one for one in found if isinstance(one, Problem)]


def test_four_natures_are_four_states_with_their_dates_and_identifiers():
    (retracted, concern, corrected, reinstated), _ = read(TABLE)
    assert retracted == Notice(
        state=RetractionState.RETRACTED,
        where="file:2",
        pmid="900001",
        doi="10.5555/invented.1",
        date="2019-04-02",
        notice_pmid="990001",
        notice_doi="10.5555/notice.1",
        reason="Concerns/Issues About Data; Duplication of/in Image",
    )
    assert (concern.state, concern.date) == (RetractionState.EXPRESSION_OF_CONCERN, "2018-12-31")
    assert (concern.pmid, concern.doi, concern.notice_pmid, concern.notice_doi) == (
        None, "10.5555/invented.2", None, None,
    )  # fmt: skip
    assert (corrected.state, corrected.date, corrected.where) == (RetractionState.CORRECTED, "2019", "file:5")
    assert (reinstated.state, reinstated.date) == (RetractionState.REINSTATED, "2020-07-01")


def test_what_cannot_be_read_is_told_with_its_line():
    _, problems = read(TABLE)
    assert [(one.where, one.rejected) for one in problems] == [
        ("file:5", False), ("file:6", False), ("file:8", True), ("file:9", True), ("file:7", False),
    ]  # fmt: skip
    assert "month first" in problems[0].message
    assert "Withdrawn" in problems[2].message


@pytest.mark.parametrize("content", [b"", b"Title,DOI\nA title,10.5555/one\n", b"\xff\xfe\x00", b"<html>"])
def test_another_file_is_told_from_it(content: bytes):
    notices, problems = read(content)
    assert notices == []
    assert "not Retraction Watch's table" in problems[-1].message


def test_every_truncation_is_read_as_far_as_it_goes():
    whole, _ = read(TABLE)
    for end in range(0, len(TABLE), 37):
        notices, problems = read(TABLE[:end])
        assert len(notices) <= len(whole)
        assert notices == whole[: len(notices)] or problems


def test_it_is_never_loaded_as_a_table_of_citations():
    form = detect_format(TABLE[:4096], "anything.csv")
    assert form is not None
    (problem,) = form.parse(io.BytesIO(TABLE), "watch.csv")
    assert isinstance(problem, Problem)
    assert "kb retractions --source watch.csv" in problem.message
