"""RIS: the tagged format that Zotero, EndNote, Mendeley, Embase, Ovid, Scopus and publishers export.

Source: Research Information Systems, "RIS Format Specifications" (2001 and 2011); what programs make of it differs, and
is told by the tags that stand beside each other.
"""

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import BinaryIO

from loaders.appearance import decoded
from loaders.citation import Fields, http, noted_types, parsed, typed
from loaders.dates import EMPTY, printed_date
from loaders.encoding import read_text
from loaders.identifiers import chosen, dois_alone, in_addresses, issns, noted
from loaders.people import authors
from loaders.tagged import Form, Stretch, TaggedRecord, stretches, value
from schema.parsed import Parsed, Problem
from schema.terms import CitationType

VERSION = "1"

_STRICT = re.compile(r"([A-Z][A-Z0-9])(?:  | ?\t)-(?:[ \t]|$)(.*)")
_TY = re.compile(r"^TY(?:  | ?\t)-(?:[ \t]|$)", re.MULTILINE)
_HEAD = re.compile(r"^[ \t]*TY[ \t]{0,2}-(?:[ \t]|$)", re.MULTILINE | re.IGNORECASE)
_TITLES = ("TI", "T1", "CT")
# Tags of both specifications and of the programs above: the only ones believed where a file is written loosely.
_KNOWN = frozenset(
    {"A1", "A2", "A3", "A4", "AB", "AD", "AN", "AU", "AV", "BT", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8",
     "CA", "CN", "CP", "CT", "CY", "DA", "DB", "DI", "DO", "DP", "ED", "EP", "ER", "ET", "ID", "IS", "J1", "J2",
     "JA", "JF", "JO", "KW", "L1", "L2", "L3", "L4", "LA", "LB", "LK", "M1", "M2", "M3", "M4", "N1", "N2", "NV",
     "OP", "PB", "PP", "PY", "RI", "RN", "RP", "SE", "SN", "SP", "ST", "T1", "T2", "T3", "TA", "TI", "TT", "TY",
     "U1", "U2", "U3", "U4", "U5", "UR", "VL", "VO", "XR", "Y1", "Y2"}
)  # fmt: skip
_LOOSE = re.compile(r"[ \t]*([A-Za-z][A-Za-z0-9])(?:[ \t]+-[ \t]*|-(?:[ \t]+|$))(.*)")

_BOOKS = frozenset({"BOOK", "CHAP", "EBOOK", "ECHAP", "EDBOOK"})
_ARTICLES = frozenset({"JOUR", "EJOUR", "JFULL", "MGZN", "INPR", "JOURNAL ARTICLE", "ARTICLE"})
_DOI_BEGINS = re.compile(r"doi\b|10\.\d", re.IGNORECASE)
_PMID = re.compile(r"\d{1,8}")
_PMCID = re.compile(r"PMC\d{1,9}")
_CENTRAL = re.compile(r"\bPUBMED (\d{1,8})\b")
_IN_BRACKETS = re.compile(r"\s*(\S+?)\s*\[(pmid|pmcid|doi)\]\s*", re.IGNORECASE)


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether this is RIS; the name does not count."""
    text = (decoded(head) or "").replace("\ufeff", "").replace("\r", "\n").lstrip()
    if text[:1] in ("<", "{", "[", "@", "%"):
        return False
    lines = text.split("\n")
    begun = [line for line in lines if line.strip()][:4]
    return bool(_HEAD.search(text)) or (len(begun) > 1 and all(_STRICT.match(line) for line in begun))


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield one Citation per record, or a Problem that says where and what. Never raises on content."""
    text, problems = read_text(stream, name)
    yield from problems
    count = 0
    for record in records(text, name):
        if isinstance(record, Problem):
            yield record
            count += record.rejected
            continue
        count += 1
        warnings: list[str] = []
        yield from parsed(_fields(record, warnings), "a RIS file", f"{name}:{record.line}", warnings, lines=True)
    if not count and not any(problem.rejected for problem in problems):
        yield Problem(name, "no record was found; expected RIS, each record beginning with a line such as 'TY  - JOUR'")


