"""SYNERGY: what a review included, and never what it left out."""

import io
from pathlib import Path

import pytest

from loaders import synergy, table
from schema.citation import Citation
from schema.parsed import Parsed, Problem
from schema.study import Study
from schema.terms import CitationType, StudyDesign
from tests.loaders.reading import format_of

FILE = Path(__file__).parents[1] / "fixtures" / "synergy" / "Muster_2020_ids.csv"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "rct"


def read(content: bytes, name: str) -> tuple[list[Citation], list[Study], list[Problem]]:
    found = list(synergy.parse(io.BytesIO(content), name))
    records = [one.record for one in found if isinstance(one, Parsed)]
    return (
        [one for one in records if isinstance(one, Citation)],
        [one for one in records if isinstance(one, Study)],
        [one for one in found if isinstance(one, Problem)],
    )


def test_a_review_lists_what_it_included_and_nothing_else():
    (known, unknown, own), (review,), problems = read(FILE.read_bytes(), f"somewhere/{FILE.name}")
    assert (known.id, known.pmid, known.doi, known.title) == ("pmid:900001", "900001", "10.5555/invented.1", None)
    assert unknown.id == "doi:10.5555/unknown.9"
    assert (own.id, own.type, own.year) == ("local:synergy-muster-2020", CitationType.REVIEW, 2020)
    assert (review.id, review.name, review.design) == (
        "synergy-muster-2020", "Muster 2020", StudyDesign.SYSTEMATIC_REVIEW,
    )  # fmt: skip
    assert (review.citations, review.participants, review.therapies) == ((own.id,), None, ())
    assert review.included_reports == (known.id, unknown.id)
    assert review.includes_as_printed == (
        "PMID 900001, doi:10.5555/invented.1", "doi:10.5555/unknown.9", "https://openalex.org/W4",
    )  # fmt: skip
    assert [(one.where.rpartition(":")[2], one.rejected) for one in problems] == [
        ("5", False), ("6", False), ("7", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (FILE.read_bytes(), "list.csv", "whose review this is"),
        (b"doi,openalex_id,label_included\nx,y,0\n", "Muster_2020.csv", "no work is marked as included among 1"),
    ],
)
def test_a_list_that_makes_no_review_is_told(content: bytes, name: str, says: str):
    citations, studies, problems = read(content, name)
    assert (citations, studies) == ([], [])
    assert says in problems[0].message


@pytest.mark.parametrize(("name", "included"), [("Chou_2003_ids.csv", 15), ("Jeyaraman_2020_ids.csv", 96)])
def test_real_lists_are_read_to_the_last_row(name: str, included: int):
    if not SHARED.is_dir():
        pytest.skip("the shared review sets are not here")
    content = (SHARED / "synergy" / name).read_bytes()
    assert format_of(content) == "synergy"
    citations, (review,), problems = read(content, name)
    assert not any(problem.rejected for problem in problems)
    assert len(review.includes_as_printed) == included
    assert len(citations) == len(review.included_reports) + 1


def test_the_articles_of_evidence_inference_are_a_table_of_citations():
    path = SHARED / "evidence_inference" / "pain_articles.csv"
    if not path.is_file():
        pytest.skip("the shared review sets are not here")
    content = path.read_bytes()
    assert format_of(content) == "table"
    found = [one.record for one in table.parse(io.BytesIO(content), "file") if isinstance(one, Parsed)]
    assert len(found) == 455
    assert all(isinstance(one, Citation) and one.title and one.pmcid for one in found)
