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
    """Yield the rows that are not empty, and at last a Problem where the table breaks."""
    # One abstract is longer than the limit that the library begins with.
    csv.field_size_limit(LARGEST_FILE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1
            if any(cell.strip() for cell in cells):
                yield Row(cells, f"{name}:{begins}", begins, line - begins)
    except csv.Error as error:
        yield Problem(f"{name}:{reader.line_num}", f"the table is broken here: {error}; the rows before it were read")
