"""Receipts: given with every answer, remembered a little later and together, and found again.

Writing to the graph at each reading would cost more than the reading, and hand a stranger a way to fill the disk. So a
receipt is derived from what was asked and shown (the same question and answer give the same one, which is kept once),
it waits in memory for a moment and is written with others, and only the newest are kept.
"""

import asyncio
import logging
from collections import OrderedDict
from hashlib import sha256
from typing import Any

import orjson

from kb.errors import NotFound, TreatiseError
from kb.store import Store, batches
from schema.receipt import Receipt

log = logging.getLogger(__name__)

#: Receipts kept in the graph; the oldest are forgotten first.
KEPT = 100_000
#: Seconds that receipts wait for others, and how many may wait; those beyond are given and not remembered.
PAUSE = 1.0
WAITING = 10_000
#: Receipts written between two looks at how many there are.
LOOK_AFTER = 1_000


def make_receipt(
    query: str, variables: dict[str, Any], operation_name: str | None, release: int, data: Any, given: str
) -> Receipt:
    """Return the receipt of an answer."""
    asked = orjson.dumps(variables, option=orjson.OPT_SORT_KEYS).decode()
    shown = data_hash(data)
    parts = orjson.dumps([query, asked, operation_name, release, shown])
    return Receipt(
        id=sha256(parts).hexdigest(),
        query=query,
        variables=asked,
        operation_name=operation_name,
        release=release,
        data_hash=shown,
        given=given,
    )


def data_hash(data: Any) -> str:
    """Return the hash of what was shown, in the order it was asked for."""
    return sha256(orjson.dumps(data)).hexdigest()


class Receipts:
    """Remembers receipts. ``kept``: how many at most."""

    def __init__(self, store: Store, kept: int = KEPT) -> None:
        self._store = store
        self._kept = kept
        self._waiting: OrderedDict[str, Receipt] = OrderedDict()
        self._writing: dict[str, Receipt] = {}
        self._task: asyncio.Task[None] | None = None
        self._written = LOOK_AFTER

    def remember(self, receipt: Receipt) -> None:
        """Put a receipt to those that are written next. Returns at once."""
        if len(self._waiting) >= WAITING and receipt.id not in self._waiting:
            log.warning("More than %d receipts wait: one was given that is not remembered.", WAITING)
            return
        self._waiting.setdefault(receipt.id, receipt)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._soon())

    async def find(self, id: str) -> Receipt:
        """Return a receipt that was given. Raises NotFound for one that never was, or is forgotten."""
        waiting = self._waiting.get(id) or self._writing.get(id)
        if waiting is not None:
            return waiting
        nodes = await self._store.nodes("Receipt", [id])
        if not nodes:
            wrong = NotFound(id, kind="No receipt")
            wrong.hint = f"It was never given here, or is forgotten: the newest {self._kept:,} are kept."
            raise wrong
        return Receipt.from_properties(nodes[0])

    async def flush(self) -> None:
        """Write what waits. Raises errors of the store; then it still waits."""
        while self._waiting:
            self._writing, self._waiting = dict(self._waiting), OrderedDict()
            try:
                for rows in batches([{"id": one.id, "properties": one.properties()} for one in self._writing.values()]):
                    await self._store.write("keep_receipts", rows=rows)
                    self._written += len(rows)
            except BaseException:
                self._waiting = OrderedDict(self._writing | self._waiting)
                raise
            finally:
                self._writing = {}
        await self._forget()

    async def close(self) -> None:
        """Write what waits, and end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        try:
            await self.flush()
        except TreatiseError as wrong:
            log.warning("%d receipts could not be kept: %s", len(self._waiting), wrong)

    async def _soon(self) -> None:
        while self._waiting:
            await asyncio.sleep(PAUSE)
            try:
                await self.flush()
            except TreatiseError as wrong:
                log.warning("%d receipts wait: %s", len(self._waiting), wrong)

    async def _forget(self) -> None:
        if self._written < LOOK_AFTER:
            return
        self._written = 0
        (row,) = await self._store.read("count_nodes", {"Label": "Receipt"})
        if row["nodes"] > self._kept:
            oldest = await self._store.read("oldest_receipts", count=row["nodes"] - self._kept)
            await self._store.write("drop_nodes", {"Label": "Receipt"}, ids=[each["id"] for each in oldest])
