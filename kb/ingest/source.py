"""Source: something to load, already opened and recognised by whoever calls."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from schema.parsed import Parsed, Problem


@dataclass(frozen=True, slots=True)
class Source:
    """A named sequence of records with the hash of the bytes they come from."""

    #: As the person who loads it called it: a path, an address, an id.
    name: str
    #: The format's name and the version of its loader; None where the format was not recognised.
    format: str | None
    version: str
    sha256: str
    #: Whether records refer across sources, so that all are needed before the first can be judged.
    whole: bool
    #: Reads the records; may be called once. Never raises on content.
    parse: Callable[[], Iterator[Parsed | Problem]]
