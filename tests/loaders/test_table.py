"""Tables of citations."""

import io

import pytest

from loaders import table
from schema.citation import Citation
from schema.parsed import Parsed
from schema.terms import CitationType
from tests.loaders.reading import FIXTURES, fixture, format_of, read, rejected, shared, warned


def test_pubmeds_csv():
    (first, second), problems = fixture(table, "pubmed.csv")
    assert problems == []
    assert (first.pmid, first.pmcid, first.doi, first.title) == (
        "99000009",
        "PMC9900003",
        "10.1000/csv.1",
        "Heat, cold and pain",
    )
    assert [author.name for author in first.authors] == ["Example AB", "Muster C", "van der Berg J"]
    assert (first.volume, first.issue, first.pages, first.published) == ("395", "10217", "35-44", "2020-01-04")
    assert (second.title, second.year) == ('Only a "quoted" title', 2021)
    assert second.id.startswith("local:muster-2021-only-a-quoted-title-")


def test_scopus_csv():
    (record,), problems = fixture(table, "scopus.csv")
    assert problems == []
    assert (record.pmid, record.pages, record.type) == ("99000010", "104501", CitationType.REVIEW)
    assert [author.name for author in record.authors] == ["Labanski A", "Langhorst J"]
    assert record.authors[0].given == "Alexandra"
    assert (record.keywords, record.abstract[0].text) == (("Stress", "Pain"), "An abstract over two lines")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_the_first_line(delimiter: str):
    text = delimiter.join(["Title", "Year", "DOI"]) + "\n" + delimiter.join(["Heat", "2020", "10.1000/x"]) + "\n"
    (record,), _ = read(table, text)
    assert (record.title, record.year, record.doi) == ("Heat", 2020, "10.1000/x")
    assert format_of(text.encode()) == "table"


def test_a_row_whose_cells_moved_is_left_out():
    records, problems = read(table, "title,year,doi\nHeat, cold,2020,10.1000/x\nCold,2021,10.1000/y\n")
    assert [record.doi for record in records] == ["10.1000/y"]
    assert rejected(problems) == ["file:2"]


def test_a_short_row_is_told():
    (record,), problems = read(table, "title,year,doi\nHeat,2020\n")
    assert (record.year, record.doi) == (2020, None)
    assert warned(problems)[0].startswith("file:2 ")


def test_lines_are_those_of_the_file_after_cells_with_line_breaks():
    text = 'title,abstract,doi\n"A","one\n\ntwo",10.1000/a\n"","x",""\n'
    assert rejected(read(table, text)[1]) == ["file:5"]


def test_comments_before_the_first_line_are_passed_over():
    (record,), _ = read(table, "# made by hand\n#\ntitle,doi\nHeat,10.1000/x\n")
    assert record.doi == "10.1000/x"


def test_a_bad_identifier_is_left_out_and_told():
    (record,), problems = read(table, "title,doi\nHeat,10.1\n")
    assert record.doi is None
    assert "'10.1' is not a DOI" in warned(problems)[0]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("['Marx, Karl', 'Lindgren, Astrid']", ["Marx K", "Lindgren A"]),
        ("Labanski, A., Engler, H.", ["Labanski A", "Engler H"]),
        ("Smith, John; O'Neil, Jane", ["Smith J", "O'Neil J"]),
        ("John Smith, Jane Doe, Ann Lee", ["Smith J", "Doe J", "Lee A"]),
        ("Liu R., Adler D.G.", ["Liu R", "Adler DG"]),
        ("Marx, Karl", ["Marx K"]),
        ("Smith J Jr; Lee, Ann, III", ["Smith J", "Lee A"]),
        ("Made-up Study Group", ["Made-up Study Group"]),
        ("Marx K, Lee AB, de Jong MJ; Made-up Study Group.", ["Marx K", "Lee AB", "de Jong MJ", "Made-up Study Group"]),
        ("Marx JA 3rd, Lee A.", ["Marx JA", "Lee A"]),
        ("St John, A B; Lee, C", ["St John AB", "Lee C"]),
        ("J. Marx, J. Lee", ["Marx J", "Lee J"]),
        ("Marx, J., Lee, A., & Roe, R.", ["Marx J", "Lee A", "Roe R"]),
        ("Marx, J., Lee, A. and Roe, R.", ["Marx J", "Lee A", "Roe R"]),
        ("Marx, K. and Lee, A. and Made-up Study Group", ["Marx K", "Lee A", "Made-up Study Group"]),
        ("Department of Health and Human Services", ["Department of Health and Human Services"]),
        ("Marx, Karl, MD, PhD; Lee, Ann", ["Marx K", "Lee A"]),
    ],
)
def test_lists_of_names_in_one_cell(cell: str, names: list[str]):
    (record,), _ = read(table, f'title\tauthors\nHeat\t"{cell}"\n')
    assert [author.name for author in record.authors] == names


def test_names_that_cannot_be_told_apart_make_no_person_of_several():
    (record,), problems = read(table, 'title\tauthors\nHeat\t"Marx, Karl, Lee, Ann"\n')
    assert [author.name for author in record.authors] == ["Marx"]
    assert record.authors_complete is False
    assert "'Marx, Karl, Lee, Ann' cannot be told apart" in warned(problems)[0]


