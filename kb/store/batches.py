"""Rows in portions that one transaction can hold."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

Row = TypeVar("Row", bound=Mapping[str, Any])

# The embedded engine takes messages of up to 128 MB, and every transaction must fit its memory.
ROWS = 5_000
BYTES = 8_000_000


def batches(rows: Iterable[Row], size: int = ROWS, max_bytes: int = BYTES) -> Iterator[list[Row]]:
    """Split rows by count and by approximate size; a row that is larger alone comes alone."""
    portion: list[Row] = []
    filled = 0
    for row in rows:
        weight = _weight(row)
        if portion and (len(portion) >= size or filled + weight > max_bytes):
            yield portion
            portion, filled = [], 0
        portion.append(row)
        filled += weight
    if portion:
        yield portion


def _weight(value: Any) -> int:
    """Roughly the bytes that a value takes in a message, never much too few."""
    if isinstance(value, str):
        return 5 + (len(value) if value.isascii() else len(value.encode()))
    if isinstance(value, bytes | bytearray):
        return 5 + len(value)
    if isinstance(value, Mapping):
        pairs = cast(Mapping[str, Any], value)
        return 5 + sum(_weight(name) + _weight(part) for name, part in pairs.items())
    if isinstance(value, Sequence):
        return 5 + sum(_weight(part) for part in cast(Sequence[Any], value))
    return 9
