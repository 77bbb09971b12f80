"""Held: the records of one label that a release holds, each made of its node when it is asked for.

A vocabulary may have tens of thousands of entries, and a question names a few of them. Of a large one the places in the
hierarchy alone can be read, and the entries that are named after that.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from kb.evidence.replaced import NOTHING_REPLACED, Replaced
from kb.questions.records import all_nodes, in_revisions, parted, read_records
from kb.store import Store
from schema.record import Record

R = TypeVar("R", bound=Record)
T = TypeVar("T")

#: What is read of each node where its place alone is.
PLACE = ("id", "broader", "replaced_by", "since", "first_release")


class Unread(Exception):
    """An entry was asked for of which only the place was read."""

    def __init__(self, held: "Held[Any]", id: str) -> None:
        super().__init__(f"{held.label} {id} was not read")
        self.held = held
        self.id = id


class Held(Mapping[str, R], Generic[R]):
    """Records by id.

    Asking for one raises ValidationError for a node that is none of its kind, and Unread where only its place is known.
    """

    def __init__(
        self,
        kind: type[R],
        release: int,
        nodes: Mapping[str, dict[str, Any]],
        made: dict[str, R],
        replaced: Replaced,
        unread: Iterable[str],
    ) -> None:
        """Take nodes by id, and the records that are made already. ``unread``: ids of nodes of which this is a part."""
        self.label = kind.label
        self._kind = kind
        self._release = release
        self._nodes = nodes
        self._made = made
        self._replaced = replaced
        self._unread = set(unread)

    def __getitem__(self, id: str) -> R:
        record = self._made.get(id)
        if record is None:
            if id in self._unread:
                raise Unread(self, id)
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
        """Yield the id and one plain field (None: unknown or empty) of each, without making it; see PLACE."""
        for id, node in self._nodes.items():
            if id not in self._made:
                yield id, node.get(field)
        for id, record in self._made.items():
            yield id, getattr(record, field)

    @property
    def partial(self) -> bool:
        """Whether of some only the place is known."""
        return bool(self._unread)

    def standing(self, replaced: Replaced) -> "Held[R]":
        """Return those that were not merged into others, with each id of a replaced entry as that in its place."""
        gone = {id for label, id in replaced.entries if label == self.label}
        nodes = {id: node for id, node in self._nodes.items() if id not in gone and id not in self._made}
        made = {id: replaced.moved(one) for id, one in self._made.items() if id not in gone}
        return Held(self._kind, self._release, nodes, made, replaced, self._unread - gone)

    async def read(self, store: Store, ids: Iterable[str]) -> None:
        """Read what is unread of these."""
        wanted = self._unread.intersection(ids)
        if wanted:
            for id, record in (await read_records(store, self.label, wanted, self._release)).items():
                if isinstance(record, self._kind):
                    self._made[id] = self._replaced.moved(record)
            self._unread -= wanted


async def read_held(store: Store, kind: type[R], release: int) -> Held[R]:
    """Read every record of one kind as ``release`` holds it. The draft number gives the newest content."""
    return await _held(store, kind, release, await all_nodes(store, kind.label), whole=True)


async def read_places(store: Store, kind: type[R], release: int) -> Held[R]:
    """Read the place of every record of one kind as ``release`` holds it, and of none the rest."""
    (row,) = await store.read("all_places", {"Label": kind.label})
    nodes: list[dict[str, Any]] = [dict(zip(PLACE, place, strict=True)) for place in row["places"]]
    return await _held(store, kind, release, nodes, whole=False)


async def _held(store: Store, kind: type[R], release: int, nodes: list[dict[str, Any]], *, whole: bool) -> Held[R]:
    standing, edited = parted(kind.label, nodes, release)
    changed = await in_revisions(store, kind.label, edited, release)
    made = {id: record for id, record in changed.items() if isinstance(record, kind)}
    by_id = {node["id"]: node for node in standing}
    return Held(kind, release, by_id, made, NOTHING_REPLACED, () if whole else by_id)


async def with_what_it_asks_for(store: Store, work: Callable[[], T]) -> T:
    """Return what ``work``, which may be done again, makes; each entry that it asks for and that is unread is read."""
    while True:
        try:
            return work()
        except Unread as one:
            await one.held.read(store, [one.id])