def test_zoteros_extra_field_gives_the_identifiers_that_have_no_column():
    (record,), _ = read(table, 'Title,DOI,Extra\nHeat,10.1000/x,"PMID: 99000012\nPMCID: PMC9900001"\n')
    assert (record.pmid, record.pmcid) == ("99000012", "PMC9900001")


def test_other_tables_are_no_citations():
    assert format_of(b"subject_id\tpredicate_id\tobject_id\nA:1\texactMatch\tB:2\n") == "sssom"
    assert format_of(b"name,year\nHeat,2020\n") is None
    assert rejected(read(table, "name,year\nHeat,2020\n")[1]) == ["file:1"]


def test_bytes_that_are_not_utf_8_are_told():
    data = (FIXTURES / "pubmed.csv").read_text().replace("Muster", "Müßtér Ähnlich").encode("cp1252")
    records, problems = read(table, data)
    assert records[0].authors[1].family == "Müßtér Ähnlich"
    assert "not UTF-8" in warned(problems)[0]


SHARED_COUNTS = {
    "duplicate_records.csv": (10, 4),
    "embase.csv": (6, 0),
    "embase_newpage.csv": (6, 0),
    "generic.csv": (2, 0),
    "generic_bad_record_id.csv": (6, 0),
    "generic_column_names_with_spaces.csv": (2, 0),
    "generic_labels.csv": (6, 0),
    "generic_labels_no_abs.csv": (6, 0),
    "generic_labels_no_title.csv": (0, 1),
    "generic_partial_labels.csv": (6, 0),
    "generic_semicolon.csv": (2, 0),
    "generic_tab.csv": (2, 0),
    "generic_tab.tab": (2, 0),
    "generic_tab.tsv": (2, 0),
    "missing_values.csv": (2, 2),
    "record_id.csv": (10, 0),
}


@pytest.mark.parametrize("name", SHARED_COUNTS)
def test_real_tables_are_read_to_the_last_row(name: str):
    records, problems = shared(table, f"asreview/{name}")
    assert (len(records), len(rejected(problems))) == SHARED_COUNTS[name]


def test_embases_source_is_taken_apart():
    records, _ = shared(table, "asreview/embase.csv")
    assert all(record.doi and record.year and record.volume and record.pages and record.journal for record in records)
    assert records[0].journal == "Endoscopic Ultrasound"


@pytest.mark.parametrize(
    "above",
    [
        "Export of 3 references,,,\nMade on 2026-01-02,,,\n",
        '"Search: ""knee pain"" AND tens"\n"Date: 2026-01-02"\n\n',
        # Excel's own line about the delimiter, and a row of groups of columns.
        "sep=,\n",
        "Citation,,,Identifiers\n",
    ],
)
def test_headings_below_other_lines_are_found(above: str):
    text = f'{above}Title,"Authors\n",Year,DOI\nHeat,Example A,2020,10.1000/x\n,,2021,\n'
    assert format_of(text.encode()) == "table"
    (record,), problems = read(table, text)
    assert (record.title, record.year, record.doi) == ("Heat", 2020, "10.1000/x")
    # The line is that of the file.
    assert rejected(problems) == [f"file:{text.count(chr(10))}"]


def test_prose_that_lists_what_a_table_has_is_no_table():
    text = "Read me\n\nThe file has these columns, among others, as PubMed has them: title, authors and year.\n"
    assert format_of(text.encode()) is None


def test_a_heading_that_is_named_may_stand_below_other_lines_too():
    text = "Export,,\nName,Who,When\nHeat,Example A,2020\n"
    found = list(table.parse(io.BytesIO(text.encode()), "file", {"name": "title", "who": "authors"}))
    assert [one.record.title for one in found if isinstance(one, Parsed) and isinstance(one.record, Citation)] == [
        "Heat"
    ]


def test_a_quotation_that_does_not_end_makes_no_record_of_what_follows():
    records, problems = read(table, 'title,year,doi\nCold,2021,10.1000/y\n"Heat,2020,10.1000/x\nRain,2022,10.1000/z\n')
    assert [record.title for record in records] == ["Cold"]
    assert rejected(problems) == ["file:3"]
    assert "open until the end of the file, 2 lines on" in problems[0].message
    assert rejected(read(table, 'title,year,doi\n"Heat,2020,10.1000/x')[1]) == ["file:2"]


@pytest.mark.parametrize("last", ['"Heat\nand cold"', '"Heat ""and"" cold\n"', "Heat"])
def test_a_last_cell_over_several_lines_is_whole(last: str):
    records, problems = read(table, f"doi,year,title\n10.1000/x,2020,{last}\n\n")
    assert ([record.year for record in records], problems) == ([2020], [])


def test_what_a_spreadsheet_did_to_numbers_is_undone_or_told():
    (first, second), problems = read(
        table, "title,pmid,volume,doi\nHeat,99000009.0,3.0,10.1000/x\nCold,9.9E+07,4,10.1000/y\n"
    )
    assert (first.pmid, first.volume, second.pmid) == ("99000009", "3", None)
    assert "rounded the PMID" in warned(problems)[0]
