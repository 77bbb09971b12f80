"""Dates as PubMed prints them: a year and as much more as is sure."""

import calendar
import re

from loaders.pubmed.text import Element, text_of

_MONTHS = {name[:3].casefold(): number for number, name in enumerate(calendar.month_name) if name}
# Months as PubMed prints them: ``Jan``, ``January``, ``01``, ``1``.
_PRINTED = {
    printed: number
    for number in range(1, 13)
    for printed in (calendar.month_abbr[number], calendar.month_name[number], f"{number:02}", str(number))
}
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d|2100)\b")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\b", re.IGNORECASE)
_SHORT = re.compile(r"[0-9]{1,2}")
_DAY = re.compile(r"\b([1-9]|0[1-9]|[12]\d|3[01])\b(?!\d)")

#: The date inside a reference: ``Biochem J. 1977 Apr 15;164(1):287-8``.
_IN_SOURCE = re.compile(r"[.\s]\s*((?:1[5-9]|20)\d\d(?:\s+[A-Z][a-z]{2}[^;:.]{0,12})?)[;:.]")


def publication_date(element: Element, warnings: list[str]) -> tuple[int | None, str | None]:
    """Return (year in print, date as ``2020``, ``2020-07`` or ``2020-07-28``) of a PubDate element.

    A season, a range of months or of days makes only the part before it sure. A range of years counts by its first,
    as PubMed sorts it.
    """
    parts = {part.tag: text_of(part) for part in element}
    if free := parts.get("MedlineDate"):
        return from_text(free, warnings)
    year_text = parts.get("Year")
    if not year_text:
        return None, None
    if not _YEAR.fullmatch(year_text):
        return from_text(year_text, warnings)
    year, month = int(year_text), _month(parts.get("Month"), warnings)
    if month is None:
        return year, year_text
    return year, _with_day(year, month, parts.get("Day"), warnings)


def from_text(text: str, warnings: list[str]) -> tuple[int | None, str | None]:
    """Return (year, date) of a printed date: ``2008 Jul-Aug`` → (2008, ``2008``), ``2011 May 25-31`` → ``2011-05``."""
    years = _YEAR.findall(text)
    if not years:
        warnings.append(f"the publication date {text!r} names no year")
        return None, None
    year = int(years[0])
    months = {_MONTHS[name[:3].casefold()] for name in _MONTH.findall(text)}
    if len(months) != 1 or len(set(years)) != 1:
        return year, years[0]
    month = months.pop()
    days = _DAY.findall(_YEAR.sub(" ", text))
    return year, _with_day(year, month, days[0] if len(days) == 1 else None, warnings)


def date_in_source(source: str) -> str | None:
    """Return the date that a printed reference carries, or None."""
    match = _IN_SOURCE.search(source)
    return from_text(match[1], [])[1] if match else None


def _month(text: str | None, warnings: list[str]) -> int | None:
    if not text:
        return None
    if text in _PRINTED:
        return _PRINTED[text]
    named = {_MONTHS[name.casefold()] for name in _MONTH.findall(text)}
    if len(named) == 1:
        return named.pop()
    if not named:
        warnings.append(f"the month {text!r} is no month")
    return None


def _with_day(year: int, month: int, text: str | None, warnings: list[str]) -> str:
    date = f"{year}-{month:02}"
    if not text:
        return date
    if _SHORT.fullmatch(text):
        day = int(text)
        if 1 <= day <= 28 or 28 < day <= calendar.monthrange(year, month)[1]:
            return f"{date}-{day:02}"
    warnings.append(f"the day {text!r} is no day of {date}")
    return date
