"""PubMed XML: what a record says is kept, what is wrong is told with its place, and no file is too bad to read."""

import gzip
import io
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders import pubmed
from loaders.unpack import read_head
from schema.citation import Citation
from schema.parsed import Parsed, Problem
from schema.terms import CitationLinkKind, CitationType, RetractionState, VerificationState

FIXTURES = Path(__file__).parents[1] / "fixtures" / "pubmed"
SHARED = Path(__file__).parents[2].parent / "shared" / "data"
FILES = sorted(path.name for path in FIXTURES.glob("*.xml"))

OPENING = '<?xml version="1.0" encoding="UTF-8"?>\n<PubmedArticleSet>\n'
CLOSING = "</PubmedArticleSet>\n"

# file -> PMIDs, in the order of the file
ARTICLE_SETS = {
    "pubmed/biopython/pubmed1.xml": ["12091962", "9997"],
    "pubmed/biopython/pubmed2.xml": ["11748933", "11700088"],
    "pubmed/biopython/pubmed4.xml": ["27797938"],
    "pubmed/biopython/pubmed5.xml": ["28775130"],
    "pubmed/biopython/pubmed6.xml": ["30108519"],
    "pubmed/biopython/pubmed7.xml": ["29963580"],
    "pubmed/pubmed-29768149.xml": ["29768149"],
    "retraction/pubmed_993_retracted.xml": ["993"],
    "biblio/jabref/MedlineImporterTestArticleID.xml": ["26711635"],
    "biblio/jabref/MedlineImporterTestMathML.xml": ["32759406"],
    "biblio/jabref/MedlineImporterTestMeshHeadingList.xml": ["12345678"],
    "biblio/jabref/MedlineImporterTestNbib.xml": ["23633646", "21413195"],
    "biblio/jabref/MedlineImporterTestPubmedBook.xml": ["21413195"],
}
# file -> what the reader is told it is
SOMETHING_ELSE = {
    "pubmed/biopython/efetch_pmc.xml": "<pmc-articleset>, articles in full from PubMed Central",
    "pubmed/biopython/efetch_schemas.xml": "<IPGReportSet>",
    "pubmed/biopython/elink1.xml": "<eLinkResult>, a list of links",
    "pubmed/biopython/elink4.xml": "<eLinkResult>, a list of links",
    "pubmed/biopython/elink7.xml": "<eLinkResult>, a list of links",
    "pubmed/biopython/esearch1.xml": "<eSearchResult>, a search result",
    "pubmed/biopython/esearch2.xml": "<eSearchResult>, a search result",
    "pubmed/biopython/esummary1.xml": "<eSummaryResult>, summaries without abstracts",
    "pubmed/biopython/journals.xml": "<SerialsSet>, NLM's list of journals",
    "ontology/mesh/desc-samples.xml": "<DescriptorRecordSet>",
}


def read(content: bytes | str, name: str = "f.xml") -> tuple[list[Citation], list[Problem]]:
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    records, problems, _ = sorted_out(pubmed.parse(stream, name))
    return records, problems


def sorted_out(found: Iterator[Parsed | Problem]) -> tuple[list[Citation], list[Problem], list[str]]:
    records: list[Citation] = []
    problems: list[Problem] = []
    places: list[str] = []
    for one in found:
        if isinstance(one, Problem):
            problems.append(one)
        else:
            assert isinstance(one.record, Citation)
            records.append(one.record)
            places.append(one.where)
    return records, problems, places


def fixture(name: str) -> tuple[dict[str, Citation], list[Problem]]:
    records, problems = read((FIXTURES / name).read_bytes(), name)
    return {record.id.removeprefix("pmid:990000").removeprefix("pmid:99000"): record for record in records}, problems


def real(name: str) -> bytes:
    path = SHARED / name
    if not path.is_file():
        pytest.skip("the shared files are not here")
    return path.read_bytes()


def article(pmid: int, inside: str = "", title: str = "A title.") -> str:
    return (
        f'<PubmedArticle>\n<MedlineCitation Status="MEDLINE" Owner="NLM">\n<PMID Version="1">{pmid}</PMID>\n'
        f"<Article><ArticleTitle>{title}</ArticleTitle>{inside}</Article>\n</MedlineCitation>\n</PubmedArticle>\n"
    )


