"""Pages: patient education, claim by claim and reference by reference, as it was read and checked."""

from typing import Any

import strawberry
from strawberry import Parent

from api.graphql.connections import Connection, Shown, page_request
from api.graphql.context import Info
from api.graphql.derive import record_type, shown
from api.graphql.node import Node, plain_id
from kb.errors import NotFound
from kb.questions.pages import find_pages
from kb.questions.paging import DEFAULT_PAGE, page_of
from schema import organization
from schema import page as records


async def ask_page(info: Info, id: strawberry.ID, as_of: int | None = None) -> Any:
    """One patient-education page by id (global or plain)."""
    await info.context.read_at(as_of)
    found = await info.context.find("Page", plain_id("Page", id) or "")
    if found is None:
        raise NotFound(id, kind="No page")
    return found


async def ask_pages(
    info: Info,
    therapy: str | None = None,
    condition: str | None = None,
    as_of: int | None = None,
    first: int | None = DEFAULT_PAGE,
    after: str | None = None,
) -> Shown:
    """Patient-education pages by title; those with a statement about a therapy, a condition, or one about both.

    So a site sees which of its pages lean on an answer. Any name of each will do, and narrower ones count.
    """
    number = await info.context.read_at(as_of)
    found = await find_pages(
        info.context.questions,
        page_request(first, after),
        therapy=plain_id("Therapy", therapy),
        condition=plain_id("Condition", condition),
        as_of=number,
    )
    return Shown(found, after)


async def _statements(
    root: Parent[records.Page], info: Info, first: int | None = DEFAULT_PAGE, after: str | None = None
) -> Shown:
    """Its claims, in the order of the page."""
    found = await info.context.parts_of_page("Statement", root.id)
    return Shown(page_of(found, lambda one: (one.position, one.id), page_request(first, after)), after)


async def _references(
    root: Parent[records.Page], info: Info, first: int | None = DEFAULT_PAGE, after: str | None = None
) -> Shown:
    """Its reference list, in order."""
    found = await info.context.parts_of_page("Reference", root.id)
    return Shown(page_of(found, lambda one: (one.position, one.id), page_request(first, after)), after)


@record_type(organization.Organization)
class Organization(Node):
    """Who publishes pages."""


@record_type(records.Statement)
class Statement(Node):
    """One claim of a page."""


@record_type(records.Reference)
class Reference(Node):
    """One entry of a reference list."""


@record_type(records.Page)
class Page(Node):
    """A patient-education page."""

    statements: Any = shown(_statements, Connection[Statement])
    references: Any = shown(_references, Connection[Reference])
