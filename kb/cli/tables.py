"""How results are printed: tables for people, one JSON document for programs."""

import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

import orjson
import typer

from kb.errors import OutputLost

if TYPE_CHECKING:
    from schema.parsed import Problem

#: Problems printed in full; the rest are counted, and all of them are in ``--json``.
PROBLEMS_SHOWN = 200

#: Width of a table where there is no terminal to ask.
WIDTH = 120

#: Greatest width of the other columns beside a wide one.
NARROW = 24


def print_json(document: Any) -> None:
    """Print one JSON document to standard output."""
    typer.echo(json_text(document))


def json_text(document: Any) -> str:
    """Return one JSON document as it is printed."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def camel_case(document: Any) -> Any:
    """Return a document of a record's fields with its keys spelled as all our JSON has them: ``ci_low`` → ``ciLow``."""
    if isinstance(document, dict):
        held = cast(dict[str, Any], document)
        return {re.sub(r"_([a-z0-9])", lambda one: one[1].upper(), key): camel_case(held[key]) for key in held}
    if isinstance(document, list):
        return [camel_case(one) for one in cast(list[Any], document)]
    return document


def write_whole(output: Path, write: Callable[[TextIO], object]) -> None:
    """Write a file that takes its name when it is whole: an interrupted run leaves the earlier one as it was.

    Raises OutputLost.
    """
    unfinished = output.with_name(f"{output.name}.part")
    try:
        with unfinished.open("w", encoding="utf-8") as out:
            write(out)
        unfinished.replace(output)
    except OSError as wrong:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise OutputLost(
            f"{output} could not be written: {wrong.strerror or wrong}.", "Check the path, and that there is room."
        ) from wrong


def print_problems(problems: "Sequence[Problem]", shown: int = PROBLEMS_SHOWN) -> None:
    """Print problems with their places on standard error, the first ``shown`` of them in full."""
    for problem in problems[:shown]:
        typer.echo(f"{'' if problem.rejected else 'warning: '}{problem.where}: {problem.message}", err=True)
    if len(problems) > shown:
        typer.echo(f"… and {len(problems) - shown:,} more; --json prints them all.", err=True)


def problems_json(problems: "Sequence[Problem]") -> list[dict[str, str]]:
    """Return problems as the JSON contracts have them."""
    return [{"where": one.where, "message": one.message} for one in problems]


def print_table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numeric: Sequence[str] = (),
    wide: str | None = None,
    whole: Sequence[str] = (),
) -> None:
    """Print a table with a title.

    Columns in ``numeric`` are set to the right, those in ``whole`` are never broken (identifiers), and ``wide`` gets
    the room that is left.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=box.SIMPLE_HEAD,
        expand=wide is not None,
    )
    for column in columns:
        side = "right" if column in numeric else "left"
        if column == wide:
            table.add_column(column, overflow="fold", ratio=1)
        elif wide is None or column in whole:
            table.add_column(column, justify=side, overflow="fold", no_wrap=column in whole)
        else:
            table.add_column(column, justify=side, overflow="fold", max_width=NARROW)
    for row in rows:
        # Text, not markup: what a record says is printed as it is.
        table.add_row(*(Text(cell) for cell in row), end_section=wide is not None)
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH)
    console.print(table)


def words(term: str) -> str:
    """Return a controlled term in plain letters: ``VERY_LOW`` → ``very low``."""
    return term.replace("_", " ").lower()


def counted(count: int, noun: str) -> str:
    """Return how many of something there are: ``1 claim``, ``2 claims``."""
    return f"{count:,} {noun if count == 1 else f'{noun}s'}"


def number(value: float | None) -> str:
    """Return a number as it is read, or a dash for what is not reported."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"