def pmids(records: list[Citation]) -> list[str | None]:
    return [record.pmid for record in records]


# --- what a record says ---


def test_a_full_article_is_kept_whole():
    one = fixture("articles.xml")[0]["101"]
    assert (one.id, one.pmid, one.doi, one.pmcid) == (
        "pmid:99000101",
        "99000101",
        "10.5555/warmth.101",
        "PMC9900101",
    )
    assert (one.year, one.published, one.volume, one.issue, one.pages) == (2021, "2021-03-09", "12", "3", "101-9")
    assert (one.journal, one.journal_abbreviation) == ("Journal of made-up pain", "J Made Up Pain")
    assert one.issns == ("0000-0019", "0000-0027")
    assert (one.language, one.keywords) == ("eng, fre", ("warmth", "back"))
    assert (one.type, one.publication_types) == (
        CitationType.ARTICLE,
        ("Journal Article", "Randomized Controlled Trial"),
    )
    assert [(mesh.descriptor, mesh.ui, mesh.major, mesh.qualifiers) for mesh in one.mesh] == [
        ("Low Back Pain", "D017116", True, ("therapy", "epidemiology")),
        ("Humans", "D006801", False, ()),
    ]
    assert one.source_url == "https://pubmed.ncbi.nlm.nih.gov/99000101/"
    assert one.retraction.state is RetractionState.NONE_FOUND


def test_markup_and_formulas_of_a_title_never_change_a_number():
    records = fixture("articles.xml")[0]
    assert records["101"].title == "Warmth for long-lasting back pain: 10⁻³ mol of H₂O & <nothing>."
    assert records["102"].title == "Effect size η_p²=1/4 of cold."


@pytest.mark.parametrize(
    ("marked", "printed"),
    [
        ("10<sup>-3</sup>", "10⁻³"),
        ("5 x 10<sup>6</sup>/L", "5 x 10⁶/L"),
        ("2<sup>1.5</sup>", "2^1.5"),
        ("4<sup>a</sup>", "4a"),
        ("VO<sub>2</sub>max", "VO₂max"),
        ("V<sub>max</sub>", "Vmax"),
        ("<b><i>p</i></b> = 0.04", "p = 0.04"),
        ("a<!-- not to be read -->b", "ab"),
        ("fish &amp;amp; chips", "fish &amp; chips"),
    ],
)
def test_raised_and_lowered_numbers_stay_apart_from_their_neighbours(marked: str, printed: str):
    (one,), problems = read(OPENING + article(1, title=marked) + CLOSING)
    assert (one.title, problems) == (printed, [])


def test_an_abstract_keeps_its_sections_and_their_labels():
    records = fixture("articles.xml")[0]
    assert [(part.label, part.text) for part in records["101"].abstract] == [
        ("AIM", "To warm backs."),
        (None, "No label here."),
        ("RESULTS", "Pain fell by 12 (95% CI 8–16), p < 0.05."),
    ]
    assert [(part.label, part.text) for part in records["102"].abstract] == [(None, "One plain paragraph.")]
    assert records["103"].abstract == ()


def test_authors_are_people_and_groups_in_order_without_the_misprinted_ones():
    one = fixture("articles.xml")[0]["101"]
    assert [author.name for author in one.authors] == ["Árvore AL", "Ström B", "The Warmth Group", "Mononym"]
    assert one.authors[0].affiliations == ("First place.", "Second place.")
    assert (one.authors[1].suffix, one.authors[2].family) == ("Jr", None)
    assert one.authors_complete is False


def test_an_orcid_with_a_wrong_check_digit_is_left_out_and_told():
    records, problems = fixture("articles.xml")
    assert [author.orcid for author in records["101"].authors] == ["0000-0002-1825-0097", None, None, None]
    (told,) = [problem for problem in problems if "orcid" in problem.message]
    assert (told.where, told.rejected) == ("articles.xml:5", False)
    assert "pmid:99000101" in told.message
    assert "0000-0002-1825-0098" in told.message


def test_authors_without_a_family_name_are_told():
    told = [problem.message for problem in fixture("articles.xml")[1]]
    assert any("'Mononym' has no family name" in message for message in told)
    assert any("an author without a name is left out" in message for message in told)


