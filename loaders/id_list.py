"""Lists of identifiers: one or more in a line, in text, or in the columns of a table; ``#`` begins a comment."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from loaders.columns import COLUMNS
from loaders.encoding import read_text
from loaders.fetch.by_id import Wanted
from loaders.identifiers import identified
from loaders.rows import rows
from loaders.table import columns_of, headings_of
from schema.ids import fold
from schema.parsed import Problem

#: The columns that name a work, the surest first: a row is one work, and is asked for once.
_KINDS = ("pmid", "doi", "pmcid")

_COMMENT = re.compile(r"(?:^|\s)#.*")
_LABEL = re.compile(r"\b(pmid|pmcid|doi|nct)(?:\s*[:=]\s*|\s+)(?=\w)", re.IGNORECASE)
# A DOI may hold commas and semicolons (``3.0.CO;2-2``): they part only what begins like another identifier.
_BETWEEN = re.compile(
    r"[\s\"']+|[,;|](?=[\s\"']|$|10\.\d{4,9}/|https?://|doi\b|pmid\b|pmcid\b|PMC\d|NCT\d|\d{1,9}(?:[,;|\s\"']|$))",
    re.IGNORECASE,
)
#: Digits in a line with others are a PMID if there are so many; a year or a running number has fewer.
_FEWEST_DIGITS = 5
#: What a heading of one column may be called, beside the names that tables have.
_HEADINGS = {"id", "ids", "identifier", "identifiers", "pmids", "dois", "pmcids", "nct", "ncts", "nctnumber", "nctid"}


def read_ids(stream: BinaryIO, name: str) -> Iterator[Wanted | Problem]:
    """Yield what is asked for, and a Problem for each line without an identifier. Never raises on content.

    In a table whose headings name the PMID, DOI or PMCID, only these columns count: a year is no PMID.
    """
    text, problems = read_text(stream, name)
    yield from problems
    columns = [field for _, field in columns_of(text[:65_536].encode())]
    if len(columns) > 1 and set(_KINDS) & set(columns):
        yield from _rows(text, columns, name)
        return
    first = True
    for number, line in enumerate(text.split("\n"), 1):
        bare = _COMMENT.sub("", line).strip()
        if not bare:
            continue
        named = _named(bare)
        if not named and not (first and _is_heading(bare)):
            hint = "correct the line, or remove it; digits alone are a PMID only where no words stand before them"
            yield Problem(f"{name}:{number}", f"{bare[:60]!r} holds no PMID, PMCID, DOI or NCT number; {hint}")
        for kind, value in named:
            yield Wanted(kind, value, f"{name}:{number}")
        first = False


def _rows(text: str, columns: list[str | None], name: str) -> Iterator[Wanted | Problem]:
    _, delimiter, last = headings_of(text)
    for row in rows(text, name, delimiter):
        if isinstance(row, Problem):
            yield row
        elif row.line > last and not row.cells[0].startswith("#"):
            cells = [(field, cell) for field, cell in zip(columns, row.cells, strict=False) if field in _KINDS]
            found = [pair for field, cell in cells if (pair := identified(_whole(field, cell))) and pair[0] == field]
            if found:
                yield Wanted(*min(found, key=lambda pair: _KINDS.index(pair[0])), row.where)
            else:
                message = "the row names no PMID, DOI or PMCID; write one into its column, or remove the row"
                yield Problem(row.where, message)


def _whole(field: str, cell: str) -> str:
    """What digits alone are in a column: a PMCID without its letters, a PMID that a spreadsheet made a decimal."""
    digits = re.fullmatch(r"\s*(\d+)(?:\.0)?\s*", cell)
    return f"{'PMC' if field == 'pmcid' else ''}{digits[1]}" if digits else cell


def _named(line: str) -> list[tuple[str, str]]:
    """Return (kind, normalised) of each identifier in a line."""
    pieces = [piece for piece in _BETWEEN.split(_LABEL.sub(r"\1:", line)) if piece]
    digits = [piece.strip(".,;:/()[]").isdecimal() for piece in pieces]
    pairs = [identified(piece.strip("()[]") if bare else piece) for piece, bare in zip(pieces, digits, strict=True)]
    found: list[tuple[str, str]] = []
    for place, (pair, bare) in enumerate(zip(pairs, digits, strict=True)):
        # Digits among words may be a year or a page; among identifiers alone, or before all words, they are a PMID.
        sure = all(digits) or ((place == 0 or all(pairs)) and pair is not None and len(pair[1]) >= _FEWEST_DIGITS)
        if pair is not None and (sure or not bare):
            found.append(pair)
    return list(dict.fromkeys(found))


def _is_heading(line: str) -> bool:
    return all(fold(part) in _HEADINGS or fold(part) in COLUMNS for part in re.split(r"[,;|\t]", line) if part.strip())
