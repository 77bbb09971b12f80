"""What differs between the data that was shown and the data that the same question gives now."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

import orjson

#: Letters told of one value.
LETTERS = 300


@dataclass(frozen=True, slots=True)
class Differing:
    """A place in the data, such as ``evidence.nodes[0].sentence``, and what it held and holds.

    Values as JSON, cut after some letters; None where there is none. Of lists of another length their lengths.
    """

    place: str
    before: str | None
    after: str | None


def differing(before: Any, after: Any, place: str = "") -> Iterator[Differing]:
    """Yield the places in which two pieces of JSON differ, in their order, each as deep as can be."""
    if before == after:
        return
    if _is_object(before) and _is_object(after):
        for name in dict.fromkeys((*before, *after)):
            yield from differing(before.get(name), after.get(name), f"{place}.{name}" if place else name)
    elif _is_list(before) and _is_list(after):
        if len(before) != len(after):
            yield Differing(place, f"{len(before):,} entries", f"{len(after):,} entries")
            return
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differing(one, other, f"{place}[{number}]")
    else:
        yield Differing(place, _told(before), _told(after))


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _told(value: Any) -> str | None:
    if value is None:
        return None
    text = orjson.dumps(value).decode()
    return text if len(text) <= LETTERS else f"{text[:LETTERS]}…"
