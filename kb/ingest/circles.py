"""Circles of the vocabulary: entries that are above each other, or that take each other's place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kb.evidence.replaced import Replaced, rings
from kb.evidence.rollup import Hierarchy
from schema.condition import Condition
from schema.outcome import Outcome
from schema.therapy import Therapy

#: Kinds with a hierarchy and with names that must lead to one record.
Named = Therapy | Condition | Outcome
NAMED: tuple[type[Named], ...] = (Therapy, Condition, Outcome)


@dataclass(frozen=True, slots=True)
class Circle:
    """Entries of one kind that lead round to the first of them."""

    ids: tuple[str, ...]
    #: The members, and what was merged into one of them, with the entry that it was merged into.
    members: Mapping[str, str]

    @property
    def path(self) -> str:
        """The way round, in words."""
        return " → ".join((*self.ids, self.ids[0]))


def replaced_among(entries: Iterable[Named]) -> Replaced:
    """Return which of these entries, of one kind, are replaced."""
    return Replaced(one for one in entries if not isinstance(one, Outcome))


def replacement_circles(entries: Iterable[Named]) -> Iterator[Circle]:
    """Yield the entries of one kind that take each other's place."""
    for ids in rings(one for one in entries if not isinstance(one, Outcome)):
        yield Circle(ids, {id_: id_ for id_ in ids})


def hierarchy_circles(kind: type[Named], entries: Mapping[str, Named]) -> Iterator[Circle]:
    """Yield the entries of one kind that are above each other, what was merged counting as what it was merged into."""
    replaced = replaced_among(entries.values())
    broader: dict[str, Iterable[str]] = {}
    merged: dict[str, dict[str, str]] = {}
    for id_, record in entries.items():
        current = replaced.current(kind.label, id_)
        merged.setdefault(current, {})[id_] = current
        if current == id_:
            broader[id_] = [replaced.current(kind.label, above) for above in record.broader]
    for ids in Hierarchy(broader).cycles():
        # A merge is part of the circle too: of what was merged into a member, each.
        yield Circle(ids, {old: new for one in ids for old, new in merged[one].items()})
