"""Possible duplicates: pairs of citations that may be one paper, and what was decided."""

from typing import Any

from strawberry import Parent

from api.graphql.context import Info
from api.graphql.derive import many, record_type, shown
from api.graphql.node import Node
from schema import possible_duplicate as records


async def _citations(root: Parent[records.PossibleDuplicate], info: Info) -> Any:
    """The citations of the pair that the release holds; one that is not published yet, or was merged, is missing."""
    return await info.context.many("Citation", (root.one, root.other))


@record_type(records.PossibleDuplicate, key="key")
class PossibleDuplicate(Node):
    """Two citations that may be one paper."""

    citations: Any = shown(_citations, many("Citation"))
