"""Studies: one investigation, however many reports it has."""

from typing import Any

from strawberry import Parent

from api.graphql.context import Info
from api.graphql.derive import part_type, record_type, shown, shown_one
from api.graphql.node import Node
from schema import study as records


async def _retracted(root: Parent[records.Study], info: Info) -> bool:
    """Whether every report of it is retracted: then it carries no weight."""
    reports = await info.context.many("Citation", root.citations)
    return records.retracted(root, reports)


def _review(root: Parent[records.Study]) -> bool:
    """Whether it rests on other studies: a review, a meta-analysis or a guideline."""
    return root.review


def _randomised(root: Parent[records.Study]) -> bool:
    """Whether people (or groups) were allocated by chance."""
    return root.randomised


@part_type(records.Harm)
class Harm:
    """One adverse event of a study."""

    outcome: Any = shown_one("Outcome", "outcome", "The outcome that the event is counted under.", optional=True)
    citation: Any = shown_one("Citation", "citation", "The report in which it was read.")


@part_type(records.Reading)
class Reading:
    """How often the numbers of one report were read."""

    citation: Any = shown_one("Citation", "citation", "The report in which it was read.")


@record_type(records.Study)
class Study(Node):
    """One investigation."""

    retracted: bool = shown(_retracted)
    review: bool = shown(_review)
    randomised: bool = shown(_randomised)
