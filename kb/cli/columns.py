"""How ``kb load`` reads the columns of tables: named on the command line, and shown before anything is written."""

from collections.abc import Mapping, Sequence

import typer

from kb.cli.sources import DAMAGE, Input
from kb.cli.tables import print_table
from kb.errors import UsageError
from loaders import table
from loaders.columns import FIELDS
from loaders.registry import detect_format
from loaders.unpack import read_head
from schema.ids import fold
from schema.parsed import Problem


def columns_shown(inputs: Sequence[Input | Problem], given: Mapping[str, str] | None) -> list[tuple[str, str, str]]:
    """Return (input, heading, field) of every table among the inputs; a heading that is passed over has a dash."""
    found: list[tuple[str, str, str]] = []
    for one in inputs:
        if isinstance(one, Input):
            try:
                with one.open() as stream:
                    head = read_head(stream, 65_536)
            except DAMAGE:
                continue
            form = detect_format(head[:4096], one.name)
            if (form is not None and form.name == "table") or (given and form is None):
                found += [(one.name, heading, field or "–") for heading, field in table.columns_of(head, given)]
    return found


def column_fields(texts: Sequence[str]) -> dict[str, str]:
    """Read ``Heading=field``; an empty field passes the column over. Raises UsageError."""
    found: dict[str, str] = {}
    for text in texts:
        heading, sign, field = text.rpartition("=")
        if not sign or not heading.strip() or field.strip() not in ("", *FIELDS):
            raise UsageError(f"{text!r} names no column.", f"Write HEADING=FIELD; fields are {', '.join(FIELDS)}.")
        found[fold(heading)] = field.strip()
    return found


def check_columns(texts: Sequence[str], inputs: Sequence[Input | Problem], given: Mapping[str, str]) -> None:
    """Raise UsageError for a heading that no table has: it would change nothing, and nobody would see it."""
    if not texts:
        return
    headings = list(dict.fromkeys(heading for _, heading, _ in columns_shown(inputs, given)))
    for text in texts:
        named = text.rpartition("=")[0]
        if fold(named) not in map(fold, headings):
            have = f"The headings are {', '.join(map(repr, headings))}." if headings else "There is no table."
            raise UsageError(f"No table has a column {named.strip()!r}.", have)


def print_columns(inputs: Sequence[Input | Problem], given: Mapping[str, str]) -> None:
    """Print how the columns of tables are read, once for all tables with the same headings."""
    by_table: dict[str, list[tuple[str, str]]] = {}
    for name, heading, field in columns_shown(inputs, given):
        by_table.setdefault(name, []).append((" ".join(heading.split()), field))
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for name, columns in by_table.items():
        alike.setdefault(tuple(columns), []).append(name)
    for columns, names in alike.items():
        more = f" and {len(names) - 1:,} more with the same headings" if names[1:] else ""
        typer.echo(f"How the columns of {names[0]}{more} are read:")
        print_table("", ["column", "read as"], [[heading, field] for heading, field in columns if field != "–"])
        if passed := [heading or "(no heading)" for heading, field in columns if field == "–"]:
            typer.echo(f"Passed over: {', '.join(passed)}.\n")
    if alike:
        typer.echo(f"--column 'HEADING=FIELD' changes it; fields: {', '.join(FIELDS)}.")


def columns_json(inputs: Sequence[Input | Problem], given: Mapping[str, str]) -> list[dict[str, str | None]]:
    """Return the same as JSON; null is passed over."""
    return [
        {"path": name, "column": heading, "field": None if field == "–" else field}
        for name, heading, field in columns_shown(inputs, given)
    ]
