"""Tables: citations as CSV or TSV, as PubMed, Embase, Scopus, Web of Science, Zotero, Cochrane or people write them.

Columns are told by their headings; those that no citation has are passed over.
"""

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from loaders.appearance import decoded
from loaders.citation import Fields, http, parsed, typed
from loaders.columns import COLUMNS, TYPES
from loaders.dates import EMPTY, printed_date
from loaders.encoding import read_text
from loaders.identifiers import chosen, in_addresses, issns, noted
from loaders.people import authors, authors_in_text, listed
from loaders.rows import Row, rows
from schema.ids import fold
from schema.parsed import Parsed, Problem
from schema.terms import CitationType

VERSION = "1"

_DELIMITERS = ",;\t|"
#: Lines that are looked at for the headings, and how many of them may hold something before the headings do.
_FURTHEST = 200
_LATEST_HEADING = 10
#: Lines that a heading in quotation marks may take.
_TALLEST_HEADING = 9
#: Lines of one row beyond which a quotation mark was most likely never closed.
_LONGEST_ROW = 500
# ``Endoscopic Ultrasound (2014) 3:3 (152-160). Date of Publication: 2014`` (Embase).
_EMBASE = re.compile(r"(?P<journal>[^()]+?) \((?P<year>\d{4})\)(?: (?P<volume>[^\s:()]+)(?::(?P<issue>[^\s()]+))?)?"
                     r"(?: \((?P<pages>[^()]+)\))?")  # fmt: skip
# ``Lancet. 2020 Jan 4;395(10217):35-44. doi: …`` (PubMed).
_PUBMED = re.compile(
    r"[^;]*?\.\s*(?P<date>\d{4}[^;:.]*);(?P<volume>[^():;]*)(?:\((?P<issue>[^()]*)\))?(?::(?P<pages>[\w-]+))?"
)


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 (every format is told the name)
    """Tell by the first lines (unpacked) whether this is a table of citations; the name does not count."""
    text = (decoded(head) or "").replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    if text.lstrip()[:1] in ("<", "{", "[", "@", "%"):
        return False
    headings, _, _ = headings_of(text)
    return _is_heading([_column(heading) for heading in headings])


def _is_heading(known: list[str | None]) -> bool:
    """Tell by the fields of its cells whether a first line names the columns of a table of citations."""
    count = sum(map(bool, known))
    # Without a title a table of citations is still told from others, so that its reader hears what it lacks.
    return count > 4 or (bool({"title", "doi", "pmid"} & set(known)) and (count > 1 or all(known)))


def _is_late_heading(known: list[str | None], cells: list[str]) -> bool:
    """The same for a line below others, which may be prose: most of its cells must name something."""
    fields = set(filter(None, known))
    filled = sum(bool(cell.strip()) for cell in cells)
    return bool({"title", "doi", "pmid"} & fields) and len(fields) > 2 and 2 * sum(map(bool, known)) >= filled


def columns_of(head: bytes, given: Mapping[str, str] | None = None) -> list[tuple[str, str | None]]:
    """Return each heading of a table that begins with ``head``, and the field it is read as; None is passed over.

    ``given``: fields for headings (in any spelling) that are named otherwise; an empty text passes a column over.
    """
    text = (decoded(head) or "").replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    headings, _, _ = headings_of(text, given)
    return [(heading, _column(heading, given)) for heading in headings]


def parse(stream: BinaryIO, name: str, given: Mapping[str, str] | None = None) -> Iterator[Parsed | Problem]:
    """Yield one Citation per row, or a Problem that says where and what. Never raises on content.

    ``given``: as for :func:`columns_of`.
    """
    text, problems = read_text(stream, name)
    yield from problems
    headings, delimiter, last = headings_of(text, given)
    columns = [_column(heading, given) for heading in headings]
    if not {"title", "doi", "pmid", "pmcid"} & set(columns):
        wanted = "expected a first line that names columns, one of them title, doi or pmid"
        hint = (
            f"write one, or say what a column holds: --column {headings[0].strip()!r}=title"
            if headings
            else "write one"
        )
        yield Problem(f"{name}:{max(1, last)}", f"no citation can be read from this table: {wanted}; {hint}")
        return
    count = 0
    for row in rows(text, name, delimiter):
        if isinstance(row, Problem):
            count += 1
            yield row
        elif row.line > last:
            count += 1
            if row.lines > _LONGEST_ROW:
                message = f"this row has {row.lines} lines: a quotation mark may not be closed"
                yield Problem(row.where, message, rejected=False)
            yield from _row(row.cells, columns, row.where)
    if not count:
        yield Problem(name, "the table has no rows")


def headings_of(text: str, given: Mapping[str, str] | None = None) -> tuple[list[str], str, int]:
    """Return (headings, delimiter, the last line of them).

    Programs write above them what was searched for and when, and people a title: if the first line names no columns,
    one of the next may. ``given``: as for :func:`columns_of`.
    """
    lines = text.split("\n", _FURTHEST)[:_FURTHEST]
    first: tuple[list[str], str, int] | None = None
    filled = [at for at, line in enumerate(lines) if line.strip() and not line.startswith("#")]
    for at in filled[:_LATEST_HEADING]:
        delimiter = max(_DELIMITERS, key=lines[at].count)
        # A heading in quotation marks may go over several lines.
        row = next(rows("\n".join(lines[at : at + _TALLEST_HEADING]), "", delimiter), None)
        if not isinstance(row, Row):
            continue
        found = row.cells, delimiter, at + row.lines
        known = [_column(cell, given) for cell in row.cells]
        named = given is not None and any(fold(cell) in given for cell in row.cells)
        if named or (_is_late_heading(known, row.cells) if first else _is_heading(known)):
            return found
        first = first or found
    return first or ([], ",", 0)


