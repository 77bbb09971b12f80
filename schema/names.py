"""What therapies, conditions and outcomes share: names people type, a place in a hierarchy, outside terms."""

from schema.ids import Curie
from schema.record import Part
from schema.terms import MappingMatch


class Xref(Part):
    """An outside term for the same or a neighbouring concept (SKOS mapping)."""

    curie: Curie
    label: str | None = None
    match: MappingMatch
