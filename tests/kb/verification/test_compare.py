"""What differs between a citation as printed and as a source has it, and what is only another spelling."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.verification import compare
from kb.verification.closest import closest
from schema.citation import Author, Citation
from schema.terms import CitationType

PRINTED: dict[str, Any] = {
    "id": "pmid:900001",
    "title": "Behavior of TNF-α in low-back pain: a randomised trial.",
    "authors": (Author(family="Author", given="Ann B."), Author(family="Other", initials="C")),
    "year": 2019,
    "journal": "Journal of Invented Trials",
    "volume": "12",
    "pages": "1063-76",
    "pmid": "900001",
    "doi": "10.5555/invented.1",
}


def made(**changed: Any) -> Citation:
    return Citation.model_validate(PRINTED | changed)


SPELLINGS: tuple[dict[str, Any], ...] = (
    {"title": "Behaviour of TNF-alpha in low back pain: A Randomized Trial"},
    {"title": "Behaviour of TNF α in low back pain"},
    {"title": "Behavior of TNF-α in low-back pain - a randomised trial"},
    {"title": "Behavoir of TNF-α in low-back pain: a randomised trial"},
    {"authors": (Author(family="AUTHOR", initials="AB"),)},
    {"authors": (Author(family="Ann B.", given="Author"),)},
    {"authors": (Author(collective="Invented Group"), Author(family="Author", initials="A"))},
    {"authors": ()},
    {"year": 2020},
    {"year": 2022, "published": "2018-11"},
    {"year": None},
    {"journal": "J Inv Trials"},
    {"journal": None, "journal_abbreviation": "J. Invent. Trials"},
    {"volume": "12 Suppl 1"},
    {"pages": "1063-1076"},
    {"pages": "1063–1076"},
    {"pages": "1063"},
    {"pages": "pp. 1063--76"},
    {"doi": None, "pmcid": "PMC900001"},
)


@pytest.mark.parametrize("found", SPELLINGS)
def test_another_spelling_is_no_difference(found: dict[str, Any]) -> None:
    assert compare(made(), made(**found)) == ()
    assert compare(made(**found), made()) == ()


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"title": "Behavior of TNF-α in low-back pain: a cohort study"}, "title"),
    ({"title": "Behavior of TNF-α in high-back pain: a randomised trial"}, "title"),
    ({"title": "Behavior of TNF-β in low-back pain: a randomised trial"}, "title"),
    ({"title": "Behavior of TNF-α in low-back pain: a randomised trial of 12 months"}, "title"),
    ({"authors": (Author(family="Other", initials="C"),)}, "first_author"),
    ({"authors": (Author(family="Author", initials="Z"),)}, "first_author"),
    ({"authors": (Author(collective="Invented Group"),)}, "first_author"),
    ({"year": 2017}, "year"),
    ({"journal": "Annals of Invention"}, "journal"),
    ({"volume": "13"}, "volume"),
    ({"pages": "1063-1079"}, "pages"),
    ({"pages": "1064-76"}, "pages"),
    ({"pages": "S1063-S1076"}, "pages"),
    ({"pmid": "900002"}, "pmid"),
    ({"doi": "10.5555/invented.2"}, "doi"),
)


@pytest.mark.parametrize(("found", "field"), WRONG)
def test_what_sends_a_reader_elsewhere_is_told_with_both_values(found: dict[str, Any], field: str) -> None:
    (difference,) = compare(made(), made(**found))
    assert difference.field == field
    assert difference.printed != difference.found
    (back,) = compare(made(**found), made())
    assert (back.field, back.printed, back.found) == (field, difference.found, difference.printed)


def test_one_letter_at_the_beginning_of_a_word_is_another_word() -> None:
    """Hypertension is not hypotension, and abduction not adduction."""
    for one, other in (("adduction", "abduction"), ("hypotension", "hypertension"), ("codeine", "codeina")):
        found = compare(made(title=f"Invented {one} after a trial"), made(title=f"Invented {other} after a trial"))
        assert [each.field for each in found] == ["title"]


def test_a_missing_subtitle_may_not_make_another_kind_of_work() -> None:
    title = "Mindfulness for chronic low back pain in older adults"
    assert compare(made(title=title), made(title=f"{title}: a randomised trial")) == ()
    assert [one.field for one in compare(made(title=title), made(title=f"{title}: study protocol"))] == ["title"]


def test_an_article_number_is_also_printed_with_the_pages_of_its_file() -> None:
    assert compare(made(pages="102345"), made(pages="1-12")) == ()
    assert compare(made(pages="e205"), made(pages="e206")) != ()


names = st.text(min_size=1, max_size=30)
citations = st.builds(
    lambda title, family, year, journal, pages: made(
        title=title, authors=(Author(family=f"x{family}"),), year=year, journal=journal, pages=pages
    ),
    names, names, st.none() | st.integers(1500, 2100), st.none() | names, st.none() | names,
)  # fmt: skip


@given(citations)
def test_nothing_differs_from_itself(citation: Citation) -> None:
    assert compare(citation, citation) == ()


@given(citations, citations)
def test_the_order_of_the_two_decides_nothing(one: Citation, other: Citation) -> None:
    assert [each.field for each in compare(one, other)] == [each.field for each in compare(other, one)]


def test_of_results_only_the_work_itself_is_taken() -> None:
    bare = made(id="local:author-2019", pmid=None, doi=None, title="Behavior of TNF-α in low-back pain: a survey")
    work = made()
    erratum = made(title="Erratum: Behavior of TNF-α in low-back pain: a randomised trial", type=CitationType.NOTICE)
    by_another = made(authors=(Author(family="Stranger", initials="Q"),))
    later = made(year=2024)
    assert closest(bare, [erratum, by_another, later, work]) == work
    assert [each.field for each in compare(bare, work)] == ["title"]
    assert closest(bare, [erratum, by_another, later]) is None
    assert closest(bare, [made(title="Something else entirely, by the same author")]) is None


UNFILED: dict[str, Any] = {"id": "local:author-2019", "pmid": None, "doi": None}
SAME_BUT_FOR_THE_YEAR: tuple[dict[str, Any], ...] = (
    {},
    {"journal": "J Inv Trials"},
    {"journal": None},
    {"volume": None, "pages": None},
    {"pages": None},
    {"title": "Low back pain", "doi": None},
)


@pytest.mark.parametrize("found", SAME_BUT_FOR_THE_YEAR)
def test_a_paper_with_a_wrong_year_is_found_and_its_years_are_told(found: dict[str, Any]) -> None:
    printed = made(**UNFILED, year=2016, **({"title": found["title"]} if "title" in found else {}))
    work = made(**found)
    assert closest(printed, [made(title="Something else entirely"), work]) == work
    assert [(each.field, each.printed, each.found) for each in compare(printed, work)] == [("year", "2016", "2019")]


REVIEW = {"title": "Behavior of TNF-α in low-back pain: a systematic review"}
COCHRANE = {"journal": "Cochrane Database of Systematic Reviews", "pages": "CD001234", "issue": "1"}
UNPLACED = {"volume": None, "pages": None}
ANOTHER_PAPER: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    # A congress abstract, and the article of later years.
    ({"pages": "S33"}, {}),
    ({"volume": "9"}, {}),
    ({"journal": "Annals of Invention", **UNPLACED}, {}),
    ({"type": CitationType.ABSTRACT, **UNPLACED}, {}),
    # A review and its update, of which the journal tells nothing, and a Cochrane review and its next version.
    ({**REVIEW, **UNPLACED}, REVIEW),
    (COCHRANE, COCHRANE),
    # The other part of two, another subtitle, another author, and what tells too little.
    ({"title": "Behavior of TNF-α in low-back pain: part 1"}, {"title": "Behavior of TNF-α in low-back pain: part 2"}),
    ({"title": "Behavior of TNF-α in low-back pain"}, {}),
    ({"authors": (Author(family="Stranger", initials="Q"),)}, {}),
    ({"authors": ()}, {}),
    ({"title": "Low back pain", **UNPLACED}, {"title": "Low back pain"}),
    ({"journal": None, **UNPLACED}, {}),
    # An identifier decides.
    ({"doi": "10.5555/invented.9"}, {}),
    ({"pmid": "900009"}, {}),
)


@pytest.mark.parametrize(("printed", "found"), ANOTHER_PAPER)
def test_another_paper_of_other_years_is_not_taken_for_it(printed: dict[str, Any], found: dict[str, Any]) -> None:
    assert closest(made(**{**UNFILED, "year": 2016, **printed}), [made(**found)]) is None


def test_of_two_papers_of_other_years_none_is_taken() -> None:
    printed = made(**UNFILED, year=2016, **UNPLACED)
    assert closest(printed, [made(), made(year=2013)]) is None


def test_without_an_author_the_whole_title_and_the_year_must_agree() -> None:
    bare = made(id="local:a", pmid=None, doi=None, authors=())
    assert closest(bare, [made()]) == made()
    assert closest(bare, [made(title="Behavior of TNF-α in low-back pain: a survey")]) is None
    assert closest(bare, [made(year=2020)]) is None
