"""Where a work stands in print: year, volume and pages at the end of a reference, in the manners that are in use."""

import re
from dataclasses import dataclass

_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_MONTH = r"(?:\s+[A-Z][a-z]{2,8}\.?(?:[-/][A-Z][a-z]{2,8})?(?:\s+\d{1,2})?)?"
_ISSUE = r"(?:\s*\((?:[^()]|\([^()]*\)){0,40}\))?"
_PAGES = r"(?:pp?\.?\s*)?(?:Article\s+(?:no\.\s*|ID\s+)?)?(?P<pages>[A-Za-z]{0,4}\d[\w.–-]*\w|[A-Za-z]{0,4}\d)"
_VOLUME = r"(?P<volume>[A-Za-z]?\d+[A-Za-z]?|[IVXLC]+|Suppl(?:ement)?\.?\s*\d+)"
#: In the order in which they are tried; each from where the place begins to the end of it.
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        # Vancouver, AMA: 2004 Apr 3;8(2):119-32
        rf"\b{_YEAR}{_MONTH}\s*;\s*{_VOLUME}{_ISSUE}(?:\s*[:,]\s*{_PAGES})?",
        # Cochrane: 2019, Issue 4. Art. No.: CD011890
        rf"[,.]?\s*\b{_YEAR}{_MONTH}[,;]\s*[Ii]ssue\s*\d+\.?\s*Art\.?\s*[Nn]o\.?:?\s*{_PAGES}",
        # MLA: vol. 8, no. 2, Apr. 2004, pp. 119-32
        rf",?\s*\bvol\.\s*{_VOLUME}(?:,\s*no\.\s*[\w–-]+)?,(?:\s*[A-Z][a-z]+\.?)?\s*{_YEAR}(?:,\s*{_PAGES})?",
        # Chicago: 8, no. 2 (April 2004): 119-32
        rf",?\s*\b{_VOLUME}(?:,\s*no\.\s*[\w–-]+)?\s*\((?:[A-Z][a-z]+\.?\s+)?{_YEAR}\)\s*:\s*{_PAGES}",
        # Nature: 8, 119-132 (2004)
        rf",?\s*\b{_VOLUME}{_ISSUE},\s*{_PAGES}\s*\({_YEAR}\)",
        # MDPI: 2004, 8, 119-132
        rf",?\s*\b{_YEAR},\s*{_VOLUME}{_ISSUE}(?:,\s*{_PAGES})?(?=\s*\.?\s*$)",
        # The year alone at the end
        rf"[(,]?\s*\b{_YEAR}{_MONTH}\)?\s*\.?\s*$",
    )
)
#: Behind the journal, where the year stands elsewhere: ``, 49(3), 186–193``, ``, 4(2), Article e731``, ``, 12:3-9``.
_AFTER_JOURNAL = re.compile(
    rf",\s*(?:vol\.\s*)?{_VOLUME}{_ISSUE}(?:\s*[,:]\s*{_PAGES})?\s*(?:\.?|\.\s+[^.\d]{{1,40}})$"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in print, and the text before it."""

    before: str
    year: int | None = None
    volume: str | None = None
    pages: str | None = None


def place_with_year(text: str) -> Place:
    """Return the place at the end of a reference whose year stands there."""
    for pattern in _PLACES:
        if every := list(pattern.finditer(text)):
            found = every[-1]
            given = found.groupdict()
            before = text[: found.start()].rstrip(" (,")
            return Place(before, int(given["year"]), given.get("volume"), given.get("pages"))
    return Place(text)


def place_after_journal(text: str) -> Place:
    """Return the place at the end of a reference whose year stands behind the authors."""
    found = _AFTER_JOURNAL.search(text)
    if found is None:
        return Place(text)
    return Place(text[: found.start()].rstrip(" ,"), None, found["volume"], found["pages"])
