"""EndNote XML: the library export of EndNote (``<xml><records><record>``), read one record at a time.

Source: EndNote's export and the names of its fields; there is no published schema.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO

from loaders.appearance import decoded, root_tag
from loaders.citation import Fields, http, noted_types, parsed, typed
from loaders.dates import printed_date
from loaders.identifiers import chosen, in_addresses, issns, noted
from loaders.people import authors
from loaders.pubmed.text import text_of
from loaders.safe_xml import broken, let_go, pull_parser
from loaders.unpack import DamagedArchive, unpacked
from schema.parsed import Parsed, Problem
from schema.terms import CitationType

VERSION = "1"

# Letters of a field in EndNote's own formatting: raised and lowered numbers must stay apart from their neighbours.
_FACES = {"superscript": "sup", "subscript": "sub"}
_TYPES = {
    **dict.fromkeys(("journal article", "electronic article", "magazine article"), CitationType.ARTICLE),
    **dict.fromkeys(
        ("book", "book section", "edited book", "electronic book", "electronic book section"), CitationType.BOOK
    ),
}
_NOTES = ("notes", "research-notes")


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether this is EndNote XML; the name does not count."""
    text = (decoded(head) or "").lstrip("\ufeff \t\r\n")
    return text.startswith("<") and root_tag(text) in ("xml", "records") and bool(re.search(r"<records?[\s>/]", text))


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield one Citation per record, or a Problem that says where and what. Never raises on content."""
    etree: Any = import_module("lxml.etree")
    parser = pull_parser("record")
    count = 0
    try:
        for piece in unpacked(stream):
            parser.feed(piece)
            for _, element in parser.read_events():
                count += 1
                yield from _record(element, name)
        parser.close()
    except etree.XMLSyntaxError as error:
        # What was whole before the break is still to be taken.
        for _, element in _rest(parser, etree):
            count += 1
            yield from _record(element, name)
        hint = "The records before it were read, the rest was not. Export the library again."
        yield broken(error, name, hint)
        return
    except DamagedArchive as damage:
        yield Problem(name, f"{damage}; the records before it were read. Get the file again.")
        return
    if not count:
        yield Problem(name, "no record was found; expected EndNote's XML export: <xml><records><record>")


def _rest(parser: Any, etree: Any) -> Iterator[Any]:
    try:
        yield from parser.read_events()
    except etree.XMLSyntaxError:
        return


def _record(element: Any, name: str) -> Iterator[Parsed | Problem]:
    warnings: list[str] = []
    for style in element.iter("style"):
        face = str(style.get("face") or "").casefold()
        style.tag = next((tag for mark, tag in _FACES.items() if mark in face), "style")
    fields = _fields(element, warnings)
    yield from parsed(fields, "an EndNote file", f"{name}:{element.sourceline or 1}", warnings)
    let_go(element)


def _fields(record: Any, warnings: list[str]) -> Fields:
    def texts(*paths: str) -> list[str]:
        return [text for path in paths for found in record.findall(path) if (text := text_of(found))]

    def first(*paths: str) -> str | None:
        return next(iter(texts(*paths)), None)

    # A note goes over several lines, and each may be something of its own.
    notes = [line for path in _NOTES for note in record.findall(path) for line in "".join(note.itertext()).splitlines()]
    kind = record.find("ref-type")
    kind = str(kind.get("name") or "").casefold() if kind is not None else ""
    fields: Fields = {"title": first("titles/title", "titles/short-title")}
    fields["authors"], fields["authors_complete"] = authors(texts("contributors/authors/author"))
    years = texts("dates/year")
    fields["year"], fields["published"] = printed_date(years + texts("dates/pub-dates/date"), warnings)
    fields["journal"] = first("periodical/full-title", "titles/secondary-title")
    fields["journal_abbreviation"] = first("periodical/abbr-1", "titles/alt-title", "alt-periodical/full-title")
    fields["volume"], fields["issue"] = first("volume"), first("number")
    fields["pages"] = first("pages") or _pages(record.find("pages")) or first("custom7")
    fields["issns"] = issns(texts("isbn"), warnings)
    fields["language"] = first("language")
    fields["abstract"] = [{"text": text} for text in texts("abstract")]
    fields["keywords"] = [word.lstrip("*") for word in texts("keywords/keyword")]
    _identifiers(texts, notes, fields, warnings)
    works = [part.strip() for text in texts("work-type") for part in text.split(";")]
    typed(works + noted_types(notes), _TYPES.get(kind, CitationType.OTHER), fields)
    fields["source_url"] = http(texts(".//url"))
    return fields


def _pages(pages: Any) -> str | None:
    """The pages where an export names the first and the last one apart, with no text."""
    ends = [] if pages is None else [str(pages.get(name) or "").strip() for name in ("start", "end")]
    return "-".join(dict.fromkeys(filter(None, ends))) or None


def _identifiers(texts: Any, notes: list[str], fields: Fields, warnings: list[str]) -> None:
    addresses: list[str] = texts(".//url")
    databases = " ".join(texts("remote-database-name", "remote-database-provider")).casefold()
    accession: list[str] = texts("accession-num")
    from_pubmed = any(mark in databases for mark in ("pubmed", "medline", "nlm"))
    pmids = [text for text in accession if from_pubmed and re.fullmatch(r"\d{1,8}", text)]
    pmcids = [text for text in accession + texts("custom2") if re.fullmatch(r"PMC\d{1,9}", text)]
    printed: dict[str, list[str]] = {"pmid": pmids, "pmcid": pmcids, "doi": texts("electronic-resource-num")}
    for kind, own in printed.items():
        given = own or in_addresses(kind, addresses) or [one for note in notes for one in noted(kind, note)]
        fields[kind] = chosen(kind, given, warnings)
