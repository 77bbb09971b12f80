"""Rows in portions that one transaction can hold, and ids in portions that one statement can look up."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

import orjson

Row = TypeVar("Row", bound=Mapping[str, Any])
T = TypeVar("T")

# The embedded engine takes messages of up to 128 MB, and every transaction must fit its memory.
ROWS = 5_000
BYTES = 8_000_000


def weight_of(row: Mapping[str, Any]) -> int:
    """Return roughly the bytes that a row takes in a message: as many as it has as JSON."""
    return len(orjson.dumps(row, default=repr))


def batches(
    rows: Iterable[Row],
    size: int = ROWS,
    max_bytes: int = BYTES,
    weigh: Callable[[Row], int] = weight_of,
) -> Iterator[list[Row]]:
    """Split rows by count and by approximate size; a row that is larger alone comes alone."""
    portion: list[Row] = []
    filled = 0
    for row in rows:
        weight = weigh(row)
        if portion and (len(portion) >= size or filled + weight > max_bytes):
            yield portion
            portion, filled = [], 0
        portion.append(row)
        filled += weight
    if portion:
        yield portion


def portions(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Split items by count, in their order."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion
