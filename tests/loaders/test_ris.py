"""RIS as programs write it, and as it arrives."""

import pytest

from loaders import bibtex, ris
from schema.ids import fold
from schema.terms import CitationType, RetractionState, VerificationState
from tests.loaders.reading import FIXTURES, fixture, read, rejected, shared, warned

ONE = "TY  - JOUR\nTI  - A title\nDO  - 10.1000/one\nER  - \n"

# file -> records, records (or stretches of a file) left out
SHARED_COUNTS = {
    "asreview/_baseline.ris": (100, 0),
    "asreview/baseline_empty_values.ris": (2, 2),
    "asreview/baseline_reference_types.ris": (0, 61),
    "asreview/baseline_tag-notes.ris": (1, 11),
    "asreview/baseline_tag-notes_labels.ris": (32, 0),
    "asreview/baseline_tag-notes_zotero.ris": (4, 0),
    "asreview/baseline_tag_and_field_definitions.ris": (1, 0),
    "asreview/baseline_tag_and_field_definitions_lists.ris": (0, 1),
    "asreview/baseline_zotero.ris": (100, 0),
    "asreview/embase.ris": (6, 0),
    "asreview/faulty_year.ris": (1, 0),
    "asreview/ovid_zotero.ris": (6, 0),
    "asreview/pubmed_endnote.txt": (6, 0),
    "asreview/pubmed_zotero.ris": (6, 0),
    "asreview/ris_issue_1099.txt": (7, 0),
    "asreview/ris_issue_992.txt": (19, 0),
    "asreview/ris_many_authors.ris": (1, 0),
    "asreview/scopus.ris": (6, 0),
    "jabref/RisImporterCorrupted.ris": (0, 1),
    "rispy/example_basic.ris": (1, 0),
    "rispy/example_bom.ris": (1, 0),
    "rispy/example_custom_list_tags.ris": (0, 1),
    "rispy/example_empty_tag.ris": (1, 0),
    "rispy/example_extraneous_data.ris": (2, 0),
    "rispy/example_full.ris": (2, 0),
    "rispy/example_full_without_whitespace.ris": (2, 0),
    "rispy/example_full_write.ris": (2, 0),
    "rispy/example_multi_unknown_tags.ris": (1, 0),
    "rispy/example_multiline.ris": (0, 3),
    "rispy/example_single_unknown_tag.ris": (1, 0),
    "rispy/example_starting_newlines.ris": (1, 0),
    "rispy/example_urls.ris": (4, 0),
    "rispy/example_utf_chars.ris": (1, 0),
}


def test_pubmed_embase_publishers_and_zotero_are_understood():
    (pubmed, embase, chapter, zotero), problems = fixture(ris, "dialects.ris")
    assert problems == []
    assert (pubmed.pmid, pubmed.pmcid, pubmed.pages) == ("99000001", "PMC9900001", "186-189")
    assert (pubmed.year, pubmed.published, pubmed.type) == (2016, "2016-01", CitationType.REVIEW)
    assert (pubmed.journal, pubmed.journal_abbreviation) == ("Journal of made-up medicine", "J Made Up")
    assert (pubmed.issns, pubmed.keywords) == (("0000-0019",), ("Heat", "Cold"))
    assert (embase.pmid, embase.doi) == ("99000002", "10.1000/embase.1")
    assert [author.name for author in embase.authors] == ["Liu R", "Adler DG"]
    assert embase.abstract[0].text == "Second abstract tag."
    assert (chapter.doi, chapter.journal, chapter.type) == ("10.1000/chapter", "The book", CitationType.BOOK)
    assert (chapter.published, chapter.issns, chapter.authors[0].family) == ("2015-09-10", (), "Barata")
    assert (zotero.published, zotero.pages, zotero.issue) == ("2019-10", None, None)
    assert zotero.authors_complete is False
    assert [author.name for author in zotero.authors] == ["van der Berg J", "World Health Organization"]
    assert zotero.id.startswith("local:van-der-berg-2019-zotero-s-way")


