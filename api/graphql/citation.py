"""Citations: published reports, and what became of them."""

from typing import Any

from strawberry import Parent

from api.graphql.context import Info
from api.graphql.derive import many, part_type, record_type, shown
from api.graphql.node import Node
from kb.questions.checks import check_ids
from schema import citation as records


def _name(root: Parent[records.Author]) -> str:
    """The name as PubMed prints it: `Kapural L`."""
    return root.name


def _retracted(root: Parent[records.Citation]) -> bool:
    """Whether the work is retracted or removed: it carries no weight any more."""
    return root.retracted


def _url(root: Parent[records.Citation]) -> str | None:
    """Where to read it: by its DOI, else at PubMed or PubMed Central."""
    return root.url


async def _checks(root: Parent[records.Citation], info: Info) -> Any:
    """What each source that was asked held against it, most recently; they belong to no release."""
    return await info.context.many("Check", check_ids(root.id))


@part_type(records.Author)
class Author:
    """A person or a group."""

    name: str = shown(_name)


@record_type(records.Citation, key="key", left_out={"not_read": "for editors: it names fields of the reader"})
class Citation(Node):
    """One published report."""

    retracted: bool = shown(_retracted)
    url: str | None = shown(_url)
    checks: Any = shown(_checks, many("Check"))
