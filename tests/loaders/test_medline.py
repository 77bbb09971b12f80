"""PubMed's text format."""

import pytest

from loaders import bibtex, medline
from schema.terms import CitationLinkKind, CitationType, RetractionState, VerificationState
from tests.loaders.reading import FIXTURES, fixture, read, rejected, shared, warned


def test_a_record_is_read_in_full():
    (record, _), problems = fixture(medline, "two.nbib")
    assert problems == []
    assert record.title == "A made-up trial of heat against cold in people with a long title."
    assert (record.pmid, record.doi, record.pmcid) == ("99000004", "10.1000/nbib.1", "PMC9900002")
    assert (record.year, record.published, record.pages) == (2018, "2018-12-27", "2517-2528")
    assert [author.name for author in record.authors] == ["Example AB", "Muster C", "Made-up Study Group"]
    assert record.authors[0].orcid == "0000-0002-1825-0097"
    assert record.authors[0].affiliations == ("University of Examples.",)
    assert record.authors[1].given == "Carl"
    assert record.registry_numbers == ("NCT00000102",)
    assert (record.mesh[0].descriptor, record.mesh[0].qualifiers, record.mesh[0].major) == (
        "Hot Temperature",
        ("therapeutic use",),
        True,
    )
    assert (record.grants[0].number, record.grants[0].agency) == ("R01 XX000001", "NIH HHS")
    assert record.verification is VerificationState.PENDING


def test_a_retraction_and_its_notice_are_read():
    (record, _), _ = fixture(medline, "two.nbib")
    assert [link.kind for link in record.links] == [CitationLinkKind.COMMENT_IN, CitationLinkKind.RETRACTION_IN]
    assert record.retraction.state is RetractionState.RETRACTED
    assert (record.retraction.notice_pmid, record.retraction.notice_doi) == ("99000006", "10.1000/nbib.3")
    assert record.retraction.date == "2020-02"


def test_a_partial_retraction_is_read_as_pubmed_counts_it():
    (article, notice), problems = fixture(medline, "partial.nbib")
    assert problems == []
    link = article.links[0]
    assert (link.kind, link.pmid, link.note) == (CitationLinkKind.ERRATUM_IN, "99000062", "partial retraction")
    told = article.retraction
    assert (told.state, told.reason) == (RetractionState.CORRECTED, "partial retraction")
    assert (told.notice_pmid, told.date) == ("99000062", "2021-03")
    assert [(link.kind, link.pmid) for link in notice.links] == [(CitationLinkKind.ERRATUM_FOR, "99000061")]


def test_a_book_and_tags_without_blanks_are_read():
    (_, book), _ = fixture(medline, "two.nbib")
    assert (book.pmid, book.title, book.type) == ("99000007", "A book", CitationType.BOOK)
    assert (book.published, book.doi) == ("2013-06-10", "10.1000/nbib.4")


@pytest.mark.parametrize(("printed", "day"), [("20190130", "2019-01-30"), ("20190231", "2019-02"), ("lately", None)])
def test_the_day_of_the_last_revision_is_kept(printed: str, day: str | None):
    (record,), problems = read(medline, f"PMID- 99000001\nLR  - {printed}\nTI  - A title\n")
    assert (record.revised, problems) == (day, [])


def test_indented_text_is_never_a_tag():
    (record, _), _ = fixture(medline, "two.nbib")
    assert record.abstract[0].text.endswith("TI - and this one only looks like a title.")


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_change_nothing(ending: str):
    text = (FIXTURES / "two.nbib").read_text()
    assert read(medline, "\ufeff" + text.replace("\n", ending))[0] == read(medline, text)[0]


def test_a_wrong_orcid_is_left_out_and_told():
    text = (FIXTURES / "two.nbib").read_text().replace("1825-0097", "1825-0098")
    (record, _), problems = read(medline, text)
    assert record.authors[0].orcid is None
    assert warned(problems)[0].startswith("file:1 pmid:99000004: orcid is left out")


def test_other_text_is_told():
    records, problems = read(medline, "Dear editor,\nplease find attached\n")
    assert (records, rejected(problems)) == ([], ["file"])


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("nbib/blachlylab_pubmed.nbib", 75),
        ("jabref/NbibImporterTest.nbib", 1),
        ("jabref/MedlinePlainImporterTestCompleteEntry.txt", 1),
        ("jabref/MedlinePlainImporterTestDOI.txt", 1),
        ("jabref/MedlinePlainImporterTestMultiAbstract.txt", 1),
        ("../pubmed/biopython/pubmed_result1.txt", 1),
        ("../pubmed/biopython/pubmed_result2.txt", 4),
        ("../pubmed/biopython/pubmed_result3.txt", 1),
    ],
)
def test_real_exports_are_read_to_the_last_record(name: str, count: int):
    records, problems = shared(medline, name)
    assert (len(records), rejected(problems)) == (count, [])


@pytest.mark.parametrize("name", ["MedlinePlainImporterTestCompleteEntry.txt", "NbibImporterTest.nbib"])
def test_jabref_reads_the_same_from_its_files(name: str):
    (record,), _ = shared(medline, f"jabref/{name}")
    (expected,), _ = shared(bibtex, f"jabref/{name.rpartition('.')[0]}.bib")
    assert (record.pmid, record.title, record.year) == (expected.pmid, expected.title, expected.year)
    assert (record.journal, record.volume, record.pages) == (expected.journal, expected.volume, expected.pages)
    people = [(author.family, author.given) for author in record.authors if author.family]
    assert people == [(author.family, author.given) for author in expected.authors]


def test_several_abstracts_and_a_comment_are_kept():
    (record,), _ = shared(medline, "jabref/MedlinePlainImporterTestMultiAbstract.txt")
    assert record.id == "pmcid:PMC22664230"
    assert [section.text for section in record.abstract] == ["Old Abstract", "new abstract"]
    assert record.links[0].kind is CitationLinkKind.COMMENT_ON
