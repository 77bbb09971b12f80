"""Rows: the cells of a table of delimited values, each row with the line that it begins at."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from loaders.encoding import LARGEST_FILE
from schema.parsed import Problem


@dataclass(frozen=True, slots=True)
class Row:
    """One row; a cell in quotation marks may go over several lines."""

    cells: list[str]
    #: ``file:line``, where it begins.
    where: str
    line: int
    #: How many lines it takes.
    lines: int


def rows(text: str, name: str, delimiter: str = ",") -> Iterator[Row | Problem]:
    """Yield the rows that are not empty, and at last a Problem where the table breaks or a quotation has no end."""
    # One abstract is longer than the limit that the library begins with.
    csv.field_size_limit(LARGEST_FILE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    row: Row | None = None
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1
            if row is not None:
                yield row
            filled = any(cell.strip() for cell in cells)
            row = Row(cells, f"{name}:{begins}", begins, line - begins) if filled else None
    except csv.Error as error:
        yield Problem(f"{name}:{reader.line_num}", f"the table is broken here: {error}; the rows before it were read")
        return
    if row is not None:
        # Only the last row can be one that swallowed all the others.
        yield row if _is_closed(text, row, delimiter) else _unclosed(row)


def _is_closed(text: str, row: Row, delimiter: str) -> bool:
    """Tell whether the last row ends outside of quotation marks."""
    # One empty cell more shows it: inside of quotation marks it would be text.
    lines = text.rstrip("\n").split("\n", row.line - 1)[-1]
    cells = next(csv.reader(io.StringIO(f"{lines}{delimiter}", newline=""), delimiter=delimiter))
    return len(cells) > len(row.cells)


def _unclosed(row: Row) -> Problem:
    rest = "the end of the file" if row.lines == 1 else f"the end of the file, {row.lines} lines on"
    return Problem(row.where, f"a quotation mark is open until {rest}: close it; nothing is read of what it holds")