def records(text: str, name: str) -> Iterator[TaggedRecord | Problem]:
    """Yield the records of a text as tags and their values, and what had to be repaired."""
    form = _STRICT_FORM
    if not _TY.search(text):
        form = _LOOSE_FORM
        if first := _HEAD.search(text):
            line = text.count("\n", 0, first.end()) + 1
            yield Problem(
                f"{name}:{line}", "tags are not written as 'TY  - '; they are read all the same", rejected=False
            )
    yield from _grouped(stretches(text, form), name)


def _loose(line: str) -> re.Match[str] | None:
    match = _LOOSE.match(line)
    return match if match and match[1].upper() in _KNOWN else None


_BOUNDS = frozenset({"TY", "ER"})
_STRICT_FORM = Form(_STRICT.match, 6, _BOUNDS)
_LOOSE_FORM = Form(_loose, 6, _BOUNDS)


def _grouped(found: Iterator[Stretch], name: str) -> Iterator[TaggedRecord | Problem]:
    """Make records of the stretches; each repair is told."""
    current: Stretch | None = None
    outside: Stretch | None = None
    for stretch, following in pairwise(chain(found, [None])):
        assert stretch is not None  # only the last one is
        where = f"{name}:{stretch.line}"
        if stretch.name == "TY":
            yield from _lost(outside, name)
            outside = None
            if current is not None and not _brings_its_own(stretch, current):
                yield Problem(
                    where, "a second TY in a record without a title of its own changes its type", rejected=False
                )
                _retype(current, stretch)
                continue
            if current is not None:
                yield Problem(
                    where, "a record begins before the one above was ended by ER; both are read", rejected=False
                )
                _cut(current)
                yield TaggedRecord(current.line, current.tags)
            current = stretch
        elif stretch.name == "ER" and _closes(stretch, following):
            yield from _lost(outside, name)
            if current is not None:
                yield TaggedRecord(current.line, current.tags)
            current, outside = None, stretch.after_first
        elif current is not None:
            yield Problem(where, "a line within a record that begins like its end (ER) is read as text", rejected=False)
            _, first, *more = stretch.tags[0]
            current.tags[-1] += [f"ER - {first}", *more]
            current.tags.extend(stretch.tags[1:])
        elif outside is not None:
            outside.tags.extend(stretch.tags)
        else:
            outside = stretch
    yield from _lost(outside, name)
    if current is not None:
        yield Problem(f"{name}:{current.line}", "the last record is not ended by ER; it is read", rejected=False)
        yield TaggedRecord(current.line, current.tags)


def _retype(current: Stretch, stretch: Stretch) -> None:
    """The last type counts; those that follow each other are one tag, however many there are."""
    if current.tags[-1][0] == "TY":
        current.tags.pop()
    current.tags.extend(stretch.tags)


def _lost(outside: Stretch | None, name: str) -> Iterator[Problem]:
    if outside is not None and outside.tags:
        place, count = f"{name}:{outside.line}", len(outside.tags)
        yield Problem(place, f"{count} tags belong to no record: put a line such as 'TY  - JOUR' before them")


def _brings_its_own(stretch: Stretch, current: Stretch) -> bool:
    """Tell whether a TY is followed by a title (or another DOI) before the next TY or ER: then a record begins."""
    if len(current.tags) == 1:
        return False
    telling = {*_TITLES, "DO"} if any(tag[0] == "DO" and value(tag) for tag in current.tags) else _TITLES
    return any(tag[0] in telling and value(tag) for tag in stretch.tags)


def _closes(stretch: Stretch, following: Stretch | None) -> bool:
    """Tell whether an ER ends its record: text of an abstract may begin with these letters too."""
    _, *lines = stretch.tags[0]
    last = len(stretch.tags) == 1 and (following is None or following.name == "TY")
    return last or not all(map(str.strip, lines))


def _cut(current: Stretch) -> None:
    """Take off what stands between two records, after a blank line: ``2.``, ``Record #2``."""
    tag = current.tags[-1]
    if blank := next((at for at, line in enumerate(tag) if at > 1 and not line.strip()), None):
        del tag[blank:]


