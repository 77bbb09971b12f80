"""Pages of a list: keyset cursors over a total order, opaque to clients, never an offset."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import orjson

from kb.errors import UsageError

T = TypeVar("T")

#: Items per page when nobody asks, and the most that may be asked for.
DEFAULT_PAGE = 20
LARGEST_PAGE = 100


class BadPage(UsageError):
    """A page that cannot be given: too many items, a negative number, a cursor that we did not make."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The first ``first`` items after the cursor ``after``; None asks for all of them. Raises BadPage."""

    first: int | None = DEFAULT_PAGE
    after: str | None = None

    def __post_init__(self) -> None:
        if self.first is None:
            return
        if self.first < 0:
            raise BadPage(f"first is {self.first}.", "Ask for 0 to 100 items.")
        if self.first > LARGEST_PAGE:
            raise BadPage(f"first is {self.first}.", f"Ask for at most {LARGEST_PAGE} items and page on with after.")


#: The whole list at once, for callers who read all of it.
EVERYTHING = PageRequest(first=None)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page: its items with a cursor each, whether there are more, and how many there are in all."""

    items: Sequence[T]
    cursors: Sequence[str]
    has_next: bool
    total: int


def encode_cursor(key: Sequence[Any]) -> str:
    """Return the opaque text of a position in the order."""
    return base64.urlsafe_b64encode(orjson.dumps(list(key))).decode().rstrip("=")


def decode_cursor(cursor: str) -> list[Any]:
    """Return the position of a cursor. Raises BadPage for anything that :func:`encode_cursor` did not make."""
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        raise BadPage("The cursor is not one of ours.", "Use endCursor of the page before.") from None
    if not isinstance(key, list) or not key:
        raise BadPage("The cursor is not one of ours.", "Use endCursor of the page before.")
    return cast(list[Any], key)


def page_of(items: Sequence[T], key: Callable[[T], tuple[Any, ...]], request: PageRequest) -> Page[T]:
    """Cut one page out of items, sorting them by ``key`` (total: its last part is the id)."""
    ordered = sorted(items, key=key)
    start = 0
    if request.after is not None:
        after = decode_cursor(request.after)
        if ordered and len(after) != len(key(ordered[0])):
            raise BadPage("The cursor belongs to another list.", "Use endCursor of the page before.")
        try:
            start = sum(1 for item in ordered if list(key(item)) <= after)
        except TypeError:
            raise BadPage("The cursor belongs to another list.", "Use endCursor of the page before.") from None
    end = len(ordered) if request.first is None else start + request.first
    shown = ordered[start:end]
    return Page(
        items=shown,
        cursors=[encode_cursor(key(item)) for item in shown],
        has_next=end < len(ordered),
        total=len(ordered),
    )
