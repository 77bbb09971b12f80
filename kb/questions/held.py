"""Held: the records of one label that a release holds, each made of its node when it is asked for.

A vocabulary may have tens of thousands of entries, and a question names a few of them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from kb.evidence.replaced import NOTHING_REPLACED, Replaced
from kb.questions.records import all_nodes, in_revisions, parted
from kb.store import Store
from schema.record import Record

R = TypeVar("R", bound=Record)


class Held(Mapping[str, R], Generic[R]):
    """Records by id. Raises ValidationError, when it is asked for, for a node that is none of its kind."""

    def __init__(
        self, kind: type[R], nodes: Mapping[str, dict[str, Any]], made: dict[str, R], replaced: Replaced
    ) -> None:
        """Take nodes by id, and the records that are made already."""
        self.label = kind.label
        self._kind = kind
        self._nodes = nodes
        self._made = made
        self._replaced = replaced

    def __getitem__(self, id: str) -> R:
        record = self._made.get(id)
        if record is None:
            record = self._made[id] = self._replaced.moved(self._kind.from_properties(self._nodes[id]))
        return record

    def __contains__(self, id: object) -> bool:
        return id in self._made or id in self._nodes

    def __iter__(self) -> Iterator[str]:
        yield from self._nodes
        yield from (id for id in self._made if id not in self._nodes)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def named(self, field: str) -> Iterator[tuple[str, Any]]:
        """Yield the id and one plain field (None: unknown or empty) of each, without making it."""
        for id, node in self._nodes.items():
            if id not in self._made:
                yield id, node.get(field)
        for id, record in self._made.items():
            yield id, getattr(record, field)

    def standing(self, replaced: Replaced) -> "Held[R]":
        """Return those that were not merged into others, with each id of a replaced entry as that in its place."""
        gone = {id for label, id in replaced.entries if label == self.label}
        nodes = {id: node for id, node in self._nodes.items() if id not in gone and id not in self._made}
        made = {id: replaced.moved(one) for id, one in self._made.items() if id not in gone}
        return Held(self._kind, nodes, made, replaced)


async def read_held(store: Store, kind: type[R], release: int) -> Held[R]:
    """Read every record of one kind as ``release`` holds it. The draft number gives the newest content."""
    nodes, edited = parted(kind.label, await all_nodes(store, kind.label), release)
    changed = await in_revisions(store, kind.label, edited, release)
    made = {id: record for id, record in changed.items() if isinstance(record, kind)}
    return Held(kind, {node["id"]: node for node in nodes}, made, NOTHING_REPLACED)