def _fields(record: TaggedRecord, warnings: list[str]) -> Fields:
    fields: Fields = {}
    kind = (record.values("TY") or [""])[-1].upper()
    _titles(record, kind, fields, warnings)
    fields["authors"], fields["authors_complete"] = authors(record.values("AU", "A1"))
    first_dates = record.values("PY", "Y1", "DA")
    fields["year"], fields["published"] = printed_date(first_dates, warnings)
    fields["volume"] = _known(record.first("VL", "VO"))
    fields["issue"] = _known(record.first("IS", "CP"))
    start, end = _known(record.first("SP", "BP")), _known(record.first("EP"))
    pages = start if not end or end == start or "-" in (start or "") else "-".join(filter(None, (start, end)))
    fields["pages"] = pages or _known(record.first("C7"))
    fields["issns"] = issns(record.values("SN"), warnings)
    fields["language"] = record.first("LA")
    abstracts = list(dict.fromkeys(record.values("AB"))) or list(dict.fromkeys(record.values("N2")))
    fields["abstract"] = [{"text": text} for text in abstracts]
    fields["keywords"] = [word.lstrip("*") for word in record.lists("KW")]
    _identifiers(record, fields, warnings)
    works = [text for text in record.values("M3") if not _DOI_BEGINS.match(text)]
    types = [part.strip() for text in works for part in text.split(";")]
    typed(types + noted_types(record.lists("N1")), _type(kind), fields)
    fields["source_url"] = http(record.lists("UR", "L2", "L1"))
    return fields


def _titles(record: TaggedRecord, kind: str, fields: Fields, warnings: list[str]) -> None:
    titles = [title for _, title in record.in_order(_TITLES)]
    if more := list(dict.fromkeys(titles))[1:]:
        warnings.append(f"more than one title is given; the first is kept, left out: {'; '.join(map(repr, more))}")
    fallbacks = ("BT", "T2", "ST", "TT") if kind in _BOOKS else ("ST", "TT")
    fields["title"] = titles[0] if titles else record.first(*fallbacks)
    journals = record.values("JF", "JO", "BT", "T2") if kind not in _ARTICLES else record.values("JF", "T2", "JO")
    if kind == "BOOK":
        journals = record.values("JF", "JO")
    short = record.values("JA", "J2", "J1", "JO")
    journals = [title for title in journals if title != fields["title"]] or short
    fields["journal"] = journals[0] if journals else None
    fields["journal_abbreviation"] = next((title for title in short if title != fields["journal"]), None)


def _identifiers(record: TaggedRecord, fields: Fields, warnings: list[str]) -> None:
    marked: dict[str, list[str]] = {"pmid": [], "pmcid": [], "doi": []}
    for text in record.values("U1", "U2", "U4"):
        if match := _IN_BRACKETS.fullmatch(text):
            marked[match[2].lower()].append(match[1])
    accession = record.values("AN")
    if databases := " ".join(record.values("DB", "DP")).casefold():
        if "pubmed" in databases or "nlm" in databases or ("medline" in databases and "embase" not in databases):
            marked["pmid"] += filter(_PMID.fullmatch, accession)
        # Where Scopus and Embase put the PMID.
        for database, tag in (("scopus", "C2"), ("embase", "C5")):
            if database in databases:
                marked["pmid"] += filter(_PMID.fullmatch, record.values(tag))
    # Where EndNote puts the PMCID, and the Cochrane Library the PMID.
    marked["pmcid"] += filter(_PMCID.fullmatch, accession + record.values("C2"))
    marked["pmid"] += [match[1] for text in record.values("C3", "XR") if (match := _CENTRAL.search(text))]
    notes = record.lists("N1", "M1", "M2")
    addresses = record.values("UR", "L1", "L2", "L3", "LK")
    for kind in ("pmid", "pmcid"):
        given = marked[kind] or in_addresses(kind, addresses) or [one for note in notes for one in noted(kind, note)]
        fields[kind] = chosen(kind, given, warnings)
    fields["doi"] = (
        chosen("doi", record.values("DO", "DI") + marked["doi"], warnings)
        or chosen("doi", dois_alone(record.values("M3", "N1")), warnings)
        or chosen("doi", in_addresses("doi", addresses), warnings)
    )


def _known(text: str | None) -> str | None:
    """Return a volume, an issue or a page, or None for what a program writes where it knows none."""
    if text is None or text[0].isdigit():
        return text
    return None if text.casefold() in EMPTY or text.casefold() == "no pagination" else text


def _type(kind: str) -> CitationType:
    if kind in _BOOKS:
        return CitationType.BOOK
    if kind in _ARTICLES:
        return CitationType.ARTICLE
    return CitationType.ABSTRACT if kind == "ABST" else CitationType.OTHER
