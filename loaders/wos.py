"""Web of Science: its tagged export (``FN`` … ``PT J`` … ``ER`` … ``EF``), plain text, two letters and no dash.

Source: Clarivate, "Web of Science Core Collection Field Tags".
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from loaders.appearance import decoded
from loaders.citation import Fields, parsed, typed
from loaders.dates import printed_date
from loaders.encoding import read_text
from loaders.identifiers import chosen, issns
from loaders.people import authors
from loaders.tagged import Form, Stretch, TaggedRecord, stretches
from schema.parsed import Parsed, Problem
from schema.terms import CitationType

VERSION = "1"

_TAG = re.compile(r"([A-Z][A-Z0-9])(?: |$)(.*)")
_FORM = Form(_TAG.match, 3, frozenset({"PT", "ER", "EF"}))
_HEAD = re.compile(r"^(?:FN [^\n]*\n(?:VR [^\n]*\n)?)?PT [A-Z]\s*$", re.MULTILINE)
_BOOKS = frozenset({"B", "S"})


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether this is a Web of Science export; the name does not count."""
    text = (decoded(head) or "").replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n").lstrip()
    return bool(_HEAD.match(text)) or text.startswith(("FN Clarivate", "FN Thomson", "FN ISI"))


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield one Citation per record, or a Problem that says where and what. Never raises on content."""
    text, problems = read_text(stream, name)
    yield from problems
    count = 0
    for record in _records(text, name):
        if isinstance(record, Problem):
            yield record
            continue
        count += 1
        warnings: list[str] = []
        yield from parsed(
            _fields(record, warnings), "a Web of Science file", f"{name}:{record.line}", warnings, lines=True
        )
    if not count:
        yield Problem(name, "no record was found; expected a Web of Science export, each record beginning with 'PT J'")


def _records(text: str, name: str) -> Iterator[TaggedRecord | Problem]:
    current: Stretch | None = None
    for stretch in stretches(text, _FORM):
        if stretch.name in _FORM.bounds and current is not None:
            if stretch.name != "ER":
                yield Problem(f"{name}:{current.line}", "the record is not ended by ER; it is read", rejected=False)
            yield TaggedRecord(current.line, current.tags)
        current = stretch if stretch.name == "PT" else None
        if current is None:
            yield from _lost(stretch.after_first if stretch.name in _FORM.bounds else stretch, name)
    if current is not None:
        yield Problem(f"{name}:{current.line}", "the last record is not ended by ER; it is read", rejected=False)
        yield TaggedRecord(current.line, current.tags)


def _lost(outside: Stretch, name: str) -> Iterator[Problem]:
    line = outside.line
    for tag, *lines in outside.tags:
        if tag not in ("FN", "VR"):
            yield Problem(f"{name}:{line}", f"the tag {tag} belongs to no record: PT is missing before it")
        line += len(lines)


def _fields(record: TaggedRecord, warnings: list[str]) -> Fields:
    fields: Fields = {"title": record.first("TI")}
    short, full = record.lists("AU"), record.lists("AF")
    people, fields["authors_complete"] = authors(full if len(full) >= len(short) else short)
    fields["authors"] = people + [{"collective": group} for group in record.lists("CA")]
    # DA is the day of the export; PD names the month of the issue.
    year = record.first("PY")
    date = f"{year} {record.first('PD') or ''}".strip() if year else record.first("EA") or ""
    fields["year"], fields["published"] = printed_date([date], warnings)
    fields["journal"] = record.first("SO")
    fields["journal_abbreviation"] = record.first("JI", "J9")
    fields["volume"], fields["issue"] = record.first("VL"), record.first("IS")
    fields["pages"] = "-".join(record.values("BP", "EP")) or record.first("AR")
    fields["issns"] = issns(record.values("SN", "EI"), warnings)
    fields["language"] = record.first("LA")
    fields["abstract"] = [{"text": text} for text in record.values("AB")]
    words = [word.strip() for text in record.values("DE", "ID") for word in text.split(";")]
    fields["keywords"] = words
    fields["doi"] = chosen("doi", record.values("DI"), warnings)
    fields["pmid"] = chosen("pmid", record.values("PM"), warnings)
    kind = CitationType.BOOK if record.first("PT") in _BOOKS else CitationType.ARTICLE
    typed([part.strip() for text in record.values("DT") for part in text.split(";")], kind, fields)
    return fields
