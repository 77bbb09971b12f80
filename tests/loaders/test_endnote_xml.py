"""EndNote's XML export."""

import pytest

from loaders import endnote_xml
from schema.terms import CitationType, RetractionState
from tests.loaders.reading import FIXTURES, fixture, read, rejected


def test_a_record_is_read_in_full():
    (article, book), problems = fixture(endnote_xml, "library.xml")
    assert article.title == "A dose of 10⁻³ mg"
    assert [author.name for author in article.authors] == ["Example AB", "Made-up Study Group"]
    assert (article.pmid, article.doi) == ("99000012", "10.1000/endnote.1")
    assert (article.published, article.volume, article.issue, article.pages) == ("2015-10", "123", "4", "851-60")
    assert (article.journal, article.journal_abbreviation) == ("Journal of Examples", "J. Ex.")
    assert (article.issns, article.keywords) == (("0000-0019", "0000-0027"), ("Heat", "Cold"))
    assert (book.title, book.type) == ("A book", CitationType.BOOK)
    assert rejected(problems) == ["library.xml:17"]


def test_the_records_before_a_break_are_kept():
    text = (FIXTURES / "library.xml").read_text()
    records, problems = read(endnote_xml, text[: text.index('<record><ref-type name="Generic">') + 20])
    assert [record.title for record in records] == ["A dose of 10⁻³ mg", "A book"]
    assert rejected(problems)[0].startswith("file:17:")


def test_entities_of_the_file_are_not_resolved():
    text = '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><records><record><titles><title>A &x;</title>'
    records, _ = read(endnote_xml, text + "</titles></record></records></xml>")
    assert all("root" not in (record.title or "") for record in records)


def test_other_content_is_told():
    assert rejected(read(endnote_xml, "<xml></xml>")[1]) == ["file"]
    assert len(rejected(read(endnote_xml, "no xml")[1])) == 1
    assert len(rejected(read(endnote_xml, b"")[1])) == 1


def test_what_zotero_writes_as_endnote_xml_is_kept():
    (heat, embase), problems = fixture(endnote_xml, "zotero.xml")
    assert problems == []
    assert (heat.title, heat.pmid, heat.pmcid, heat.doi) == (
        "In vitro heat 10⁻³", "99000027", "PMC9900027", "10.1000/zotero.4",
    )  # fmt: skip
    assert [author.name for author in heat.authors] == ["Muster A", "Society for Heat"]
    assert (heat.authors_complete, heat.published) == (False, "2010-05-06")
    # Neither a number of Embase nor one in a sentence is this work's PMID.
    assert embase.pmid is None


def test_the_lines_of_a_note_say_that_an_article_is_retracted_and_what_its_pmid_is():
    note = "Example, A&#xD;Journal Article&#xD;Retracted Publication&#xD;PMID: 99000013"
    text = f"<xml><records><record><titles><title>A</title></titles><notes>{note}</notes></record></records></xml>"
    (record,), _ = read(endnote_xml, text)
    assert record.retraction.state is RetractionState.RETRACTED
    assert record.pmid == "99000013"


@pytest.mark.parametrize(
    ("pages", "read_as"),
    [
        ('<pages start="12" end="19"/>', "12-19"),
        ('<pages start="12" end="19">12-9</pages>', "12-9"),
        ('<pages start="7" end="7"/>', "7"),
        ("<pages/><custom7>e12</custom7>", "e12"),
    ],
)
def test_pages_that_stand_in_attributes_are_read(pages: str, read_as: str):
    text = f"<xml><records><record><titles><title>A</title></titles>{pages}</record></records></xml>"
    (record,), problems = read(endnote_xml, text)
    assert (record.pages, problems) == (read_as, [])
