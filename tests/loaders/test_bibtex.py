"""BibTeX and BibLaTeX."""

import logging

import pytest

from loaders import bibtex
from schema.terms import CitationType
from tests.loaders.reading import SHARED, fixture, read, rejected, shared, warned


def test_an_entry_is_read_with_its_accents_strings_and_names():
    records, _ = fixture(bibtex, "library.bib")
    first = records[0]
    assert first.title == "A Big study of α-blockers & p < 0.05 in 50% of people"
    assert [author.name for author in first.authors] == [
        "Example A",
        "Müller J",
        "World Health Organization",
        "van Beethoven L",
    ]
    assert first.authors[2].collective == "World Health Organization"
    assert first.authors_complete is False
    assert (first.journal, first.pages, first.volume, first.issue) == ("Journal of Examples", "12-34", "3", "2")
    assert (first.doi, first.published, first.keywords) == ("10.1000/a_b", "2015-01", ("pain", "nerve"))


def test_equal_and_missing_keys_lose_no_entry():
    records, problems = fixture(bibtex, "library.bib")
    titles = {record.title: record.year for record in records}
    assert (titles["One"], titles["Three"], titles["No key"], titles["No key either"]) == (2001, 2002, 2003, 2004)
    assert "library.bib:11 given twice in one entry: title; the first is kept" in warned(problems)


def test_a_broken_entry_is_told_and_those_after_it_are_read():
    records, problems = fixture(bibtex, "library.bib")
    assert rejected(problems) == ["library.bib:22"]
    assert records[-1].title == "After the broken one"
    assert (records[-1].type, records[-1].year) == (CitationType.BOOK, 2001)


def test_crossref_and_biblatex():
    records, _ = fixture(bibtex, "library.bib")
    by_title = {record.title: record for record in records}
    assert (by_title["A paper"].year, by_title["A paper"].journal) == (1999, "The proceedings")
    biblatex = by_title['BibLaTeX "quoted"']
    assert (biblatex.id, biblatex.published, biblatex.journal) == ("pmid:99000008", "2020-05-03", "J. Ex.")


def test_nothing_is_logged_beside_the_problems(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        fixture(bibtex, "library.bib")
    assert caplog.records == []


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (r"50% of \'eleves, and \$5 more", "50% of éleves, and $5 more"),
        ("A cost of $5 or US$ 6", "A cost of $5 or US$ 6"),
        ("10$^{-3}$ mg", "10^-3 mg"),
        (r"CYP2D6_x \& 2--3~days", "CYP2D6_x & 2–3 days"),
        (r"{\"U}ber {DNA}", "Über DNA"),
    ],
)
def test_signs_of_tex_and_of_money(written: str, read_as: str):
    (record,), _ = read(bibtex, f"@article{{a, title = {{{written}}}}}")
    assert record.title == read_as


@pytest.mark.parametrize(
    "text", ["@article{a, title={" + "{" * 3000 + "x", "@article{a, title={\\'" + "{\\'" * 3000 + "}}"]
)
def test_deep_nesting_does_no_harm(text: str):
    records, problems = read(bibtex, text)
    assert records or problems


def test_text_that_is_no_bibtex_is_told():
    assert rejected(read(bibtex, "just text")[1]) == ["file"]


def test_jabrefs_expectations_are_read():
    if not SHARED.is_dir():
        pytest.skip("the shared citation files are not here")
    names = sorted(path.name for path in (SHARED / "jabref").glob("*.bib"))
    counts = {name: len(shared(bibtex, f"jabref/{name}")[0]) for name in names}
    assert len(names) == 17
    assert counts.pop("MedlineImporterTestNbib.bib") == 2
    # Neither title nor identifier.
    assert counts.pop("MedlinePlainImporterTestMultiAbstract.bib") == 0
    assert set(counts.values()) == {1}


def test_what_biblatex_and_citation_managers_write_is_kept():
    records, problems = fixture(bibtex, "biblatex.bib")
    assert problems == []
    heat, page, chapter, book, mendeley, noted, quoted, server, shared_data = records
    assert [author.name for author in heat.authors] == [
        "Müster A", "van der Berg J", "Society for Heat and Cold", "Østby B", "Čech É",
    ]  # fmt: skip
    assert not heat.authors_complete
    assert heat.title == "TENS at 10⁻³ A: 50% relief, p < 0.05"
    assert (heat.journal, heat.published, heat.volume, heat.issue, heat.pages, heat.doi, heat.pmid) == (
        "Journal of Examples", "2001-03-04", "3", "4", "5-9", "10.1000/biblatex.1", "99000021",
    )  # fmt: skip
    assert (page.published, page.source_url) == ("2020-05", "https://example.org/heat")
    assert (chapter.title, chapter.journal, chapter.year) == ("A chapter", "The book: of heat", 1999)
    assert book.title == "The book: of heat"
    assert (mendeley.title, mendeley.journal) == ("Heat in vitro", "Journal of Examples and more")
    assert (mendeley.authors[0].name, mendeley.published) == ("García-López J", "2010-03")
    assert (noted.journal, noted.pmid, noted.pmcid) == ("J of Heat", "99000022", "PMC9900022")
    # A number in a sentence is another work's.
    assert quoted.pmid is None
    assert server.type is CitationType.PREPRINT
    assert (shared_data.journal, shared_data.year) == ("Shared Journal", 2014)


def test_a_name_that_tells_its_parts_is_put_together():
    names = "family=Berg, given=Jan Piet, given-i=JP, prefix=van den, useprefix=true and given={Ann}, family={Le Roy}"
    (record,), _ = read(bibtex, f"@article{{a, title={{A}}, author={{{names}, suffix=Jr}}}}")
    assert [(one.family, one.given, one.initials, one.suffix) for one in record.authors] == [
        ("van den Berg", "Jan Piet", "JP", None),
        ("Le Roy", "Ann", "A", "Jr"),
    ]


def test_what_databases_and_citation_managers_name_in_their_own_way_is_read():
    (scopus, jabref), problems = fixture(bibtex, "databases.bib")
    assert problems == []
    assert (scopus.pmid, scopus.pages, scopus.journal_abbreviation) == ("99000071", "e12", "J. Ex.")
    assert scopus.keywords == ("pain", "adult", "heat", "cold")
    assert (jabref.doi, jabref.pmid, jabref.pmcid) == ("10.1000/databases.2", "99000072", "PMC9900072")
    assert (jabref.issns, jabref.journal_abbreviation) == (("0000-0019",), "J Ex")
    assert jabref.publication_types == ("Journal Article", "Clinical Trial, Phase II", "Retracted Publication")
    assert scopus.retracted
    assert jabref.retracted


def test_initials_with_dots_behind_the_family_name_are_initials():
    (_, record), _ = fixture(bibtex, "databases.bib")
    assert [author.name for author in record.authors] == ["Roe AB", "Doe J", "Muster C"]
    assert not record.authors_complete


def test_formulas_that_open_again_and_again_are_read_in_no_time():
    matrix = r"$\left|\begin{array}{cc}{a}_{11}& {a}_{12}& qrt[3]{{x}^{2}}$ "
    (record,), _ = read(bibtex, "@article{a, title = {A title}, abstract = {Before " + matrix * 50 + "}}")
    assert record.title == "A title"
    assert record.abstract[0].text.startswith("Before")
