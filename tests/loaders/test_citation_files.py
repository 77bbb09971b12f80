"""What all formats of citation files promise."""

import gzip
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders import bibtex, csl_json, endnote_xml, medline, ris, table, wos
from tests.loaders.reading import FIXTURES, SHARED, format_of, read

FILES: dict[str, tuple[ModuleType, str]] = {
    "dialects.ris": (ris, "ris"),
    "broken.ris": (ris, "ris"),
    "two.wos.txt": (wos, "wos"),
    "two.nbib": (medline, "medline"),
    "library.bib": (bibtex, "bibtex"),
    "pubmed.csv": (table, "table"),
    "scopus.csv": (table, "table"),
    "items.json": (csl_json, "csl-json"),
    "library.xml": (endnote_xml, "endnote-xml"),
}
FORMATS = [ris, wos, medline, bibtex, table, csl_json, endnote_xml]
CONTENT = {name: (FIXTURES / name).read_bytes() for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_told_by_its_content_whatever_its_name_line_ends_and_encoding(name: str):
    content = CONTENT[name]
    told = {format_of(content), format_of(content.replace(b"\n", b"\r\n")), format_of(b"\xef\xbb\xbf" + content)}
    told |= {format_of(gzip.compress(content)), format_of(content.decode().encode("utf-16"))}
    assert told == {FILES[name][1]}


@pytest.mark.parametrize("name", FILES)
def test_packed_and_utf_16_files_give_the_same_records(name: str):
    form = FILES[name][0]
    expected = read(form, CONTENT[name])[0]
    assert expected
    assert read(form, gzip.compress(CONTENT[name]))[0] == expected
    if form is not endnote_xml:  # XML declares its encoding itself
        assert read(form, CONTENT[name].decode().encode("utf-16"))[0] == expected


@pytest.mark.parametrize("name", FILES)
def test_loading_again_finds_the_same_ids(name: str):
    form = FILES[name][0]
    first, again = read(form, CONTENT[name])[0], read(form, CONTENT[name])[0]
    assert [record.id for record in first] == [record.id for record in again]
    assert len({record.id for record in first}) == len(first)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.__name__)
@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\xff\xfe\x00", b"\x1f\x8b\x08broken", b"\x00" * 100, b"%PDF-1.7\n"]
)
def test_what_is_no_citation_file_is_told_and_never_raises(form: ModuleType, content: bytes):
    records, problems = read(form, content)
    assert records == []
    assert any(problem.rejected for problem in problems)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_file_never_raises(data: st.DataObject):
    name = data.draw(st.sampled_from(sorted(FILES)))
    content = bytearray(CONTENT[name])
    for _ in range(data.draw(st.integers(0, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    records, _ = read(FILES[name][0], bytes(content[: data.draw(st.integers(0, len(content)))]))
    assert len(records) <= 12


@settings(max_examples=150, deadline=None)
@given(form=st.sampled_from(FORMATS), content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_never_raise(form: ModuleType, content: bytes):
    read(form, content)
    format_of(content)


@settings(max_examples=150, deadline=None)
@given(value=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), min_size=1, max_size=60))
def test_any_value_of_any_tag_never_raises(value: str):
    tags = ("TI", "AU", "PY", "DA", "DO", "SN", "AN", "U1", "UR", "M3", "KW", "AB", "LA")
    read(ris, "TY  - JOUR\nDB  - PubMed\n" + "".join(f"{tag}  - {value}\n" for tag in tags) + "ER  -\n")


@pytest.mark.parametrize(
    "value",
    [
        "(" * 20_000,
        "a, " * 20_000,
        " " * 50_000 + "x",
        "<i>" * 10_000,
        "&amp;" * 10_000,
        "2020-" * 10_000,
        "1 (" * 9_000,
    ],
)
def test_long_values_are_read_without_delay(value: str):
    """Each took a pattern to its knees that was written carelessly; the suite's own limit is the watch."""
    read(ris, f"TY  - JOUR\nTI  - {value}\nAU  - {value}\nPY  - {value}\nSN  - {value}\nDO  - {value}\nER  -\n")
    read(table, f'title\tauthors\tsource\tyear\n"{value}"\t"{value}"\t"{value}"\t"{value}"\n')
    read(bibtex, f"@article{{a, title={{x}}, author={{{value}}}, pages={{{value}}}, doi={{{value}}}}}")


def test_real_files_cut_anywhere_never_raise():
    if not SHARED.is_dir():
        pytest.skip("the shared citation files are not here")
    paths: list[Path] = [
        path for path in sorted(SHARED.rglob("*")) if path.suffix in (".ris", ".nbib", ".bib", ".csv", ".txt")
    ]
    forms = {".ris": ris, ".nbib": medline, ".bib": bibtex, ".csv": table, ".txt": medline}
    for path in paths:
        content = path.read_bytes()[:20_000]
        for part in (3, 7):
            read(forms[path.suffix], content[: len(content) * part // 11])


def test_every_real_file_is_told_and_read_by_one_format():
    if not SHARED.is_dir():
        pytest.skip("the shared citation files are not here")
    by_ending = {
        ".bib": "bibtex",
        ".nbib": "medline",
        ".csv": "table",
        ".tsv": "table",
        ".tab": "table",
        ".xml": "pubmed",
    }
    for path in sorted(SHARED.rglob("*.*")):
        if "LICENSE" not in path.name:
            expected = {by_ending.get(path.suffix, "ris"), "wos" if "wos" in path.name else ""}
            expected |= {"medline"} if "Plain" in path.name else set()
            assert format_of(path.read_bytes()) in expected, path.name


def test_titles_in_any_script_make_ids_of_their_own():
    text = "TY  - JOUR\nTI  - {}\nER  -\n"
    ids = {read(ris, text.format(title))[0][0].id for title in ("慢性疼痛の治療", "慢性疼痛", "Боль в спине", "Боль")}
    assert len(ids) == 4
