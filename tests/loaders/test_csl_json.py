"""CSL JSON."""

import pytest

from loaders import csl_json
from schema.terms import CitationType
from tests.loaders.reading import FIXTURES, fixture, format_of, read, rejected, warned


def test_items_are_read_in_full():
    (article, book, preprint), problems = fixture(csl_json, "items.json")
    assert article.title == "A study of 10⁻³ doses"
    assert [author.name for author in article.authors] == ["van der Berg JJ", "Study Group"]
    assert (article.pmid, article.pmcid, article.doi) == ("99000011", "PMC9900004", "10.1000/csl")
    assert (article.published, article.pages, article.issns) == ("2020-05-03", "1-3", ("0000-0019", "0000-0027"))
    assert (book.type, book.year, book.authors[0].family) == (CitationType.BOOK, 2001, "Plato")
    assert (preprint.type, preprint.year, preprint.doi) == (CitationType.PREPRINT, None, None)
    assert [text.partition(" ")[0] for text in warned(problems)] == ["items.json:9", "items.json:9"]


def test_a_container_and_a_single_item_are_read():
    bare = (FIXTURES / "items.json").read_text()
    assert read(csl_json, '{"items": ' + bare + "}")[0] == read(csl_json, bare)[0]
    assert len(read(csl_json, '{"type": "book", "title": "Alone"}')[0]) == 1


def test_the_items_before_a_broken_one_are_kept():
    records, problems = read(csl_json, '[{"title": "A"},\n 5,\n {"title": "B"},\n {"title": }]')
    assert [record.title for record in records] == ["A", "B"]
    assert rejected(problems) == ["file:2", "file:4:12"]


@pytest.mark.parametrize(
    "text",
    [
        '[{"title": "A", "author": 3, "issued": {"date-parts": [[]]}, "DOI": {}, "ISSN": [null], "volume": NaN}]',
        '[{"title": "a \\u0000 control", "author": [{"family": "Mu\\u0001ster \\udc00"}]}]',
        '[{"title": "half a pair \\ud800", "issued": {"date-parts": 7}, "author": [[], null, "Muster C"]}]',
        '[{"title": ["A list"], "issued": [2020], "author": [{}, {"family": {}}], "keyword": ["a", 1]}]',
    ],
)
def test_values_of_other_kinds_cost_the_field_alone(text: str):
    (record,), _ = read(csl_json, text)
    assert record.title
    assert not any(sign in record.model_dump_json() for sign in ("\\u0000", "\\u0001"))


@pytest.mark.parametrize("text", ["[" * 100_000, '[{"a":' * 100_000, '[{"title": ' + "9" * 10_000 + "}]"])
def test_depth_and_length_do_no_harm(text: str):
    assert rejected(read(csl_json, text)[1])


def test_other_json_is_not_taken_for_it():
    crossref = b'{"status":"ok","message-type":"work","message":{"type":"book","title":["x"]}}'
    assert format_of(crossref) == "crossref"
    assert format_of(b'{"protocolSection": {"identificationModule": {"nctId": "NCT00000102"}}}') == "clinicaltrials"
    assert format_of((FIXTURES / "items.json").read_bytes()) == "csl-json"


def test_what_zotero_keeps_in_its_note_is_read():
    (one, two, three), problems = fixture(csl_json, "zotero.json")
    assert problems == []
    assert (one.pmid, one.pmcid, one.pages, one.published) == ("99000024", "PMC9900024", "5-9", "2001-03-04")
    assert [author.name for author in one.authors] == ["van der Berg J", "Society for Heat", "Muster JK"]
    assert one.title == "Heat with H₂O"
    assert (two.pmid, two.pmcid, two.doi, two.published) == ("99000025", "PMC9900025", "10.1000/zotero.2", "2001-03")
    # A number in a sentence is another work's.
    assert (three.pmid, three.type, three.published) == (None, CitationType.PREPRINT, "2020-01-02")


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ('"Muster, Carl and Example, Anna B."', ["Muster C", "Example AB"]),
        ('"Muster C, Example AB"', ["Muster C", "Example AB"]),
        ('"Society for Heat"', ["Society for Heat"]),
        ('{"family": "Muster", "given": "Carl"}', ["Muster C"]),
        ('{"literal": "Heat Study Group"}', ["Heat Study Group"]),
    ],
)
def test_authors_that_stand_in_no_list_are_read(written: str, names: list[str]):
    (record,), problems = read(csl_json, f'[{{"title": "A", "author": {written}}}]')
    assert ([author.name for author in record.authors], problems) == (names, [])


def test_an_author_that_is_no_name_is_told():
    (record,), problems = read(csl_json, '[{"title": "A", "author": [{"orcid": "x"}, {"family": "Muster"}]}]')
    assert [author.name for author in record.authors] == ["Muster"]
    assert "an author is left out" in problems[0].message
