"""Stamp: put everything that is approved and pending into a release that is being made."""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from kb.questions.merged import open_merges
from kb.releases.attempt import LOOKED_UP, Attempt
from kb.store import Statement, Store, portions
from schema.record import DRAFT
from schema.records import LOADED

#: Records of a label put into one release beyond which its index of what waits is made anew.
MANY = 20_000

#: Records stamped in one transaction: a statement has a limit of time.
AT_ONCE = 1000


class Stamped:
    """What was put into a release: counted, and named where that is asked for.

    A first release of very many records is not held in memory.
    """

    def __init__(self, *, named: bool) -> None:
        self._named = named
        self._sum = 0
        #: How many, by label.
        self.counts: Counter[str] = Counter()
        #: By label.
        self.ids: dict[str, set[str]] = {}

    def add(self, label: str, hashes: Mapping[str, str]) -> None:
        """Add records of one label: their content hashes by id."""
        self.counts[label] += len(hashes)
        for id_, content_hash in hashes.items():
            self._sum += int.from_bytes(sha256(f"{label}:{id_}={content_hash}".encode()).digest())
        if self._named:
            self.ids.setdefault(label, set()).update(hashes)

    @property
    def records(self) -> int:
        """How many."""
        return self.counts.total()

    @property
    def digest(self) -> bytes:
        """A hash over the contents' hashes, the same in whatever order they were added."""
        return (self._sum % (1 << 256)).to_bytes(32)


async def stamp_pending(attempt: Attempt) -> Stamped:
    """Put the pending records into the release to be. They are named unless it is the first, which touches nothing."""
    stamped = Stamped(named=attempt.before > 0)
    labels = sorted(kind.label for kind in LOADED)
    first = await asyncio.gather(*(_pending(attempt, label, stamped, AT_ONCE) for label in labels))
    for label, found in zip(labels, first, strict=True):
        waiting = found
        # Those that were stamped are not found again; one that is edited meanwhile waits for the release after this.
        while waiting:
            for rows in portions(waiting, AT_ONCE):
                edited = {row["id"] for row in rows if row["first_release"] <= attempt.before}
                waits = [{"id": row["id"], "hash": row["hash"]} for row in rows]
                stamped.add(label, await stamp_records(attempt, label, waits, edited))
            waiting = await _pending(attempt, label, stamped, LOOKED_UP)
    await _end_merged(attempt)
    return stamped


async def _pending(attempt: Attempt, label: str, stamped: Stamped, count: int) -> list[dict[str, Any]]:
    rows = await attempt.store.read("pending_nodes", {"Label": label}, draft=DRAFT, count=count)
    done = stamped.ids.get(label, ())
    return [row for row in rows if row["first_release"] != attempt.number and row["id"] not in done]


async def stamp_records(attempt: Attempt, label: str, rows: list[dict[str, str]], edited: set[str]) -> dict[str, str]:
    """Stamp records (rows of id and hash) that still are so; return their hashes.

    ``edited``: those with a revision.
    """
    names = {"Label": label}
    steps = [Statement("stamp_nodes", names, {"rows": rows, "number": attempt.number})]
    if closing := [row for row in rows if row["id"] in edited]:
        params: dict[str, Any] = {"rows": closing, "label": label, "number": attempt.number, "draft": DRAFT}
        steps.append(Statement("close_revisions", names, params))
    results = await attempt.write(*steps)
    done = {row["id"] for row in results[0]}
    return {row["id"]: row["hash"] for row in rows if row["id"] in done}


async def _end_merged(attempt: Attempt) -> None:
    """End what was published of merged citations, where this release holds the one that they were merged into."""
    merges = await open_merges(attempt.store)
    held = await attempt.store.nodes("Citation", (one.into for one in merges))
    here = {node["id"] for node in held if node["since"] == attempt.number}
    if ended := [one.revision for one in merges if one.into in here]:
        await attempt.end_revisions(ended, attempt.number)


async def renew_indexes(store: Store, stamped: Stamped) -> None:
    """Make the indexes anew that would tell slowly for ever after that what was stamped waits no more."""
    for label, count in sorted(stamped.counts.items()):
        if count > MANY:
            await store.renew_index(_index_of_waiting(label))


def _index_of_waiting(label: str) -> str:
    """``gene_drug_pair_since_id`` for GeneDrugPair."""
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", label).lower() + "_since_id"
