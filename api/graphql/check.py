"""Checks: what bibliographic sources held against a citation, when they were asked, and whether that still stands."""

from strawberry import Parent

from api.graphql.context import Info
from api.graphql.derive import record_type, shown
from api.graphql.node import Node
from kb.questions.checks import is_stale
from schema import check as records


async def _stale(root: Parent[records.Check], info: Info) -> bool:
    """Whether it is older than a year, or the citation was corrected since: it is due again."""
    return is_stale(root, await info.context.one("Citation", root.citation))


@record_type(records.Check, key="key", left_out={"compared": "for editors: `stale` says what it is for"})
class Check(Node):
    """What a source held against a citation."""

    stale: bool = shown(_stale)
