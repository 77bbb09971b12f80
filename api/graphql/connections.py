"""Relay: pages of a list, forwards, with opaque cursors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry

from kb.questions import Page, PageRequest
from kb.questions.paging import DEFAULT_PAGE

T = TypeVar("T")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """An item and its cursor."""

    cursor: str
    node: Any


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as it flows to the fields of a connection; ``after`` is the cursor that it was asked with."""

    page: Page[Any]
    after: str | None


def page_request(first: int | None, after: str | None) -> PageRequest:
    """Return the page that a client asks for. Raises BadPage."""
    return PageRequest(DEFAULT_PAGE if first is None else first, after)


@strawberry.type(description="An item of a list with its cursor.")
class Edge(Generic[T]):
    """An item of a list with its cursor."""

    cursor: str
    node: T

    @classmethod
    def is_type_of(cls, source: Any, _: Any) -> bool:
        """Say whether a value is one."""
        return isinstance(source, Place)


def _total(root: strawberry.Parent[Shown]) -> int:
    return root.page.total


def _nodes(root: strawberry.Parent[Shown]) -> Sequence[Any]:
    return root.page.items


def _edges(root: strawberry.Parent[Shown]) -> list[Place]:
    return [Place(cursor, item) for item, cursor in zip(root.page.items, root.page.cursors, strict=True)]


def _page_info(root: strawberry.Parent[Shown]) -> PageInfo:
    cursors = root.page.cursors
    return PageInfo(
        has_next_page=root.page.has_next,
        has_previous_page=root.after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


@strawberry.type(description="One page of a list. `totalCount` counts the whole list.")
class Connection(Generic[T]):
    """One page of a list."""

    total_count: int = strawberry.field(resolver=_total)
    nodes: Any = strawberry.field(resolver=_nodes, graphql_type=list[T])
    edges: Any = strawberry.field(resolver=_edges, graphql_type=list[Edge[T]])
    page_info: PageInfo = strawberry.field(resolver=_page_info)

    @classmethod
    def is_type_of(cls, source: Any, _: Any) -> bool:
        """Say whether a value is one."""
        return isinstance(source, Shown)