def test_every_record_waits_for_its_comparison_with_an_index():
    records, _ = fixture(ris, "dialects.ris")
    assert {record.verification for record in records} == {VerificationState.PENDING}
    assert {record.verification_note for record in records} == {"from a RIS file; not compared with an index yet"}


def test_broken_records_are_mended_or_told_with_their_lines():
    (first, second, thesis, last), problems = fixture(ris, "broken.ris")
    assert (first.id, second.id) == ("doi:10.1000/first", "doi:10.1000/second")
    assert second.abstract[0].text == "Receptors were looked at: ER - positive tumours grew."
    assert second.keywords == ("Health", "Joint", "Standards")
    assert second.year is None
    assert (thesis.title, thesis.type, thesis.doi) == ("The last one wins", CitationType.OTHER, None)
    assert last.retraction.state is RetractionState.RETRACTED
    assert rejected(problems) == ["broken.ris:21", "broken.ris:28"]
    told = warned(problems)
    assert any(text.startswith("broken.ris:6 a record begins before") for text in told)
    assert any(text.startswith("broken.ris:9 ") and "read as text" in text for text in told)
    assert any("'10 15' names no year" in text for text in told)
    assert any("'no doi' is not a DOI" in text for text in told)
    assert any(text.startswith("broken.ris:31 the last record is not ended") for text in told)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b" \xef\xbb\xbf\n"])
def test_line_ends_and_byte_order_marks_change_nothing(ending: str, mark: bytes):
    text = (FIXTURES / "dialects.ris").read_text()
    assert read(ris, mark + text.replace("\n", ending).encode())[0] == read(ris, text)[0]


@pytest.mark.parametrize(
    "text", ["TY - JOUR\nTI - A title\nDO - 10.1000/one\nER -\n", ONE.lower(), ONE.replace("  -", "\t-")]
)
def test_loosely_written_tags_are_read(text: str):
    (record,), _ = read(ris, text)
    assert (record.title or "").casefold() == "a title"
    assert record.doi == "10.1000/one"
    assert ris.detect(text.encode(), "x")


def test_latin_1_is_read_and_told():
    (record,), problems = read(
        ris, ONE.replace("A title", "Schmerz für Ärzte, öfter geübt und täglich geprüft").encode("latin-1")
    )
    assert record.title == "Schmerz für Ärzte, öfter geübt und täglich geprüft"
    assert "not UTF-8" in warned(problems)[0]
    assert warned(problems)[0].startswith("file:2 ")


def test_without_identifiers_the_same_record_finds_itself_again():
    text = "TY  - JOUR\nAU  - Exämple, Anna\nTI  - Heat & cold\nPY  - 2020\nT2  - J. Ex.\nSP  - 1\nER  -\n"
    again = (
        text.replace("Exämple, Anna", "EXAMPLE,A.").replace("Heat & cold", "Heat &  Cold.").replace("J. Ex.", "J Ex")
    )
    (first,), _ = read(ris, text)
    (second,), _ = read(ris, again)
    (other,), _ = read(ris, text.replace("SP  - 1", "SP  - 2"))
    assert first.id == second.id != other.id
    assert first.id.startswith("local:example-2020-heat-cold-")


def test_two_dois_in_one_record_are_told():
    (record,), problems = read(ris, ONE.replace("ER", "DO  - 10.1000/two\nER"))
    assert record.doi == "10.1000/one"
    assert "10.1000/two" in warned(problems)[0]


def test_addresses_that_disagree_give_no_pmid():
    links = "UR  - https://pubmed.ncbi.nlm.nih.gov/1/\nL2  - https://pubmed.ncbi.nlm.nih.gov/2/\nER"
    (record,), _ = read(ris, ONE.replace("ER", links))
    assert record.pmid is None


@pytest.mark.parametrize(
    "title",
    [
        "RETRACTED: A title",
        "Retracted Article: A title",
        "[Retracted] A title",
        "(RETRACTED ARTICLE) A title",
        "A title (Retracted article. See vol. 12, pg. 345, 2020)",
        "A title [Retracted Paper]",
        "A title (Retracted)",
    ],
)
def test_a_title_that_is_marked_as_retracted_carries_its_mark(title: str):
    (record,), _ = read(ris, ONE.replace("A title", title))
    assert record.retraction.state is RetractionState.RETRACTED
    assert record.retraction.reason == "so marked in its title"