def test_a_doi_marked_invalid_is_never_taken():
    inside = '<ELocationID EIdType="doi" ValidYN="N">10.5555/wrong</ELocationID>'
    (one,), problems = read(OPENING + article(1, inside) + CLOSING)
    assert (one.doi, problems) == (None, [])


def test_identifiers_of_references_are_not_the_article_s_own():
    one = fixture("articles.xml")[0]["101"]
    assert (one.pmid, one.doi, one.pmcid) == ("99000101", "10.5555/warmth.101", "PMC9900101")
    assert [(link.kind, link.pmid, link.doi) for link in one.links] == [
        (CitationLinkKind.CITES, "99000999", "10.5555/reference")
    ]
    referring = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID><Article><ArticleTitle>T</ArticleTitle>"
        "</Article></MedlineCitation><PubmedData><ReferenceList><Reference><Citation>C</Citation><ArticleIdList>"
        '<ArticleId IdType="doi">10.5555/theirs</ArticleId><ArticleId IdType="pmc">PMC5</ArticleId></ArticleIdList>'
        "</Reference></ReferenceList></PubmedData></PubmedArticle></PubmedArticleSet>"
    )
    (bare,), _ = read(referring)
    assert (bare.id, bare.doi, bare.pmcid) == ("pmid:7", None, None)


def test_registry_numbers_are_of_trials_only_and_grants_name_somebody():
    one = fixture("articles.xml")[0]["101"]
    assert one.registry_numbers == ("NCT99000101", "ISRCTN99000101")
    assert [(grant.number, grant.agency, grant.country) for grant in one.grants] == [
        ("W-01", "Warmth Foundation", "Nowhere"),
        (None, "Another agency", None),
    ]


def test_old_records_keep_their_one_affiliation_their_pmcid_and_their_version():
    one = fixture("articles.xml")[0]["102"]
    assert (one.authors[0].given, one.authors[0].affiliations) == (
        "Given",
        ("The one place of a record before 2014.",),
    )
    assert (one.pmcid, one.pages, one.note) == ("PMC9900102", "e12", "version 2 of the PubMed record")
    assert one.type is CitationType.REVIEW


def test_a_title_that_is_none_gives_way_to_the_one_in_the_work_s_own_language():
    one = fixture("articles.xml")[0]["103"]
    assert (one.title, one.language, one.type) == ("Chaleur et douleur.", "fre", CitationType.COMMENT)


def test_dates_are_as_exact_as_they_are_sure():
    records, problems = fixture("dates.xml")
    assert [(record.year, record.published) for record in records.values()] == [
        (2008, "2008"),  # July to August
        (2009, "2009"),  # December to January of the next year
        (2010, "2010"),  # winter
        (2011, "2011-05"),  # 25 to 31 May
        (1998, "1998"),  # to 1999
        (2012, "2012-09-07"),
        (2013, "2013"),  # spring
        (2014, "2014-01"),  # January in full
        (2015, "2015-02-28"),
        (2016, "2016-02-29"),  # a leap year
        (2017, "2017-02"),  # 29 February of no leap year
        (2018, "2018"),  # July to August, in the month's own element
        (2019, "2019"),  # month 13
        (None, None),
        (None, None),
        (None, None),  # nothing printed
    ]
    assert [problem.where for problem in problems] == [f"dates.xml:{line}" for line in (12, 14, 15, 16)]
    assert not any(problem.rejected for problem in problems)


def test_the_day_of_the_last_revision_is_kept():
    revised = "<DateRevised><Year>2019</Year><Month>01</Month><Day>07</Day></DateRevised>"
    text = article(99000001).replace("</PMID>", f"</PMID>{revised}", 1)
    (record,), problems = read(OPENING + text + CLOSING)
    assert (record.revised, problems) == ("2019-01-07", [])


def test_books_and_chapters_name_their_book_and_their_own_authors():
    records, problems = fixture("books.xml")
    chapter, book = records["401"], records["402"]
    assert problems == []
    assert (chapter.type, chapter.title, chapter.journal) == (CitationType.BOOK, "Warm stones", "The book of warmth")
    assert ([author.name for author in chapter.authors], chapter.doi) == (["Chapter C"], "10.5555/chapter")
    assert (chapter.published, chapter.abstract[0].text) == ("2012-06", "About stones.")
    assert (book.type, book.title, book.journal, book.year) == (CitationType.BOOK, "The book of cold", None, 2013)
    assert ([author.name for author in book.authors], book.authors_complete) == (["Cold Guideline Centre"], False)


