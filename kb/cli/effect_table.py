"""Studies in a CSV file, one a row, as effect sizes: what ``kb pool`` reads.

Where spreadsheets write decimals with a comma, they part the columns by semicolons; what is copied out of them has
tabs. The header tells which, by what it holds most of. A comma in a number is a decimal one then.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.errors import InputProblem, UsageError
from kb.evidence.effects import FROM_EVENTS, FROM_MEANS, EffectSize
from kb.evidence.pooling import GREATEST_VARIANCE, LEAST_VARIANCE
from schema.parsed import Problem
from schema.terms import EffectMeasure

MEANS = ("m1", "sd1", "n1", "m2", "sd2", "n2")
EVENTS = ("events1", "n1", "events2", "n2")
COUNTS = frozenset({"n1", "n2", "events1", "events2"})
NUMBERS = frozenset({"yi", "vi", "sei", *MEANS, *EVENTS})

#: What may part the cells of a row, and its name.
_MARKS = {",": "commas", ";": "semicolons", "\t": "tabs"}

#: Columns that may name a study, the first that is there.
NAMES = ("study", "slab", "label")

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One study: its name, its place as ``file:line``, and its effect."""

    study: str
    where: str
    effect: EffectSize


@dataclass(frozen=True, slots=True)
class Table:
    """The studies of a file, what stands in the way of others, and the columns of numbers that were not used."""

    rows: list[Row]
    problems: list[Problem]
    unused: list[str]


def read_studies(content: bytes, file: str, measure: str | None) -> Table:
    """Read every row, or say of each that cannot be used where it stands and why.

    Raises InputProblem where the file as a whole cannot be read, UsageError where it holds arms and no measure is
    given.
    """
    text = _text(content, file)
    parted_by = max(_MARKS, key=text.lstrip("\r\n").partition("\n")[0].count)
    lines = list(_lines(text, parted_by, file))
    if not lines:
        raise InputProblem(f"{file} is empty.", "Give a CSV file with a header and one row for each study.")
    (_, header), *body = lines
    header = [name.strip().lower() for name in header]
    columns = _columns(header, measure, file)
    named = next((name for name in NAMES if name in header), None)
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, cells in body:
        where = f"{file}:{line}"
        if len(cells) != len(header):
            told = f"has {len(cells)} cells, and the header {len(header)}. Check the {_MARKS[parted_by]}."
            problems.append(Problem(where, told))
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        try:
            effect = _effect(row, columns, measure, comma=parted_by != ",")
        except InputProblem as problem:
            problems.append(Problem(where, str(problem)))
        else:
            rows.append(Row((row[named] if named else "") or f"line {line}", where, effect))
    if not body:
        raise InputProblem(f"{file} holds a header and no study.", "Add one row for each study.")
    return Table(rows, problems, [name for name in header if name in NUMBERS and name not in columns])


def _text(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        raise InputProblem(f"{file}:{line}: is not UTF-8.", "Save it as CSV in UTF-8.") from wrong


def _lines(text: str, parted_by: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the line it begins at."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parted_by, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as wrong:
        raise InputProblem(f"{file}:{begins}: is not CSV: {wrong}.", "Check the quotes of this row.") from wrong


def _columns(header: Sequence[str], measure: str | None, file: str) -> tuple[str, ...]:
    """Return the columns to read, all of which are in the header."""
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise InputProblem(f"{file}:1: has two columns called {' and '.join(twice)}.", "Keep one of them.")
    if measure is None:
        if "vi" in header and "sei" in header:
            raise InputProblem(f"{file}:1: has both vi and sei.", "Keep one of them: vi is the square of sei.")
        wanted = ("yi", "sei" if "sei" in header else "vi")
        if "yi" not in header and (set(MEANS) <= set(header) or set(EVENTS) <= set(header)):
            raise UsageError(f"{file} holds the numbers of arms.", "Say what to make of them: --measure MD, RR …")
    else:
        wanted = MEANS if EffectMeasure(measure) in FROM_MEANS else EVENTS
    missing = [name for name in wanted if name not in header]
    if missing:
        hint = f"Needed: {','.join(wanted)}, with commas, semicolons or tabs between them. Found: {','.join(header)}."
        raise InputProblem(f"{file}:1: has no column {' and '.join(missing)}.", hint)
    return wanted


def _effect(row: dict[str, str], columns: Sequence[str], measure: str | None, *, comma: bool) -> EffectSize:
    values = [_value(name, row[name], comma=comma) for name in columns]
    if measure is None:
        estimate, spread = values
        variance = spread if columns[1] == "vi" else spread * spread
        if spread <= 0 or not LEAST_VARIANCE <= variance <= GREATEST_VARIANCE:
            raise InputProblem(f"{columns[1]} is {spread:g}; it is above zero.", "Correct it, or leave the study out.")
        return EffectSize(estimate, variance)
    from_means = FROM_MEANS.get(EffectMeasure(measure))
    if from_means:
        m1, sd1, n1, m2, sd2, n2 = values
        return from_means(m1, sd1, int(n1), m2, sd2, int(n2))
    events1, n1, events2, n2 = map(int, values)
    return FROM_EVENTS[EffectMeasure(measure)](events1, n1, events2, n2)


def _value(name: str, cell: str, *, comma: bool) -> float:
    """``comma``: whether a decimal may be written with one."""
    if not cell:
        raise InputProblem(f"{name} is missing.", "Give it, or leave the study out.")
    # Tables copied from a page have the minus sign of typesetters.
    plain = cell.replace("\N{MINUS SIGN}", "-")
    plain = plain.replace(",", ".") if comma else plain
    value = float(plain) if _NUMBER.fullmatch(plain) else None
    if value is None or abs(value) > 1e100:
        raise InputProblem(f"{name} is '{cell[:40]}', which is no number.", "Write it with a decimal point, as 0.25.")
    if name in COUNTS and not value.is_integer():
        raise InputProblem(f"{name} is {cell[:40]}; it counts people.", "Give a whole number.")
    return value