def _column(heading: str, given: Mapping[str, str] | None = None) -> str | None:
    folded = fold(heading)
    if given and folded in given:
        return given[folded] or None
    return COLUMNS.get(folded)


def _row(row: list[str], columns: list[str | None], where: str) -> Iterator[Parsed | Problem]:
    if any(cell.strip() for cell in row[len(columns) :]):
        # The cells may have moved: a number could stand for another one.
        more = f"{len(row)} cells in a table of {len(columns)} columns"
        yield Problem(where, f"{more}: put the text that holds the delimiter in quotation marks")
        return
    warnings: list[str] = []
    if len(row) < len(columns):
        warnings.append(
            f"the row has {len(row)} cells in a table of {len(columns)} columns; the last are taken as empty"
        )
    cells: dict[str, list[str]] = {}
    for column, cell in zip(columns, row, strict=False):
        text = cell.strip()
        if column and text.casefold() not in EMPTY:
            cells.setdefault(column, []).append(text)
    yield from parsed(_fields(cells, warnings), "a table", where, warnings)


def _fields(cells: dict[str, list[str]], warnings: list[str]) -> Fields:
    def first(*names: str) -> str | None:
        return next((cells[name][0] for name in names if name in cells), None)

    _unspoilt(cells, warnings)
    fields: Fields = {"title": first("title", "vernacular"), "journal": first("journal")}
    names = first("full_authors", "authors")
    fields["authors"], fields["authors_complete"] = authors_in_text(names or "", warnings)
    if not names and (lead := first("first_author")):
        fields["authors"], fields["authors_complete"] = authors([lead])[0], False
    fields["year"], fields["published"] = printed_date([*cells.get("year", []), *cells.get("date", [])], warnings)
    fields["journal_abbreviation"] = first("journal_abbreviation")
    fields["volume"], fields["issue"] = first("volume"), first("issue")
    start, end = first("start_page"), first("end_page")
    fields["pages"] = (
        first("pages") or "-".join(filter(None, (start, end if end != start else None))) or first("article")
    )
    fields["issns"] = issns(cells.get("issn", []), warnings)
    fields["language"] = first("language")
    fields["abstract"] = [{"text": first("abstract")}]
    fields["keywords"] = [word.lstrip("*") for text in cells.get("keywords", []) for word in _words(text)]
    _source(first("source"), fields, warnings)
    addresses = cells.get("url", [])
    for kind in ("pmid", "pmcid", "doi"):
        given = chosen(kind, cells.get(kind, []), warnings)
        # Zotero keeps in its extra field what has no column.
        told = in_addresses(kind, addresses) or [one for note in cells.get("note", ()) for one in noted(kind, note)]
        fields[kind] = given or chosen(kind, told, warnings)
    types = [part.strip() for text in cells.get("type", []) for part in text.split(";")]
    default = CitationType.ARTICLE if fields["journal"] else CitationType.OTHER
    told = next((TYPES[fold(name)] for name in types if fold(name) in TYPES), default)
    typed([name for name in types if fold(name) not in TYPES], told, fields)
    fields["source_url"] = http(addresses)
    return fields


def _unspoilt(cells: dict[str, list[str]], warnings: list[str]) -> None:
    """Take off what spreadsheets do to numbers: ``17845835.0`` is a PMID, ``1.78E+07`` was one."""
    for field in ("pmid", "volume", "issue", "start_page", "end_page"):
        for at, text in enumerate(cells.get(field, ())):
            cells[field][at] = re.sub(r"(?<=\d)\.0$", "", text)
            if field == "pmid" and re.fullmatch(r"\d[.,]\d+E\+\d+", text, re.IGNORECASE):
                warnings.append("the spreadsheet has rounded the PMID: format its column as text, and export it again")


def _source(text: str | None, fields: Fields, warnings: list[str]) -> None:
    """Read what stands in one cell: journal, date, volume, issue and pages, or the journal alone."""
    if not text:
        return
    match = _EMBASE.match(text[:1000]) or _PUBMED.match(text[:1000])
    if match is None:
        fields["journal"] = fields["journal"] or (text if re.fullmatch(r"[^\d;]{1,120}", text) else None)
        return
    found = match.groupdict()
    date = found.get("year") or found.get("date")
    year, published = printed_date([date] if date else [], warnings)
    if fields["year"] is None or (fields["year"] == year and len(published or "") > len(fields["published"] or "")):
        fields["year"], fields["published"] = year, published
    for name in ("journal", "volume", "issue", "pages"):
        fields[name] = fields[name] or found.get(name)


def _words(text: str) -> list[str]:
    if text.startswith("["):
        return listed(text)
    # A comma in brackets parts no words: ``cyst (diagnosis, surgery)``.
    return [word.strip() for word in re.split(r"[;|\n]" if re.search(r"[;|\n]", text) else r",(?![^()]*\))", text)]