def test_only_a_file_of_pubmed_s_own_type_counts_as_verified():
    states = {name: {one.verification for one in fixture(name)[0].values()} for name in ("articles.xml", "dates.xml")}
    assert states == {"articles.xml": {VerificationState.VERIFIED}, "dates.xml": {VerificationState.PENDING}}


# --- retractions ---


@pytest.mark.parametrize(
    ("key", "state", "notice", "date"),
    [
        ("301", RetractionState.RETRACTED, "99000392", "2017-04-15"),  # an erratum stands before the retraction
        ("302", RetractionState.RETRACTED, None, None),  # the type alone; the erratum is not its notice
        ("303", RetractionState.RETRACTED, "99000394", "2018-06"),  # the first of two notices cannot be followed
        ("304", RetractionState.CORRECTED, "99000391", "2016-01"),
        ("305", RetractionState.EXPRESSION_OF_CONCERN, "99000395", "2019-10-02"),  # and an erratum
        ("306", RetractionState.CORRECTED, "99000396", "2016-03"),  # in part: an erratum, as PubMed counts
        ("307", RetractionState.RETRACTED, "99000397", "2020-05"),  # and republished
        ("308", RetractionState.NONE_FOUND, None, None),  # commented on, cited
        ("392", RetractionState.NONE_FOUND, None, None),  # the notice itself
    ],
)
def test_what_became_of_a_work_is_known_with_the_notice(
    key: str, state: RetractionState, notice: str | None, date: str | None
):
    one = fixture("retractions.xml")[0][key]
    assert (one.retraction.state, one.retraction.notice_pmid, one.retraction.date) == (state, notice, date)
    assert one.retracted is (state is RetractionState.RETRACTED)
    if state is not RetractionState.NONE_FOUND:
        assert one.retraction.source_url == one.source_url


@pytest.mark.parametrize("kinds", [["ErratumIn", "RetractionIn"], ["RetractionIn", "ErratumIn"]])
def test_an_erratum_never_outweighs_a_retraction_in_either_order(kinds: list[str]):
    links = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>J. 2001;1:1</RefSource><PMID>{len(kind)}</PMID>'
        "</CommentsCorrections>"
        for kind in kinds
    )
    text = article(1).replace("</Article>\n", f"</Article><CommentsCorrectionsList>{links}</CommentsCorrectionsList>")
    (one,), _ = read(OPENING + text + CLOSING)
    assert (one.retraction.state, one.retraction.notice_pmid) == (RetractionState.RETRACTED, "12")


def test_the_reason_and_the_doi_of_a_notice_are_kept():
    retraction = fixture("retractions.xml")[0]["301"].retraction
    assert (retraction.notice_doi, retraction.reason) == ("10.5555/notice.1", "made-up data")


def test_a_notice_is_no_article_and_names_what_it_retracts():
    one = fixture("retractions.xml")[0]["392"]
    assert one.type is CitationType.NOTICE
    assert [(link.kind, link.pmid) for link in one.links] == [(CitationLinkKind.RETRACTION_OF, "99000301")]


def test_a_link_of_a_kind_that_nobody_knows_is_kept_under_its_name():
    links = fixture("retractions.xml")[0]["308"].links
    assert [(link.kind, link.note) for link in links] == [
        (CitationLinkKind.COMMENT_IN, None),
        (CitationLinkKind.OTHER, "SomethingNewIn"),
        (CitationLinkKind.CITES, None),
    ]


def test_a_notice_with_a_bad_pmid_still_retracts():
    records, problems = fixture("faults.xml")
    assert records["604"].retraction.state is RetractionState.RETRACTED
    assert records["604"].retraction.notice_pmid is None
    assert any("retraction.notice_pmid is left out" in problem.message for problem in problems)


# --- faults of a record ---


def test_a_bad_field_is_left_out_with_a_warning_and_the_record_kept():
    records, problems = fixture("faults.xml")
    assert (records["601"].doi, records["602"].year) == (None, None)
    assert records["603"].registry_numbers == ("NCT99000603",)
    told = {problem.where: problem.message for problem in problems if not problem.rejected}
    assert "pmid:99000601: doi is left out: 'not-a-doi'" in told["faults.xml:2"]
    assert "'soon' names no year" in told["faults.xml:8"]
    assert "registry_numbers is left out: 'NCT1'" in told["faults.xml:14"]
    assert "pmid is left out: 'no number'" in told["faults.xml:20"]


