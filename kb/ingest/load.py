"""Load sources: plan and apply chunk by chunk, and report every record.

While a chunk is written the next one is planned, against the graph as the first one will leave it. Chunks are written
one after the other all the same, and one whose plan did not hold is planned again, with what was planned after it.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from kb.collector import seldom_collected
from kb.errors import ConstraintViolated, StoreBusy
from kb.ingest.apply import Overtaken, apply, now, row_of
from kb.ingest.brought import Brought, none_brought
from kb.ingest.chunks import Chunk, chunks
from kb.ingest.decision import Action, Key, Plan
from kb.ingest.foreseen import Foreseen
from kb.ingest.match_keys import ensure_match_keys
from kb.ingest.plan import plan
from kb.ingest.report import FileReport
from kb.ingest.runs import Runs
from kb.ingest.source import Source
from kb.ingest.unwritten import InMemory, on_disk
from kb.store import Reads, Store

ATTEMPTS = 8

Progress = Callable[[FileReport], None]


async def load_sources(
    store: Store, sources: Sequence[Source], *, who: str, preview: bool = False, progress: Progress = lambda _: None
) -> list[FileReport]:
    """Load sources into the graph; with ``preview`` find out what would happen and write nothing.

    Returns a report per source, in the order given. Content never raises: it is told in the reports. The store's
    errors do; what was written until then is whole, and loading again completes it. A graph that is older than the
    match keys is given them first, with ``preview`` too: they are an index, not content.
    """
    await ensure_match_keys(store)
    with seldom_collected(), none_brought() as brought:
        loading = _Loading(store, sources, who, progress, brought)
        async with aclosing(chunks(sources)) as reading:
            await (loading.foresee(reading) if preview else loading.write(reading))
    return loading.reports


@dataclass(frozen=True, slots=True)
class _Ready:
    """A chunk that is planned, and the rows to be written of it in their order."""

    chunk: Chunk
    plan: Plan
    rows: Sequence[dict[str, Any]]

    def foresee(self, graph: Foreseen) -> None:
        """Let all of it stand before a graph, as if it were written."""
        for label, rows in groupby(self.rows, key=itemgetter("label")):
            graph.add(label, (row["properties"] for row in rows))
        graph.add("MergedCitation", (one.note.properties() for one in self.plan.merged))
        graph.add("PossibleDuplicate", (one.properties() for one in self.plan.pairs))


class _Loading:
    """One load in progress, with its reports."""

    def __init__(self, store: Store, sources: Sequence[Source], who: str, progress: Progress, brought: Brought) -> None:
        self.store = store
        self.reports = [FileReport(source.name, source.format) for source in sources]
        self.who = who
        self.progress = progress
        self.runs = Runs(store, sources, who)
        self.brought = brought

    async def foresee(self, reading: AsyncGenerator[Chunk]) -> None:
        """Plan all chunks, each as if those before it were written."""
        with on_disk() as unwritten:
            graph = Foreseen(self.store, unwritten)
            async for chunk in reading:
                ready = await self._prepare(chunk, graph)
                ready.foresee(graph)
                self._count(ready, {})

    async def write(self, reading: AsyncGenerator[Chunk]) -> None:
        """Plan and write all chunks, each planned while the one before is written."""
        graph: Reads = self.store
        writing: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        writing.set_result(True)
        try:
            async for chunk in reading:
                ready = await self._prepare(chunk, graph)
                if not await writing:
                    ready = await self._prepare(chunk, self.store)
                graph = Foreseen(self.store, InMemory())
                ready.foresee(graph)
                writing = asyncio.ensure_future(self._write(ready))
        finally:
            # A source that breaks off costs nothing that was planned before.
            await writing
        await self.runs.end(self.reports)

    async def _prepare(self, chunk: Chunk, graph: Reads) -> _Ready:
        """Plan a chunk against a graph, and make what is to be written of it."""
        brought = self.brought.before(chunk.number)
        found = await plan(graph, chunk.records, who=self.who, at=now(), brought=brought)
        self.brought.add(chunk.number, found.decisions)
        writing = [one for one in found.decisions if one.action in (Action.NEW, Action.UPDATED)]
        await self.runs.begin({one.incoming.file for one in writing} | {one.file for one in found.merged})
        merged = [
            one if one.note.load_run else replace(one, note=one.note.model_copy(update={"load_run": run.id}))
            for one in found.merged
            for run in [self.runs.of(one.file)]
        ]
        rows = [row_of(one, self.runs.of(one.incoming.file)) for one in writing]
        return _Ready(chunk, replace(found, merged=merged), rows)

    async def _write(self, ready: _Ready) -> bool:
        """Write a chunk and count it; say whether it was written as planned: another load may have been quicker."""
        # What an attempt wrote before it was overtaken is found in place by the next plan; it is still our doing.
        written: dict[Key, Action] = {}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await apply(self.store, ready.rows, self.runs.of, written, ready.plan.merged, ready.plan.pairs)
            except (Overtaken, ConstraintViolated) as overtaken:
                if attempt == ATTEMPTS:
                    raise StoreBusy("Other loads kept changing the same records.", "Load again later.") from overtaken
                # Jitter, so that two loads of one file do not meet again and again.
                await asyncio.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311
                ready = await self._prepare(ready.chunk, self.store)
            else:
                self._count(ready, written)
                return attempt == 1
        raise AssertionError("the last attempt returns or raises")

    def _count(self, ready: _Ready, written: dict[Key, Action]) -> None:
        """Tell what became of the records of a chunk, and what was wrong with them."""
        touched: set[int] = set()
        for file, problem in (*ready.chunk.problems, *ready.plan.problems):
            self.reports[file].tell(problem)
            touched.add(file)
        for decision in ready.plan.decisions:
            action = decision.action
            if action in (Action.UNCHANGED, Action.MATCHED, Action.UPDATED) and not decision.double:
                action = written.get((decision.record.label, decision.record.id), action)
            counts = self.reports[decision.incoming.file].counts
            if decision.again is not None:
                # Told as if the two stood side by side: the first one with what both brought.
                first = decision.again.action
                if action is Action.UPDATED and first in (Action.UNCHANGED, Action.MATCHED):
                    counts[first] -= 1
                    counts[Action.UPDATED] += 1
                action = Action.MATCHED
            counts[action] += 1
            touched.add(decision.incoming.file)
        for file in sorted(touched):
            self.progress(self.reports[file])
