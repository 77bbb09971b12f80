"""Attempt: one attempt at the next release.

The newest attempt is the only one that may write: whoever publishes at the same time is told at its next write. What
an attempt that did not come about left behind is taken back before anything else, so that the next one may publish
less or more than it would have. Readers of the releases that there are see none of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from kb.errors import StoreBusy
from kb.questions.records import current_release
from kb.store import Statement, Store, batches
from schema.record import DRAFT, Record, waiting
from schema.records import LOADED
from schema.release import Release
from schema.revision import Revision
from schema.summary import Summary


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt at release ``number``, which comes after ``before`` (0: it is the first)."""

    store: Store
    before: int
    id: str

    @property
    def number(self) -> int:
        """The number of the release to be."""
        return self.before + 1

    async def write(self, *statements: Statement) -> list[list[dict[str, Any]]]:
        """Write in one transaction. Raises StoreBusy, and writes nothing, where another attempt has begun since."""
        newest = Statement("attempt_stands", None, {"attempt": self.id})
        busy = StoreBusy("Somebody else publishes at the same time.", "Publish again.")
        return await self.store.write_all(statements, provided=(newest, busy))

    async def end_revisions(self, ids: Sequence[str], until: int) -> None:
        """Say of which release on revisions stand no more; DRAFT: they stand."""
        await self.write(Statement("end_revisions", None, {"ids": ids, "number": until}))

    async def end_summaries(self, ids: Sequence[str], until: int) -> None:
        """Say of which release on versions of summaries stand no more; DRAFT: they stand."""
        await self.write(Statement("end_summaries", None, {"ids": ids, "number": until}))

    async def finish(self, release: Release | None) -> None:
        """End the attempt: readers see the release from here on. None: there was nothing to publish."""
        ends = Statement("attempt_ends")
        if release is None:
            await self.write(ends)
        else:
            made = {"id": release.id, "properties": release.properties()}
            await self.write(Statement("create_release", None, made), ends)


async def begin(store: Store) -> Attempt:
    """Begin an attempt at the next release, with nothing left of an earlier one."""
    id_ = uuid4().hex
    (row,) = await store.write("attempt_begins", attempt=id_)
    # Read after no other attempt can make a release any more.
    attempt = Attempt(store, await current_release(store), id_)
    if row["former"] != "":
        # Before the first release everything is a draft, and is stamped again in any case.
        await _take_back(attempt, LOADED if row["former"] or attempt.before else ())
    return attempt


async def _take_back(attempt: Attempt, kinds: Iterable[type[Record]]) -> None:
    """Take back what an attempt at the same number wrote; killed at any point, the next one goes on."""
    store, number = attempt.store, attempt.number
    # Records first: while one is stamped, an edit of it keeps the stamped content as a revision.
    for kind in kinds:
        names = {"Label": kind.label}
        stamped = await store.read("stamped_nodes", names, number=number)
        for rows in batches([{"id": row["id"], "since": waiting(row["id"])} for row in stamped]):
            await attempt.write(Statement("unstamp_nodes", names, {"rows": rows, "number": number, "draft": DRAFT}))
    touched = await store.read("revisions_touched", number=number)
    for ids in _portions(row["id"] for row in touched if row["first"] == number):
        await attempt.write(Statement("drop_made", {"Label": Revision.label}, {"ids": ids}))
    for ids in _portions(row["id"] for row in touched if row["first"] < number):
        await attempt.end_revisions(ids, DRAFT)
    summaries = await store.read("summaries_touched", number=number)
    for ids in _portions(row["id"] for row in summaries if row["first"] == number):
        await attempt.write(Statement("drop_made", {"Label": Summary.label}, {"ids": ids}))
    for ids in _portions(row["id"] for row in summaries if row["first"] < number):
        await attempt.end_summaries(ids, DRAFT)


def _portions(ids: Iterable[str]) -> Iterable[Sequence[str]]:
    for rows in batches([{"id": id_} for id_ in ids]):
        yield [row["id"] for row in rows]