def test_a_record_without_pmid_has_its_next_best_id_and_the_same_one_again():
    first, again = (list(fixture("faults.xml")[0]) for _ in range(2))
    assert first == again
    assert "doi:10.5555/kept" in first
    (local,) = [key for key in first if key.startswith("local:")]
    assert local.startswith("local:lone-2001-")


def test_a_record_without_pmid_and_title_is_rejected_with_its_place():
    records, problems = fixture("faults.xml")
    (told,) = [problem for problem in problems if problem.rejected]
    assert told.where == "faults.xml:31"
    assert "without PMID and title" in told.message
    assert records["605"].title is None  # a PMID alone is enough


def test_records_that_pubmed_has_deleted_are_told_and_nothing_is_removed():
    records, problems = fixture("deleted.xml")
    assert list(records) == ["501"]
    (told,) = problems
    assert (told.where, told.rejected) == ("deleted.xml:3", False)
    assert "99000502, 99000503" in told.message


# --- faults of a file ---


def test_broken_xml_is_told_with_line_and_column_after_the_records_before_it():
    records, problems = read(OPENING + article(1) + article(2).replace("</Article>", "") + article(3) + CLOSING)
    assert pmids(records) == ["1"]
    (told,) = problems
    assert (told.where, told.rejected) == ("f.xml:13:19", True)
    assert "Opening and ending tag mismatch" in told.message


def test_a_file_that_breaks_off_gives_what_is_whole_and_says_where_it_ends():
    text = OPENING + article(1) + article(2)
    records, problems = read(text[:-30])
    assert pmids(records) == ["1"]
    assert [problem.where.split(":")[:2] for problem in problems] == [["f.xml", "13"]]
    assert "The file breaks off: get it again." in problems[0].message
    assert len(problems[0].where.split(":")) == 3


def test_a_gzip_file_that_breaks_off_gives_what_is_whole():
    packed = gzip.compress((OPENING + "".join(article(number) for number in range(1, 3001)) + CLOSING).encode())
    records, problems = read(packed[: len(packed) // 2])
    assert 500 < len(records) < 3000
    assert pmids(records) == [str(number) for number in range(1, len(records) + 1)]
    assert any(problem.rejected and "gzip data breaks off" in problem.message for problem in problems)


def test_a_gzip_file_with_a_flipped_byte_is_told():
    packed = bytearray(gzip.compress((OPENING + article(1) + CLOSING).encode()))
    packed[-6] ^= 255  # the checksum
    records, problems = read(bytes(packed))
    assert pmids(records) in ([], ["1"])
    assert any(problem.rejected and "gzip data is damaged" in problem.message for problem in problems)


def test_a_packed_file_of_several_parts_is_one():
    text = (OPENING + article(1) + article(2) + CLOSING).encode()
    records, problems = read(gzip.compress(text[:200]) + gzip.compress(text[200:]))
    assert (pmids(records), problems) == (["1", "2"], [])


BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet [\n<!ENTITY a "aaaaaaaaaa">\n'
    + "".join(f'<!ENTITY {name} "{f"&{of};" * 10}">\n' for name, of in zip("bcdefghij", "abcdefghi", strict=True))
    + "]>\n<PubmedArticleSet>"
    + article(1, title="&j;")
    + CLOSING
)


def test_an_entity_bomb_is_refused():
    records, (told,) = read(BOMB)
    assert records == []
    assert told.rejected
    assert "declares entities of its own" in told.message


@pytest.mark.parametrize("declared", ['<!ENTITY x SYSTEM "{}">', '<!ENTITY % x SYSTEM "{}"> %x;'])
def test_a_file_from_outside_is_never_drawn_in(declared: str, tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("a-secret")
    doctype = f"<!DOCTYPE PubmedArticleSet [{declared.format(secret.as_uri())}]>\n"
    records, problems = read(doctype + "<PubmedArticleSet>" + article(1, title="&x;") + CLOSING)
    assert records == []
    assert any(problem.rejected for problem in problems)
    assert not any("a-secret" in problem.message for problem in problems)


def test_the_entities_of_the_document_type_are_read_without_it():
    doctype = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "nowhere.dtd">\n'
    (one,), problems = read(doctype + "<PubmedArticleSet>" + article(1, title="a&ndash;b &alpha;") + CLOSING)
    assert (one.title, problems) == ("a–b α", [])


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"", "empty"),
        (b"\n \n", "nothing but blanks"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "binary data"),
        (b"<!DOCTYPE html><html><body><p>Sign in<br></body></html>", "an HTML page"),
        (b"<html><head><title>Too many requests</title></head></html>", "an HTML page"),
        (b"PMID- 99000001\nTI  - A title\n", "PubMed's text format"),
        (b'{"error": "API rate limit exceeded"}', "JSON"),
        (b"<ERROR>Empty id list</ERROR>", "XML with the root <ERROR>, an error message of E-utilities"),
    ],
)
def test_what_is_no_pubmed_xml_is_told_for_what_it_is(content: bytes, seen: str):
    records, problems = read(content)
    assert records == []
    (told,) = problems
    assert told.rejected
    assert told.where.startswith("f.xml")
    assert f"the file is {seen}" in told.message
    assert "expected PubMed records" in told.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
