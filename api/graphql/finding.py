"""Findings: single results of studies."""

from typing import Any

from strawberry import Parent

from api.graphql.context import Info
from api.graphql.derive import record_type, shown, shown_type
from api.graphql.node import Node
from schema import finding as records
from schema.dose import Dose
from schema.terms import TimeWindow


def _window(root: Parent[records.Finding]) -> TimeWindow:
    """How long after the start of treatment it was measured."""
    return root.window


async def _retracted(root: Parent[records.Finding], info: Info) -> bool:
    """Whether the report in which it was read is retracted: then it carries no weight."""
    report = await info.context.one("Citation", root.citation)
    return report.retracted


async def _dose(root: Parent[records.Finding], info: Info) -> Any:
    """How the treatment was given in its study, in fields; null where nothing of it was read."""
    study = await info.context.one("Study", root.study)
    return study.dose


@record_type(records.Finding, key="key")
class Finding(Node):
    """One result of a study."""

    window: TimeWindow = shown(_window)
    retracted: bool = shown(_retracted)
    dose: Any = shown(_dose, shown_type(Dose | None))
