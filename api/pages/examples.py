"""The example queries: documentation, tests and registered documents at once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from api.pages.templates import EXAMPLES


@dataclass(frozen=True, slots=True)
class Example:
    """A query in a file, what it asks (its first comment line), and variables to try it with."""

    name: str
    title: str
    query: str
    variables: dict[str, Any]


@cache
def examples() -> tuple[Example, ...]:
    """Return the examples by the number in the name of their files, the first question first."""
    return tuple(_read(path.stem) for path in sorted(EXAMPLES.glob("*.graphql"), key=_number))


def _number(path: Path) -> int:
    return int(path.stem.split("-", 1)[0])


def _read(name: str) -> Example:
    query = (EXAMPLES / f"{name}.graphql").read_text("utf-8")
    variables = EXAMPLES / f"{name}.json"
    return Example(
        name,
        query.split("\n", 1)[0].removeprefix("#").strip(),
        query,
        orjson.loads(variables.read_bytes()) if variables.exists() else {},
    )
