"""MEDLINE: PubMed's own text format, saved as .nbib ("Citation manager") or "PubMed" text.

Source: NLM, "MEDLINE/PubMed Data Element (Field) Descriptions".
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from loaders.appearance import decoded
from loaders.citation import Fields, parsed, typed
from loaders.dates import one_date, printed_date
from loaders.encoding import read_text
from loaders.identifiers import chosen, issns
from loaders.people import person
from loaders.tagged import Form, Stretch, TaggedRecord, stretches, value
from schema.ids import BadIdentifier, normalise_orcid, normalise_registry_number
from schema.parsed import Parsed, Problem
from schema.terms import CitationLinkKind, CitationType

VERSION = "1"

# Four columns and a dash; lines that go on are indented, so that a tag is never text.
_TAG = re.compile(r"([A-Z]{2,4}) {0,2}-(?: |(?=\d)|$)(.*)")
_HEAD = re.compile(r"(?:PMID ?-|PMC {0,2}-|OWN {0,2}-|STAT ?-)\s?")
_FORM = Form(_TAG.match, 6, frozenset({"PMID", "PMC", "OWN", "STAT"}))
_PEOPLE = frozenset({"FAU", "AU", "CN", "AD", "AUID"})
_NO_TITLE = re.compile(r"\[?(?:not available|in process citation|no title)\]?\.?", re.IGNORECASE)

# Tags that speak of another publication (PubMed CommentsCorrections).
_LINKS = {
    "CIN": CitationLinkKind.COMMENT_IN, "CON": CitationLinkKind.COMMENT_ON,
    "EIN": CitationLinkKind.ERRATUM_IN, "EFR": CitationLinkKind.ERRATUM_FOR,
    "RIN": CitationLinkKind.RETRACTION_IN, "ROF": CitationLinkKind.RETRACTION_OF,
    "CRI": CitationLinkKind.CORRECTED_AND_REPUBLISHED_IN, "CRF": CitationLinkKind.CORRECTED_AND_REPUBLISHED_FROM,
    "RRI": CitationLinkKind.RETRACTED_AND_REPUBLISHED_IN, "RRF": CitationLinkKind.RETRACTED_AND_REPUBLISHED_FROM,
    "ECI": CitationLinkKind.EXPRESSION_OF_CONCERN_IN, "ECF": CitationLinkKind.EXPRESSION_OF_CONCERN_FOR,
    "UIN": CitationLinkKind.UPDATE_IN, "UOF": CitationLinkKind.UPDATE_OF,
    "RPI": CitationLinkKind.REPUBLISHED_IN, "RPF": CitationLinkKind.REPUBLISHED_FROM,
    "SPIN": CitationLinkKind.SUMMARY_FOR_PATIENTS_IN, "ORI": CitationLinkKind.ORIGINAL_REPORT_IN,
    "PRIN": CitationLinkKind.ERRATUM_IN, "PROF": CitationLinkKind.ERRATUM_FOR,
    "DDIN": CitationLinkKind.ASSOCIATED_DATASET, "DRIN": CitationLinkKind.ASSOCIATED_PUBLICATION,
}  # fmt: skip
# PubMed counts partial retractions as errata since October 2016 (NLM Tech Bull. 2016 Sep-Oct;(412):e3).
_PARTIAL = ("PRIN", "PROF")
_REVISED = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_LINK_PMID = re.compile(r"\bPMID:\s*(\d{1,8})\b")
_LINK_DOI = re.compile(r"\bdoi:\s*(10\.\d{4,9}/\S+)", re.IGNORECASE)


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first bytes (unpacked) whether this is MEDLINE text; the name does not count."""
    return bool(_HEAD.match((decoded(head) or "").lstrip("\ufeff \t\r\n")))


def parse(stream: BinaryIO, name: str) -> Iterator[Parsed | Problem]:
    """Yield one Citation per record, or a Problem that says where and what. Never raises on content."""
    text, problems = read_text(stream, name)
    yield from problems
    count = 0
    for record in _records(text):
        count += 1
        warnings: list[str] = []
        yield from parsed(_fields(record, warnings), "a MEDLINE file", f"{name}:{record.line}", warnings, lines=True)
    if not count:
        yield Problem(name, "no record was found; expected PubMed's text format, each record beginning with 'PMID- '")


def _records(text: str) -> Iterator[TaggedRecord]:
    """A PMID begins a record; so do, after a blank line, the other tags that a record may begin with."""
    current: Stretch | None = None
    has_pmid = False
    for stretch in stretches(text, _FORM):
        is_pmid = stretch.name == "PMID"
        if current is not None and not (is_pmid and has_pmid) and not _blank_follows(current):
            current.tags.extend(stretch.tags)
        else:
            if current is not None:
                yield TaggedRecord(current.line, current.tags)
            current, has_pmid = stretch, False
        has_pmid = has_pmid or (is_pmid and bool(value(stretch.tags[0])))
    if current is not None:
        yield TaggedRecord(current.line, current.tags)


