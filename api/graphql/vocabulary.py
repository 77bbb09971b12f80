"""Outcomes, instruments, comparators and markers: what was measured, with what, and against what."""

from api.graphql.derive import record_type
from api.graphql.node import Node
from schema import comparator, instrument, marker, outcome


@record_type(instrument.Instrument)
class Instrument(Node):
    """A scale or questionnaire."""


@record_type(outcome.Outcome)
class Outcome(Node):
    """What was measured."""


@record_type(comparator.Comparator)
class Comparator(Node):
    """What the other arm got."""


@record_type(marker.Marker)
class Marker(Node):
    """Something measured to predict or watch pain."""
