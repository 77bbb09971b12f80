"""Outcomes, instruments, comparators and markers: what was measured, with what, and against what."""

from typing import Any

from strawberry import Parent

from api.graphql.context import Info
from api.graphql.derive import record_type, shown, term_type
from api.graphql.node import Node
from schema import comparator, instrument, marker, outcome
from schema.condition import Condition
from schema.names import name_in
from schema.terms import Language
from schema.therapy import Therapy

# Fields take it as an argument before any type shows it.
term_type(Language)


async def replaced_by(root: Parent[Therapy | Condition], info: Info) -> Any:
    """The one that it was merged into, and that answers in its place; null where it stands for itself."""
    catalogue = await info.context.questions.catalogue(await info.context.release())
    current = catalogue.vocabulary.replaced.current(root.label, root.id)
    return None if current == root.id else await info.context.one(root.label, current)


async def replaces(root: Parent[Therapy | Condition], info: Info) -> Any:
    """Those that were merged into it: whoever asks for one of them gets this one, under its present name."""
    catalogue = await info.context.questions.catalogue(await info.context.release())
    return await info.context.many(root.label, catalogue.vocabulary.replaced.merged_into(root.label, root.id))


def name_in_language(
    root: Parent[Therapy | Condition | outcome.Outcome | comparator.Comparator], language: Language = Language.EN
) -> str:
    """Its name. In English where it has none in the language."""
    return name_in(language, root.name, root.labels)


@record_type(instrument.Instrument)
class Instrument(Node):
    """A scale or questionnaire."""


@record_type(outcome.Outcome)
class Outcome(Node):
    """What was measured."""

    name: Any = shown(name_in_language, str)


@record_type(comparator.Comparator)
class Comparator(Node):
    """What the other arm got."""

    name: Any = shown(name_in_language, str)


@record_type(marker.Marker)
class Marker(Node):
    """Something measured to predict or watch pain."""