def _blank_follows(stretch: Stretch) -> bool:
    tag = stretch.tags[-1]
    return len(tag) > 2 and not tag[-1].strip()


def _fields(record: TaggedRecord, warnings: list[str]) -> Fields:
    fields: Fields = {}
    _identifiers(record, fields, warnings)
    titles = [title for title in record.values("TI") if not _NO_TITLE.fullmatch(title)]
    book = record.first("BTI")
    fields["title"] = next(iter(titles), None) or record.first("TT") or book
    fields["journal"] = record.first("JT") or (book if book != fields["title"] else None)
    fields["journal_abbreviation"] = record.first("TA")
    fields["authors"], fields["authors_complete"] = _authors(record, warnings)
    fields["year"], fields["published"] = printed_date(record.values("DP") or record.values("DEP"), warnings)
    if revised := _REVISED.fullmatch(record.first("LR") or ""):
        fields["revised"] = one_date("-".join(revised.groups()))[1]
    fields["volume"], fields["issue"] = record.first("VI"), record.first("IP")
    fields["pages"] = record.first("PG")
    fields["issns"] = issns(record.values("IS"), warnings)
    fields["language"] = ", ".join(record.values("LA")) or None
    fields["abstract"] = [{"text": text} for text in record.values("AB")]
    fields["mesh"] = [_heading(text) for text in record.values("MH") if text.strip("*/ ")]
    fields["keywords"] = [word.lstrip("*") for word in record.values("OT")]
    fields["grants"] = [grant for text in record.values("GR") if (grant := _grant(text))]
    fields["links"] = [_link(name, text) for name, text in record.in_order(_LINKS)]
    typed(record.values("PT"), CitationType.BOOK if book else CitationType.ARTICLE, fields)
    return fields


def _identifiers(record: TaggedRecord, fields: Fields, warnings: list[str]) -> None:
    fields["pmid"] = chosen("pmid", record.values("PMID"), warnings)
    fields["pmcid"] = chosen("pmcid", record.values("PMC"), warnings)
    located = record.values("LID", "AID")
    marked = [text for text in located if text.casefold().endswith("[doi]") or text.casefold().startswith("doi:")]
    fields["doi"] = chosen("doi", marked, warnings)
    numbers: list[str] = []
    for text in record.values("SI"):
        # Other data banks (PDB, GEO, figshare …) hold no trials.
        with suppress(BadIdentifier):
            numbers.append(normalise_registry_number(text.partition("/")[2]))
    fields["registry_numbers"] = list(dict.fromkeys(numbers))


def _authors(record: TaggedRecord, warnings: list[str]) -> tuple[list[Fields], bool]:
    """FAU (in full) and AU (initials) name the same author, one after the other; AD and AUID belong to the last one."""
    found: list[Fields] = []
    complete, in_full = True, False
    for name, text in record.in_order(_PEOPLE):
        if name in ("FAU", "AU"):
            pair = name == "AU" and in_full
            in_full = False
            if text.casefold().rstrip(".") in ("et al", "others"):
                complete = False
            elif pair and found:
                if (short := person(text)) and short.get("initials"):
                    found[-1]["initials"] = short["initials"]
            elif fields := person(text):
                found.append(fields)
                in_full = name == "FAU"
        elif name == "CN":
            found.append({"collective": text})
        elif name == "AD" and found:
            found[-1].setdefault("affiliations", []).append(text)
        elif name == "AUID" and found and text.upper().startswith("ORCID"):
            try:
                found[-1]["orcid"] = normalise_orcid(text)
            except BadIdentifier as error:
                warnings.append(f"orcid is left out: {error}")
    return found, complete


def _heading(text: str) -> dict[str, Any]:
    """``Occupational Health/*history``: a star marks a main topic, the qualifiers follow after slashes."""
    descriptor, *qualifiers = [part.strip() for part in text.split("/")]
    fields: dict[str, Any] = {"descriptor": descriptor.lstrip("*") or text}
    if "*" in text:
        fields["major"] = True
    if qualifiers:
        fields["qualifiers"] = [bare for qualifier in qualifiers if (bare := qualifier.lstrip("*"))]
    return fields


def _grant(text: str) -> dict[str, str | None] | None:
    """``R01 CA123456/CA/NCI NIH HHS/United States``: number, acronym of the institute, agency, country."""
    parts = [part.strip() for part in text.strip("/ ").split("/")]
    if len(parts) < 2:
        return {"number": parts[0]} if parts[0] else None
    *number, agency, country = parts
    if len(number) > 1 and re.fullmatch(r"[A-Z]{2}", number[-1]):
        number.pop()
    return {"number": "/".join(number) or None, "agency": agency or None, "country": country or None}


def _link(name: str, text: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"kind": _LINKS[name], "source": text}
    if name in _PARTIAL:
        fields["note"] = "partial retraction"
    if match := _LINK_PMID.search(text):
        fields["pmid"] = match[1]
    if match := _LINK_DOI.search(text):
        fields["doi"] = match[1].rstrip(".,;")
    return fields
