"""Lists of identifiers, as people and programs write them."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.id_list import read_ids
from schema.parsed import Problem

SICI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"


def ids(text: str | bytes) -> list[str]:
    """What is asked for, and the places of the problems."""
    content = text.encode() if isinstance(text, str) else text
    return [one.where if isinstance(one, Problem) else str(one) for one in read_ids(io.BytesIO(content), "ids")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17845835\n# all of it\n900001  # the trial\n", ["pmid:17845835", "pmid:900001"]),
        ("PMIDs\n17845835\n", ["pmid:17845835"]),
        ("17845835, 900001;2019\n", ["pmid:17845835", "pmid:900001", "pmid:2019"]),
        # PubMed's own line below a citation.
        ("PMID: 17845835; PMCID: PMC2040; doi: 10.1000/x.\n", ["pmid:17845835", "pmcid:PMC2040", "doi:10.1000/x"]),
        ("10.1000/abc,17845835\n", ["doi:10.1000/abc", "pmid:17845835"]),
        ("10.1000/abc,2019\n", ["doi:10.1000/abc"]),
        ("17845835,10.1000/abc\n", ["pmid:17845835", "doi:10.1000/abc"]),
        ("10.1000/abc;10.1000/def\n", ["doi:10.1000/abc", "doi:10.1000/def"]),
        (f"{SICI}\n", [f"doi:{SICI}"]),
        ("https://doi.org/10.1000/ABC nct:04676100", ["doi:10.1000/abc", "nct:NCT04676100"]),
        ("\ufeff17845835\r\n900001", ["pmid:17845835", "pmid:900001"]),
        ("17845835 Beta and others, Pain 2007", ["pmid:17845835"]),
    ],
)  # fmt: skip
def test_each_identifier_is_found_once(text: str, expected: list[str]):
    assert ids(text) == expected


@pytest.mark.parametrize("line", ["see the mail", "2019 Beta and others", "Beta 2019, 12(3):45-49", "Beta 17845835"])
def test_a_year_or_a_page_is_never_taken_for_a_pmid(line: str):
    assert ids(f"900001\n{line}\n") == ["pmid:900001", "ids:2"]


def test_a_first_line_that_is_no_heading_is_told():
    assert ids("see the mail\n") == ["ids:1"]


def test_digits_are_what_their_column_says():
    assert ids("PromptID,PMCID,Outcome\n213,2206488,pain\n214,PMC7,pain\n") == ["pmcid:PMC2206488", "pmcid:PMC7"]
    assert ids("Title,PMID\nHeat,17845835.0\n") == ["pmid:17845835"]


def test_in_a_table_only_the_columns_of_identifiers_count():
    table = (
        "Title,Year,PMID,DOI\n"
        '"A trial, of\nnote",2019,17845835,10.1000/abc\n'
        "Another,2020,,https://doi.org/10.1000/def\n"
        "A third,2021,,\n"
    )
    assert ids(table) == ["pmid:17845835", "doi:10.1000/def", "ids:5"]


def test_what_a_spreadsheet_saves_is_read():
    assert ids("PMID;Jahr\n17845835;2019\n".encode("utf-16")) == ["pmid:17845835"]


@given(st.text() | st.binary())
def test_nothing_that_is_handed_in_is_raised_on(content: str | bytes):
    try:
        data = content.encode() if isinstance(content, str) else content
    except UnicodeEncodeError:
        return
    for one in read_ids(io.BytesIO(data), "ids"):
        assert one.where.startswith("ids")