@pytest.mark.parametrize("declared", [True, False])
def test_every_encoding_that_a_file_declares_or_shows_gives_the_same_text(encoding: str, declared: bool):
    title = "Ärzte und Schmerz: Größe ±5 µm"
    text = OPENING.partition("\n")[2] + article(1, title=title) + CLOSING
    if declared:
        name = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}.get(encoding, encoding.upper())
        text = f'<?xml version="1.0" encoding="{name}"?>\n' + text
    records, problems = read(text.encode(encoding))
    if encoding == "iso-8859-1" and not declared:
        assert records == []
        assert "The file is not in the encoding it declares" in problems[0].message
        return
    if not declared and encoding in ("utf-16-le", "utf-16-be"):
        return  # without a mark or a declaration nobody can know; that nothing is raised is all
    assert ([record.title for record in records], problems) == ([title], [])


def test_a_wrong_declared_encoding_is_told_with_the_line_and_what_to_do():
    text = OPENING + article(1) + article(2, title="Größe") + CLOSING
    records, problems = read(text.encode("latin-1"))
    (told,) = problems
    assert "1" in pmids(records) or records == []
    assert told.where.startswith("f.xml:1")
    assert "save it as UTF-8" in told.message


def test_an_encoding_that_nobody_knows_is_told():
    records, problems = read('<?xml version="1.0" encoding="x-nobody"?><PubmedArticleSet/>')
    assert records == []
    assert any(problem.rejected and "x-nobody" in problem.message for problem in problems)


def test_documents_one_after_another_are_all_read_with_their_own_lines():
    one = OPENING + article(1) + CLOSING
    stream = io.BytesIO((one + "\n\ufeff" + one.replace(">1<", ">2<") + one.replace(">1<", ">3<")).encode())
    records, problems, places = sorted_out(pubmed.parse(stream, "all.xml"))
    assert (pmids(records), problems) == (["1", "2", "3"], [])
    assert places == ["all.xml:3", "all.xml:13", "all.xml:22"]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11, 13, 17, 19, 23, 64])
@pytest.mark.parametrize("packed", [False, True])
def test_it_does_not_matter_in_which_pieces_the_bytes_come(size: int, packed: bool):
    one = OPENING + article(1) + CLOSING
    content = (one + one.replace(">1<", ">2<").replace("</PubmedArticleSet>", "</PubmedArticleSet >")).encode()
    if packed:
        content = gzip.compress(content)
    pieces = (content[start : start + size] for start in range(0, len(content), size))
    records, problems, places = sorted_out(pubmed.parse(stream(pieces, all_at_once=False), "f.xml"))
    assert (pmids(records), problems, places) == (["1", "2"], [], ["f.xml:3", "f.xml:12"])


def test_what_follows_the_records_is_told_and_they_are_kept():
    records, problems = read(OPENING + article(1) + CLOSING + "Sincerely, the server")
    assert pmids(records) == ["1"]
    (told,) = problems
    assert told.where == "f.xml:10"
    assert "after the end of the records stands something else" in told.message


def test_a_set_that_is_empty_is_no_fault():
    assert read("<PubmedArticleSet/>") == ([], [])
    assert read("<PubmedArticleSet></PubmedArticleSet>") == ([], [])


