"""Replaced entries (rule 1): a therapy or condition that was merged into another one is that other one.

Records keep the id that they name, so that a merge can be taken back; wherever a release is read, each such id becomes
that of the entry in its place. A chain is followed to its end. An entry whose replacement the release does not hold
stands for itself, and so do the members of a ring, which is an error of the vocabulary (:func:`rings`).
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from schema.condition import Condition
from schema.record import Record, Ref, references
from schema.therapy import Therapy

R = TypeVar("R", bound=Record)

#: The id of a record, with its label before it.
Key = tuple[str, str]

#: What belongs to a pair of its own: a judgement is of other evidence, and a summary is derived anew.
OF_A_PAIR = frozenset({"Judgement", "Summary"})


class Replaced:
    """The replaced entries of a vocabulary, and which one stands in the place of each. Never changes once built."""

    __slots__ = ("_ends", "_held_as", "entries")

    def __init__(self, entries: Iterable[Therapy | Condition]) -> None:
        """Take the entries of the vocabulary: all, or at least the replaced ones and those that they name."""
        held: dict[Key, Therapy | Condition] = {(one.label, one.id): one for one in entries}
        self._ends = {key: end for key in held if (end := _end(key, held)) != key[1]}
        #: The replaced entries by label and id.
        self.entries: Mapping[Key, Therapy | Condition] = {key: held[key] for key in sorted(self._ends)}
        self._held_as: dict[Key, list[str]] = {}
        for label, id in self.entries:
            self._held_as.setdefault((label, self._ends[label, id]), []).append(id)

    def current(self, label: str, id: str) -> str:
        """Return the id of the entry that stands in the place of this one; its own where it is not replaced."""
        return self._ends.get((label, id), id)

    def merged_into(self, label: str, id: str) -> list[str]:
        """Return the ids of the entries that this one took the place of, in order."""
        return list(self._held_as.get((label, id), ()))

    def held_as(self, label: str, ids: Iterable[str]) -> frozenset[str]:
        """Return these ids and those of the entries that they took the place of: records may be held under each."""
        found = frozenset(ids)
        if not self._ends:
            return found
        return found.union(*(self._held_as.get((label, id), ()) for id in found))

    def moved(self, record: R) -> R:
        """Return the record with each id of a replaced entry as that of the one in its place."""
        if not self._ends or record.label in OF_A_PAIR:
            return record
        changed: dict[str, Any] = {}
        for name, ref in _naming(type(record)).items():
            value = getattr(record, name)
            if value is None:
                continue
            one = isinstance(value, str)
            now = self.current(ref.label, value) if one else self.moved_ids(ref.label, value, (record.label, record.id))
            if now != value:
                changed[name] = now
        return record.model_copy(update=changed) if changed else record

    def moved_ids(self, label: str, ids: Iterable[str], of: Key) -> tuple[str, ...]:
        """Return the ids that a record ``of`` names with each replaced one as that in its place, each once."""
        if not self._ends:
            return tuple(ids)
        moved = dict.fromkeys(self.current(label, id) for id in ids)
        # Nothing is broader than itself.
        return tuple(id for id in moved if (label, id) != of)


NOTHING_REPLACED = Replaced(())


def names_entries(record: Record) -> bool:
    """Return whether a record names a therapy or a condition."""
    return any(getattr(record, name) for name in _naming(type(record)))


def rings(entries: Iterable[Therapy | Condition]) -> list[tuple[str, ...]]:
    """Return the ids of each ring of entries of one kind that replace each other: ``(a, b)`` for a → b → a."""
    nexts = {one.id: one.replaced_by for one in entries if one.replaced_by is not None}
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for start in sorted(nexts):
        path: list[str] = []
        at: str | None = start
        while at is not None and at not in seen:
            seen.add(at)
            path.append(at)
            at = nexts.get(at)
        if at in path:
            found.append(tuple(path[path.index(at) :]))
    return found


def _end(key: Key, held: Mapping[Key, Therapy | Condition]) -> str:
    label, start = key
    seen = {start}
    at = start
    while (after := held[label, at].replaced_by) is not None and (label, after) in held:
        if after in seen:
            return start
        seen.add(after)
        at = after
    return at


@cache
def _naming(record: type[Record]) -> dict[str, Ref]:
    """The fields that name therapies or conditions, but for the one that says what took the record's own place."""
    return {
        name: ref
        for name, ref in references(record).items()
        if ref.label in (Therapy.label, Condition.label) and name != "replaced_by"
    }
