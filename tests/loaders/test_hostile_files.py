"""Files that no program means to write: bombs, endless lines, nesting without end, an error page instead of records."""

import gzip
import io
import itertools

import pytest

from loaders.registry import FORMATS, Format, unknown_format
from loaders.unpack import PIECE, read_head, unpacked
from tests.loaders.damage import detected, examined

NAMES = [form.name for form in FORMATS]
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(10)
)

HOSTILE = {
    "nothing": b"",
    "a byte order mark alone": b"\xef\xbb\xbf",
    "zero bytes": b"\0" * 5_000,
    "zero bytes in a text": b"TY  - JOUR\nTI  - a\0b\nER  - \n\0",
    "one long line": b"x" * 1_000_000,
    "one long title": b"TY  - JOUR\nTI  - " + b"word " * 100_000 + b"\nER  - \n",
    "lists in lists": b"[" * 200_000,
    "objects in objects": b'[{"id":"a","type":"book","title":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}]",
    "keys twice": b'[{"id":"a","id":"b","type":"book","title":"x","title":"y"}]',
    "huge numbers": b'[{"type":"book","title":"x","id":%s,"volume":1e999}]' % (b"9" * 5_000),
    "elements in elements": b"<PubmedArticleSet>" + b"<a>" * 50_000,
    "styles in styles": b"<xml><records><record>" + b"<style>" * 5_000 + b"x" + b"</style>" * 5_000,
    "a billion laughs": ENTITIES + b"]><PubmedArticleSet><PubmedArticle>&k;</PubmedArticle></PubmedArticleSet>",
    "a billion laughs in EndNote": ENTITIES + b"]><xml><records><record><title>&k;</title></record></records></xml>",
    "YAML lists in lists": b"kind: therapy\nrecords: " + b"[" * 2_000,
    "a table of commas": b"Title,Authors,DOI\n" + b"," * 500_000,
    "a cell without end": b'Title,Authors,DOI\n"' + b"a\n" * 100_000,
    "a record begun and begun": b"TY  - JOUR\n" * 50_000,
    "a record ended and ended": b"TY  - JOUR\n" + b"ER  - x\n" * 20_000,
    "an entry begun and begun": b"@article{a,\n" * 10_000,
    "a text joined without end": b"@article{k, title = " + b"a # " * 20_000 + b"a}\n",
    "braces without end": b"@article{a, title={" + b"{" * 100_000,
    "markup without end": b"TY  - JOUR\nTI  - " + b"<sup>" * 20_000 + b"\nER  - \n",
    "a DOI of brackets": b"TY  - JOUR\nTI  - a\nDO  - 10.1000/" + b"(" * 500 + b")" * 5_000 + b"\nER  - \n",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("form", FORMATS, ids=NAMES)
def test_no_loader_crashes_or_hangs(form: Format, content: bytes):
    records, problems = examined(form, content)
    assert records or problems


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty: there is nothing in it to load"),
        (b"\xef\xbb\xbf", "is empty but for a byte order mark: there is nothing in it to load"),
        (b"\xff\xfe", "is empty but for a byte order mark: there is nothing in it to load"),
        (b"\xef\xbb\xbf \r\n", "is nothing but blanks: there is nothing in it to load"),
        (b"\0" * 100, "is nothing but zero bytes: there is nothing in it to load"),
        (
            b"\n<!-- 503 --><html><head><title>Sign in</title></head></html>",
            "looks like an HTML page, which cannot be loaded",
        ),
        ("<!DOCTYPE html><html>".encode("utf-16"), "looks like an HTML page, which cannot be loaded"),
    ],
)
def test_what_was_handed_in_is_told_by_its_name(content: bytes, told: str):
    assert detected(content) is None
    assert unknown_format(content).startswith(told)


def test_a_gzip_bomb_is_unpacked_a_piece_at_a_time():
    """A hundred megabytes of blanks in a hundred kilobytes."""
    bomb = gzip.compress(b" " * 100_000_000)
    assert len(bomb) < 200_000
    assert read_head(io.BytesIO(bomb)) == b" " * 4096
    pieces = list(itertools.islice(unpacked(io.BytesIO(bomb)), 5))
    assert max(map(len, pieces)) <= PIECE


def test_a_gzip_bomb_of_pubmed_is_given_up_and_told():
    bomb = gzip.compress(b"<PubmedArticleSet><PubmedArticle>" + b"<a>some words of a title</a>" * 700_000)
    records, problems = examined(FORMATS[NAMES.index("pubmed")], bomb)
    assert not records
    assert "without the end of a record" in problems[-1].message