def test_places_are_right_far_into_a_file():
    """The parser's own line numbers end at 65 535."""
    blank = "\n" * 70_000
    text = OPENING + article(1) + blank + article(2) + CLOSING
    _, _, places = sorted_out(pubmed.parse(io.BytesIO(text.encode()), "long.xml"))
    assert places[0] == "long.xml:3"
    assert places[1] == f"long.xml:{3 + 6 + 70_000}"


class Source(io.RawIOBase):
    """A stream that is made as it is read, so that only the reader's memory counts."""

    def __init__(self, pieces: Iterator[bytes], all_at_once: bool = True) -> None:
        self._pieces = pieces
        self._all_at_once = all_at_once
        self._rest = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def read(self, size: int = -1) -> bytes:
        if not self._all_at_once:
            return next(self._pieces, b"")
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def stream(pieces: Iterator[bytes], all_at_once: bool = True) -> BinaryIO:
    return cast(BinaryIO, Source(pieces, all_at_once))


def article_set(count: int, on_one_line: bool = False, size: int = 2_000) -> Iterator[bytes]:
    filling = f"<Abstract><AbstractText>{'words ' * (size // 6)}</AbstractText></Abstract>"
    yield b"<PubmedArticleSet>"
    for number in range(1, count + 1):
        text = article(number, filling)
        yield (text.replace("\n", "") if on_one_line else text).encode()
    yield b"</PubmedArticleSet>"


# The tree belongs to the XML parser and is in no count of Python's: so a process of its own, and its resident memory.
READING = """
import re, sys
from pathlib import Path
from loaders import pubmed
from tests.loaders.test_pubmed import article_set, stream

count = sum(1 for _ in pubmed.parse(stream(article_set(int(sys.argv[1]), size=20_000)), "f.xml"))
print(count, re.search(r"VmHWM:\\s*([0-9]+)", Path("/proc/self/status").read_text())[1])
"""


