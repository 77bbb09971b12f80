"""Web of Science's tagged export."""

from loaders import wos
from schema.terms import RetractionState
from tests.loaders.reading import fixture, read, rejected, shared, warned


def test_a_record_is_read_with_its_lists_and_months():
    (first, second), problems = fixture(wos, "two.wos.txt")
    assert first.title == "A title that goes on over two lines"
    assert [author.name for author in first.authors] == ["Example AB", "Muster C", "Made-up Study Grp"]
    assert (first.published, first.pages, first.pmid, first.doi) == (
        "2004-06-08",
        "7003-7016",
        "99000003",
        "10.1000/wos.1",
    )
    assert (first.issns, first.keywords) == (("0000-0019", "0000-0027"), ("heat", "cold"))
    assert first.retraction.state is RetractionState.RETRACTED
    assert (second.title, second.year) == ("A second title", 2005)
    assert warned(problems) == ["two.wos.txt:30 the record is not ended by ER; it is read"]


def test_a_tag_outside_a_record_and_an_empty_file_are_told():
    assert rejected(read(wos, "FN Clarivate\nTI lost\nER\n")[1]) == ["file:2", "file"]


def test_a_real_export():
    records, problems = shared(wos, "rispy/example_wos.ris")
    assert [record.pmid for record in records] == ["15170338", "15170339"]
    assert records[0].published == "2004-06-08"
    assert problems == []
