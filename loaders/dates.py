"""Dates as citation files write them: ``2001/09/01/``, ``2014//``, ``2019/10//undefined``, ``2013 06 10``, ``Jun``."""

import calendar
import re
from collections.abc import Iterable

from loaders.pubmed.dates import from_text

_NUMBERS = re.compile(r"((?:1[5-9]|20)\d\d)(?:\s*[-/. ]\s*(\d{1,2})(?!\d))?(?:\s*[-/. ]\s*(\d{1,2})(?!\d))?(?![\d-])")
_MONTH_FOLLOWS = re.compile(r"[\s/.-]*[A-Za-z]{3}")
_AFTERTHOUGHT = re.compile(r"[/\s-]+(?:undefined|nan|none|null|received|accepted|revised)$", re.IGNORECASE)
#: What programs write where they know nothing.
EMPTY = frozenset(
    {"", "nan", "none", "null", "undefined", "n/a", "na", "no", "specified", "nd", "n.d.", "not available"}
)


def printed_date(texts: Iterable[str], warnings: list[str]) -> tuple[int | None, str | None]:
    """Return (year, date as far as it is known) of the dates that a record gives, the best first.

    The first with a year counts; one that says more about the same year makes it exact. A text without any year is
    told, unless it is a month to the year of another.
    """
    year, published = None, None
    rest: list[str] = []
    for text in texts:
        bare = text.strip(" /-.,;")
        if not bare[:1].isdigit() and bare.casefold() in EMPTY:
            continue
        here, date = one_date(bare)
        if here is None:
            rest.append(text)
        elif year is None:
            year, published = here, date
        elif here == year and date and published and len(date) > len(published):
            published = date
    for text in rest:
        date = from_text(f"{year} {text}", [])[1] if year and re.search(r"[A-Za-z]{3}", text) else None
        if date and published and len(date) > 4:
            published = max(published, date, key=len)
        else:
            warnings.append(f"the date {text!r} names no year and is left out")
    return year, published


def one_date(text: str) -> tuple[int | None, str | None]:
    """Return (year, date) of one text; (None, None) where it names no year."""
    if text[-1:].isalpha():
        text = _AFTERTHOUGHT.sub("", text)
    match = _NUMBERS.match(text)
    if not match or (match.end() < len(text) and _MONTH_FOLLOWS.match(text, match.end())):
        return from_text(text.replace("/", " "), [])
    year, month, day = match[1], int(match[2] or 0), int(match[3] or 0)
    if not 1 <= month <= 12:
        return int(year), year
    if not 1 <= day <= 28 and not 28 < day <= calendar.monthrange(int(year), month)[1]:
        return int(year), f"{year}-{month:02}"
    return int(year), f"{year}-{month:02}-{day:02}"