def peak(count: int) -> int:
    """Return the peak of memory in kB of a process that reads ``count`` records of 20 kB and lets them go."""
    command = [sys.executable, "-c", READING, str(count)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    read_count, kilobytes = map(int, done.stdout.split())
    assert read_count == count
    return kilobytes


def test_memory_does_not_grow_with_the_file():
    if not Path("/proc/self/status").exists():
        pytest.skip("this system does not tell a process its peak of memory")
    small, large = peak(400), peak(4000)
    assert large < 1.15 * small, "8 MB and 80 MB of XML should take the same memory"


def test_a_line_of_fifty_megabytes_is_read():
    records, problems, places = sorted_out(pubmed.parse(stream(article_set(500, True, 100_000)), "line.xml"))
    assert (len(records), problems, set(places)) == (500, [], {"line.xml:1"})


def test_a_record_of_fifty_megabytes_is_refused_after_the_ones_before_it():
    def pieces() -> Iterator[bytes]:
        yield (OPENING + article(1)).encode()
        yield b"<PubmedArticle><MedlineCitation><PMID>2</PMID>"
        for _ in range(500):
            yield b"<OtherAbstract><AbstractText>" + b"words " * 16_000 + b"</AbstractText></OtherAbstract>"
        yield b"</MedlineCitation></PubmedArticle></PubmedArticleSet>"

    records, problems, _ = sorted_out(pubmed.parse(stream(pieces()), "f.xml"))
    assert pmids(records) == ["1"]
    (told,) = problems
    assert told.rejected
    assert "without the end of a record" in told.message


@pytest.mark.parametrize("nested", ["<i>", "<sup>", "<a>"])
def test_markup_nested_without_end_is_told_or_read(nested: str):
    for depth in (50, 200, 100_000):
        title = nested * depth + "deep" + nested.replace("<", "</") * depth
        records, problems = read(OPENING + article(1) + article(2, title=title) + CLOSING)
        assert records[0].pmid == "1"
        assert len(records) == 2 or any(problem.rejected for problem in problems)


# --- whatever the bytes ---


@pytest.mark.parametrize("name", FILES)
def test_packed_files_and_other_line_ends_give_the_same_records(name: str):
    content = (FIXTURES / name).read_bytes()
    expected = read(content)
    assert expected[0]
    assert read(gzip.compress(content)) == expected
    assert read(content.replace(b"\n", b"\r\n")) == expected


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_anywhere_gives_a_beginning_of_its_records_and_says_so(name: str):
    content = (FIXTURES / name).read_bytes().rstrip()
    whole = [record.id for record in read(content)[0]]
    for step in range(20):
        records, problems = read(content[: len(content) * step // 20])
        assert [record.id for record in records] == whole[: len(records)]
        assert any(problem.rejected for problem in problems), step


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_flipped_bits_never_raise(data: st.DataObject):
    content = bytearray((FIXTURES / data.draw(st.sampled_from(FILES))).read_bytes())
    if data.draw(st.booleans()):
        content = bytearray(gzip.compress(content))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    records, problems = read(bytes(content))
    assert all(problem.where.startswith("f.xml") and problem.message for problem in problems)
    assert len(records) < 30


@settings(max_examples=200, deadline=None)
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
def test_any_bytes_never_raise_and_are_told(content: bytes):
    for given_bytes in (content, b"<PubmedArticleSet>" + content, b"\x1f\x8b\x08" + content):
        records, problems = read(given_bytes)
        assert records == []
        assert problems or given_bytes.rstrip().endswith(b">")
        pubmed.detect(read_head(io.BytesIO(given_bytes)), "f.xml")


@settings(max_examples=200, deadline=None)
@given(
    value=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&\ufffe\uffff"), max_size=60),
    field=st.sampled_from(["PMID", "ArticleTitle", "Year", "Month", "MedlineDate", "AccessionNumber", "LastName"]),
)
def test_any_text_in_a_field_never_raises(value: str, field: str):
    texts = {"PMID": "1", "Year": "2001", "Month": "Jan", "ArticleTitle": "A title.", "LastName": "A", field: value}
    text = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>{PMID}</PMID><Article><Journal><JournalIssue><PubDate>"
        "<Year>{Year}</Year><Month>{Month}</Month><MedlineDate>{MedlineDate}</MedlineDate></PubDate></JournalIssue>"
        "</Journal><ArticleTitle>{ArticleTitle}</ArticleTitle><AuthorList><Author><LastName>{LastName}</LastName>"
        "</Author></AuthorList><DataBankList><DataBank><DataBankName>ISRCTN</DataBankName><AccessionNumberList>"
        "<AccessionNumber>{AccessionNumber}</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
        "</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    (record,), problems = read(text.format_map(defaultdict(str, texts)))
    assert record.pmid == "1" or field == "PMID"
    assert not any(problem.rejected for problem in problems)


# --- real files ---


def test_all_604_records_of_a_medline_file_load():
    records, problems, places = sorted_out(
        pubmed.parse(io.BytesIO(real("pubmed/test_current_medline_2016.xml.gz")), "medline.xml.gz")
    )
    assert (len(records), [problem for problem in problems if problem.rejected]) == (604, [])
    assert len({record.id for record in records}) == len(set(places)) == 604
    assert all(record.pmid and record.title and record.year for record in records)
    assert all(record.type is not None for record in records)
    assert sum(bool(record.abstract) for record in records) > 400


@pytest.mark.parametrize("name", ARTICLE_SETS)
def test_article_sets_of_others_load(name: str):
    content = real(name)
    assert pubmed.detect(read_head(io.BytesIO(content)), "a")
    records, problems = read(content)
    assert (pmids(records), [problem for problem in problems if problem.rejected]) == (ARTICLE_SETS[name], [])


@pytest.mark.parametrize("name", SOMETHING_ELSE)
def test_what_is_no_article_set_is_named(name: str):
    content = real(name)
    assert not pubmed.detect(read_head(io.BytesIO(content)), name)
    records, (told,) = read(content)
    assert (records, told.rejected) == ([], True)
    assert SOMETHING_ELSE[name] in told.message


def test_a_malformed_file_of_others_is_told_with_its_place():
    records, (told,) = read(real("biblio/jabref/MedlineImporterTestMalformedEntry.xml"))
    assert (records, told.where) == ([], "f.xml:4:20")


def test_a_real_retraction_is_found_with_its_notice():
    (one,), problems = read(real("retraction/pubmed_993_retracted.xml"))
    assert (one.retracted, one.retraction.notice_pmid, one.retraction.date) == (True, "195582", "1977-04-15")
    assert problems == []