@pytest.mark.parametrize(
    "title",
    [
        "Retracted scapula and shoulder pain: a title",
        "Force of a shortened muscle (retracted versus relaxed)",
        "Length of the tendon (retracted)",
        "Why papers are retracted",
    ],
)
def test_what_is_retracted_by_hand_or_studied_is_no_mark(title: str):
    (record,), _ = read(ris, ONE.replace("A title", title))
    assert record.retraction.state is RetractionState.NONE_FOUND


def test_a_withdrawn_work_is_told_but_not_called_retracted():
    (record,), problems = read(ris, ONE.replace("A title", "WITHDRAWN: A review"))
    assert record.retraction.state is RetractionState.NONE_FOUND
    assert "withdrawn" in warned(problems)[0]


def test_html_is_no_ris():
    records, problems = read(ris, "<html><body>Error</body></html>")
    assert records == []
    assert "TY  - JOUR" in problems[0].message


@pytest.mark.parametrize("name", SHARED_COUNTS)
def test_real_exports_are_read_to_the_last_record(name: str):
    records, problems = shared(ris, name)
    assert (len(records), len(rejected(problems))) == SHARED_COUNTS[name]


@pytest.mark.parametrize("name", ["1", "3", "4a", "6", "7", "DOI", "Scopus", "WithEmptyER"])
def test_jabref_reads_the_same_from_its_files(name: str):
    (record,), _ = shared(ris, f"jabref/RisImporterTest{name}.ris")
    (expected,), _ = shared(bibtex, f"jabref/RisImporterTest{name}.bib")
    assert (record.year, record.volume) == (expected.year, expected.volume)
    assert record.doi == expected.doi
    assert record.authors[0].family == expected.authors[0].family
    # JabRef strings the titles of one record together; we keep the first and tell.
    assert fold(expected.title or "").startswith(fold(record.title or "-"))


def test_a_faulty_year_is_unknown():
    (record,), problems = shared(ris, "asreview/faulty_year.ris")
    assert record.year is None
    assert "names no year" in warned(problems)[0]


def test_jabrefs_many_types_make_one_record_and_the_last_counts():
    (record,), problems = shared(ris, "jabref/RisImporterTest1.ris")
    assert record.type is CitationType.OTHER
    assert (record.published, record.doi) == ("2001-09-01", "10.1023/a:1017379030770")
    assert sum("changes its type" in text for text in warned(problems)) == 10


def test_a_title_longer_than_what_is_taken_apart_at_a_time_keeps_its_words_and_its_id():
    words = ["long", "títle"] * 200_000
    (loose,), _ = read(ris, f"TY  - JOUR\nTI  - {'  '.join(words)}\nER  - \n")
    (tidy,), _ = read(ris, f"TY  - JOUR\nTI  - {' '.join(words)}\nER  - \n")
    assert loose.title == " ".join(words)
    assert loose.id == tidy.id


def test_endnotes_pmcid_is_read():
    text = ONE.replace("ER  -", "AN  - 99000012\nC2  - PMC9900001\nDP  - NLM\nER  -")
    (record,), _ = read(ris, text)
    assert (record.pmid, record.pmcid) == ("99000012", "PMC9900001")


@pytest.mark.parametrize("line", ["C3  - PUBMED 99000012", "XR  - EMBASE 9, PUBMED 99000012", "N1  - PMID: 99000012"])
def test_a_pmid_is_read_where_the_cochrane_library_and_citation_managers_put_it(line: str):
    (record,), _ = read(ris, ONE.replace("ER  -", f"{line}\nER  -"))
    assert record.pmid == "99000012"


def test_a_suffix_after_the_given_names_is_no_initial():
    (record,), _ = read(ris, ONE.replace("ER  -", "AU  - Example, John A Jr\nAU  - Example, AB 3rd\nER  -"))
    assert [(one.given, one.initials, one.suffix) for one in record.authors] == [
        ("John A", "JA", "Jr"),
        (None, "AB", "3rd"),
    ]
