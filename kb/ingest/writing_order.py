"""The order in which decisions are written: each after what it refers to."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from kb.ingest.decision import Decision
from schema.record import references
from schema.records import LOADED


def in_writing_order(decisions: Iterable[Decision]) -> list[Decision]:
    """Order decisions by kind, and within a kind by what they refer to."""
    by_label: dict[str, dict[str, Decision]] = {}
    for decision in decisions:
        by_label.setdefault(decision.record.label, {})[decision.record.id] = decision
    ordered: list[Decision] = []
    for kind in LOADED:
        group = by_label.get(kind.label, {})
        if not any(ref.label == kind.label for ref in references(kind).values()):
            ordered += group.values()
            continue
        needed = {
            id_: [edge.target for edge in one.record.edges() if edge.label == kind.label and edge.target in group]
            for id_, one in group.items()
        }
        if not any(needed.values()):
            ordered += group.values()
            continue
        try:
            ordered += [group[id_] for id_ in TopologicalSorter(needed).static_order()]
        except CycleError:
            # Studies may include each other in print; one transaction holds them all the same.
            ordered += group.values()
    return ordered
