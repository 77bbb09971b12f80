"""One printed reference: numbered or not, in the manner of Vancouver (NLM) or APA.

Pages print references by hand: what cannot be read stays unknown, and nothing is guessed from half a match.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from loaders.identifiers import in_addresses
from schema.ids import BadIdentifier, normalise_doi, normalise_pmid
from schema.page_text import PrintedReference

#: Letters of the longest entry that is read.
LONGEST = 2000
_NUMBER = re.compile(r"^\s*(?:\[\^?(\d{1,3})\]:?|\((\d{1,3})\)|(\d{1,3})[.)])\s+")
_BULLET = re.compile(r"^\s*[-*•]\s+")
_PMID = re.compile(r"\bPMID\s*:?\s*(\d{1,9})\b\.?", re.IGNORECASE)
_PMCID = re.compile(r"\bPMCID\s*:?\s*PMC\d+\b\.?|\bPMC\d{4,9}\b\.?", re.IGNORECASE)
_DOI = re.compile(r"(?:\bdoi\s*:?\s*|https?://(?:dx\.)?doi\.org/)?\b(10\.\d{4,9}/[^\s<>\"]+)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:Available (?:from|at):?\s*|Retrieved from:?\s*)?\bhttps?://\S+", re.IGNORECASE)
_APA_YEAR = re.compile(r"\((?P<year>(?:1[5-9]|20)\d\d)[a-z]?(?:,[^)]*)?\)\s*[.:,]?\s*")
#: ``2004;8(2):119-132``, ``2004 Apr 3;8:119``; ``8(2), 119–132``; the volume may be all there is.
_VANCOUVER_PLACE = re.compile(
    r"(?P<year>(?:1[5-9]|20)\d\d)(?:\s+[A-Z][a-z]{2}(?:-[A-Z][a-z]{2})?(?:\s+\d{1,2})?)?\s*"
    # Where a volume follows, what stands behind it (Epub, a link's text) is no part of the place.
    r"(?:;\s*(?P<volume>\w+)(?:\s*\([^)]*\))?(?:\s*:\s*(?P<pages>[A-Za-z]?\d[\w–-]*))?|\)?\s*\.?\s*$)"
)
_APA_PLACE = re.compile(
    r",\s*(?P<volume>\d+)(?:\s*\([^)]*\))?(?:\s*[,:]\s*(?:pp?\.\s*)?(?P<pages>[A-Za-z]?\d[\w–-]*))?"
    r"\s*(?:\.?|\.\s+[^.\d]{1,40})$"
)
#: A full stop ends a sentence where a word of two letters or more, a bracket or a figure stands before it.
_STOP = re.compile(r"(?<=[^\W_]{2})\.\s+|(?<=[)\]\d”\"])\.\s+|(?<=[?!])\s+")
_APA_AUTHOR = re.compile(r"(?P<family>[^\W\d_][^,&]*?),\s*(?:[A-ZÀ-Þ]\.[\s-]?)+", re.UNICODE)
_VANCOUVER_AUTHOR = re.compile(r"(?P<family>[^\W\d_][\w'’ .-]*?)\s+[A-ZÀ-Þ]{1,4}(?:\s+(?:Jr|Sr|\d(?:st|nd|rd)))?")
_AND_OTHERS = re.compile(r",?\s*\bet\s+al\.?,?|…|\.\.\.|,?\s*\band others\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Parts:
    authors: tuple[str, ...] = ()
    title: str | None = None
    year: int | None = None
    journal: str | None = None
    volume: str | None = None
    pages: str | None = None


def read_reference(printed: str, line: int | None = None, links: Sequence[str] = ()) -> PrintedReference:
    """Return what a printed reference says; ``links`` are those in it. Never raises on content."""
    text = " ".join(printed.split())[:LONGEST]
    number = _NUMBER.match(text)
    entry = _BULLET.sub("", text[number.end() :] if number else text)
    pmid, doi, bare = _identifiers(entry, links)
    parts = _apa(bare) or _vancouver(bare)
    return PrintedReference(
        printed=entry,
        number=int(next(filter(None, number.groups()))) if number else None,
        authors=parts.authors,
        title=parts.title,
        year=parts.year,
        journal=parts.journal,
        volume=parts.volume,
        pages=parts.pages,
        doi=doi,
        pmid=pmid,
        line=line,
    )


def _identifiers(text: str, links: Sequence[str]) -> tuple[str | None, str | None, str]:
    """PMID and DOI, normalised, and the text without them and without addresses."""
    found = _PMID.search(text)
    pmids = [found[1]] if found else in_addresses("pmid", [text, *links])
    doi = _DOI.search(" ".join((text, *links)))
    pmid = None
    try:
        pmid = normalise_pmid(pmids[0]) if pmids else None
    except BadIdentifier:
        pmid = None
    try:
        known = normalise_doi(doi[1].rstrip(".,;)")) if doi else None
    except BadIdentifier:
        known = None
    for pattern in (_PMID, _PMCID, _DOI, _ADDRESS):
        text = pattern.sub(" ", text)
    text = re.sub(r"\bdoi\s*:?\s*(?=$|[.\s])", " ", text, flags=re.IGNORECASE)
    return pmid, known, " ".join(text.split()).strip(" ;,")


def _apa(text: str) -> _Parts | None:
    """Read ``McLaughlin, K. A., & Nolen-Hoeksema, S. (2011). Title. Journal, 49(3), 186–193.``."""
    year = _APA_YEAR.search(text)
    if year is None or year.start() == 0 or len(text) - year.end() < 8:
        return None
    lead, rest = text[: year.start()].strip(), text[year.end() :].strip()
    place = _APA_PLACE.search(rest)
    title, journal = _title_and_journal(rest[: place.start()] if place else rest)
    return _Parts(
        authors=_authors(lead),
        title=title,
        year=int(year["year"]),
        journal=journal,
        volume=place["volume"] if place else None,
        pages=place["pages"] if place else None,
    )


def _vancouver(text: str) -> _Parts:
    """Read ``Smith MT, Haythornthwaite JA. Title. Sleep Med Rev. 2004;8(2):119-32.``, or a title alone."""
    place = _VANCOUVER_PLACE.search(text)
    before = text[: place.start()].rstrip(" (,") if place else text
    lead, _, rest = _first_sentence(before)
    authors = _authors(lead)
    title, journal = _title_and_journal(rest if authors else before)
    return _Parts(
        authors=authors,
        title=title,
        year=int(place["year"]) if place else None,
        journal=journal if place else None,
        volume=place["volume"] if place else None,
        pages=place["pages"] if place else None,
    )


def _first_sentence(text: str) -> tuple[str, str, str]:
    """The part before the first full stop, where authors end; ``et al.`` and initials belong to them."""
    for stop in re.finditer(r"\.\s+", text):
        if len(re.findall(r"[^\W\d_]", text[: stop.start()].rsplit(" ", maxsplit=1)[-1])) > 0 and not re.match(
            r"(?:[A-Z]\.|&|and\b|et al)", text[stop.end() :]
        ):
            return text[: stop.start()], ".", text[stop.end() :]
    return text, "", ""


def _title_and_journal(text: str) -> tuple[str | None, str | None]:
    """A title may hold a question mark, and the journal is the last sentence."""
    whole = text.strip().rstrip(".").strip()
    stops = [stop for stop in _STOP.finditer(whole) if whole[stop.end() : stop.end() + 1].isupper()]
    full = [stop for stop in stops if stop.group().startswith(".")]
    stop = (full or stops)[-1] if stops else None
    if stop is None:
        return whole or None, None
    title, journal = whole[: stop.start()].strip(), whole[stop.end() :].strip(" .,")
    return title or None, journal or None


def _authors(text: str) -> tuple[str, ...]:
    """Family names of ``Smith, M. T., & Jones, A.`` and of ``Smith MT, Jones A``; a group alone by its whole name."""
    bare = _AND_OTHERS.sub("", text).strip(" .,;")
    if found := tuple(match["family"].strip(" &") for match in _APA_AUTHOR.finditer(bare + ("." if bare else ""))):
        return tuple(re.sub(r"^and\s+", "", name) for name in found)
    names = [part.strip() for part in re.split(r"[,;]\s*(?:&\s*|and\s+)?|\s+&\s+", bare) if part.strip()]
    matches = [_VANCOUVER_AUTHOR.fullmatch(name) for name in names]
    if names and matches[0]:
        return tuple(match["family"] for match in matches if match)
    if len(names) == 1 and re.search(
        r"\b(?:group|society|committee|association|organi[sz]ation|institute)\b", bare, re.IGNORECASE
    ):
        return (bare,)
    return ()
