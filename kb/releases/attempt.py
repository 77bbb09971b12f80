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
from kb.store import Statement, Store, portions, unless_kept
from schema.citation import Citation
from schema.record import DRAFT
from schema.records import LOADED
from schema.release import Release
from schema.revision import Revision
from schema.summary import Summary

#: Records or answers written in one transaction: a statement has a limit of time.
AT_ONCE = 500

#: Those that wait, or are to be taken back, looked up at once: an index is slow to tell what it held before, and it
#: does so at each look.
LOOKED_UP = 20_000


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
        return await self.store.write_all(statements, provided=[newest], otherwise=busy)

    async def end_revisions(self, ids: Sequence[str], until: int) -> None:
        """Say of which release on revisions stand no more; DRAFT: they stand."""
        await self.write(Statement("end_revisions", None, {"ids": ids, "number": until}))

    async def end_summaries(self, ids: Sequence[str], until: int) -> None:
        """Say of which release on versions of summaries stand no more; DRAFT: they stand."""
        await self.write(Statement("end_summaries", None, {"ids": ids, "number": until}))

    async def finish(self, release: Release | None) -> None:
        """End the attempt: readers see the release from here on. None: there was nothing to publish."""
        steps = [Statement("attempt_ends", None, {"attempt": self.id})]
        if release is not None:
            made = {"id": release.id, "properties": release.properties()}
            steps.insert(0, Statement("create_release", None, made))
        await unless_kept(self.write(*steps), self._ended)

    async def _ended(self) -> bool:
        return bool(await self.store.read("attempt_ended", attempt=self.id))


async def begin(store: Store) -> Attempt:
    """Begin an attempt at the next release, with nothing left of an earlier one."""
    id_ = uuid4().hex
    (row,) = await store.write("attempt_begins", attempt=id_)
    # Read after no other attempt can make a release any more.
    attempt = Attempt(store, await current_release(store), id_)
    if row["former"] != "":
        await _take_back(attempt)
    return attempt


async def _take_back(attempt: Attempt) -> None:
    """Take back what an attempt at the same number wrote; killed at any point, the next one goes on."""
    store, number = attempt.store, attempt.number
    some: dict[str, Any] = {"number": number, "count": LOOKED_UP}
    # Records first: while one is stamped, an edit of it keeps the stamped content as a revision.
    for kind in LOADED:
        while stamped := await store.read("stamped_nodes", {"Label": kind.label}, **some):
            await _unstamp(attempt, kind.label, [row["id"] for row in stamped])
    while touched := await store.read("revisions_touched", **some):
        # Edited after it was stamped: the earliest release that holds it is not this one.
        edited = [row for row in touched if row["first"] == number]
        for label in {row["label"] for row in edited}:
            await _unstamp(attempt, label, [row["record"] for row in edited if row["label"] == label])
        # Or merged into another one after it was stamped.
        for ids in portions((row["record"] for row in edited if row["label"] == Citation.label), AT_ONCE):
            await attempt.write(Statement("unstamp_merged", None, {"ids": ids, "number": number, "draft": DRAFT}))
        for ids in portions((row["id"] for row in edited), AT_ONCE):
            await attempt.write(Statement("drop_nodes", {"Label": Revision.label}, {"ids": ids}))
        for ids in portions((row["id"] for row in touched if row["first"] < number), AT_ONCE):
            await attempt.end_revisions(ids, DRAFT)
    while touched := await store.read("summaries_touched", **some):
        for ids in portions((row["id"] for row in touched if row["first"] == number), AT_ONCE):
            await attempt.write(Statement("drop_nodes", {"Label": Summary.label}, {"ids": ids}))
        for ids in portions((row["id"] for row in touched if row["first"] < number), AT_ONCE):
            await attempt.end_summaries(ids, DRAFT)


async def _unstamp(attempt: Attempt, label: str, ids: Iterable[str]) -> None:
    """Let records wait for a release again."""
    for some in portions(ids, AT_ONCE):
        params: dict[str, Any] = {"ids": some, "number": attempt.number, "draft": DRAFT}
        await attempt.write(Statement("unstamp_nodes", {"Label": label}, params))
