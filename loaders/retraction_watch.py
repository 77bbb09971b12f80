"""Retraction Watch: the table of retractions, concerns, corrections and reinstatements that Crossref publishes as CSV.

Source: https://gitlab.com/crossref/retraction-watch-data. A row is no citation: it says what became of one, which
``kb retractions`` marks. Identifiers that are not known stand as ``0`` or ``unavailable``; dates are written month
first, ``4/2/2019 0:00``.
"""

import calendar
import csv
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from loaders.appearance import decoded
from loaders.dates import EMPTY, one_date
from loaders.encoding import read_text
from loaders.rows import rows
from schema.ids import BadIdentifier, fold, normalise_doi, normalise_pmid
from schema.notice import Notice
from schema.parsed import Problem
from schema.terms import RetractionState

VERSION = "1"

_NEEDED = {"retractionnature", "originalpaperdoi", "originalpaperpubmedid"}
_UNKNOWN = EMPTY | {"0", "unavailable", "unknown"}
_STATES = {
    "retraction": RetractionState.RETRACTED,
    "expressionofconcern": RetractionState.EXPRESSION_OF_CONCERN,
    "correction": RetractionState.CORRECTED,
    "reinstatement": RetractionState.REINSTATED,
}
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/((?:1[5-9]|20)\d\d)(?:\s+\d{1,2}:\d\d(?::\d\d)?)?(?:\s*[AP]M)?", re.IGNORECASE)


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first line (unpacked) whether this is Retraction Watch's table; the name does not count."""
    text = (decoded(head) or "").lstrip("\ufeff \t\r\n")
    return {fold(cell) for cell in _cells(text.splitlines()[0] if text else "")} >= _NEEDED


def not_citations(stream: BinaryIO, name: str) -> Iterator[Problem]:  # noqa: ARG001 (as every format is read)
    """Yield a Problem that says how the table is used: to load its rows would make citations of retractions."""
    yield Problem(
        name,
        "is Retraction Watch's table: its rows are notices, not citations. Mark what the graph holds of them with "
        f"kb retractions --source {name}",
    )


def parse(stream: BinaryIO, name: str) -> Iterator[Notice | Problem]:
    """Yield one Notice per row, or a Problem that says where and what. Never raises on content."""
    text, problems = read_text(stream, name)
    yield from problems
    columns: list[str] = []
    nameless: list[str] = []
    for found in rows(text, name):
        if isinstance(found, Problem):
            yield found
        elif not columns:
            columns = [fold(cell) for cell in found.cells]
            if not set(columns) >= _NEEDED:
                break
        elif len(found.cells) != len(columns):
            message = f"{len(found.cells)} cells in a table of {len(columns)} columns: the row is left out"
            yield Problem(found.where, message)
        else:
            row = {column: cell.strip() for column, cell in zip(columns, found.cells, strict=True)}
            for told in _notice(row, found.where):
                if isinstance(told, Problem) or told.pmid or told.doi:
                    yield told
                else:
                    nameless.append(found.where)
    if not set(columns) >= _NEEDED:
        wanted = "RetractionNature, OriginalPaperDOI and OriginalPaperPubMedID"
        yield Problem(name, f"is not Retraction Watch's table; expected a first line with the columns {wanted}")
    if nameless:
        message = f"{len(nameless):,} rows name neither the PMID nor the DOI of the article and say nothing of any"
        yield Problem(nameless[0], message, rejected=False)


def _notice(row: dict[str, str], where: str) -> Iterator[Notice | Problem]:
    nature = row["retractionnature"]
    state = _STATES.get(fold(nature))
    if state is None:
        wanted = "Retraction, Expression of concern, Correction or Reinstatement"
        yield Problem(where, f"{nature[:40]!r} is no nature of a notice; expected {wanted}")
        return
    told: list[str] = []

    def known(column: str, normalise: Callable[[str], str]) -> str | None:
        text = row.get(column, "")
        if text.casefold() in _UNKNOWN:
            return None
        try:
            return normalise(text)
        except BadIdentifier as bad:
            told.append(f"{column} is left out: {bad}")
            return None

    notice = Notice(
        state=state,
        where=where,
        pmid=known("originalpaperpubmedid", normalise_pmid),
        doi=known("originalpaperdoi", normalise_doi),
        date=_date(row.get("retractiondate", ""), told),
        notice_pmid=known("retractionpubmedid", normalise_pmid),
        notice_doi=known("retractiondoi", normalise_doi),
        reason=_reasons(row.get("reason", "")),
    )
    yield from (Problem(where, message, rejected=False) for message in told)
    yield notice


def _date(text: str, told: list[str]) -> str | None:
    if text.casefold() in _UNKNOWN:
        return None
    if match := _DATE.fullmatch(text):
        month, day, year = int(match[1]), int(match[2]), int(match[3])
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            return f"{year}-{month:02}-{day:02}"
        told.append(f"the date {text!r} is none, month first; its year alone is taken")
        return str(year)
    date = one_date(text)[1] if re.match(r"\d{4}", text) else None
    if date is None:
        told.append(f"the date {text[:40]!r} cannot be read and is left out")
    return date


def _reasons(text: str) -> str | None:
    """``+Concerns About Data;+Duplication;`` as ``Concerns About Data; Duplication``."""
    reasons = [part.strip().lstrip("+").strip() for part in text.split(";")]
    return "; ".join(filter(None, reasons)) or None


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), list[str]())
    except csv.Error:
        return []
