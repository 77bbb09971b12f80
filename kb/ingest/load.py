"""Load sources: plan and apply chunk by chunk, and report every record."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing, nullcontext
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from kb.errors import ConstraintViolated, StoreBusy
from kb.ingest.apply import Overtaken, apply, now, row_of
from kb.ingest.chunks import chunks
from kb.ingest.decision import Action, Incoming, Plan
from kb.ingest.foreseen import Foreseen, foresee
from kb.ingest.match_keys import ensure_match_keys
from kb.ingest.plan import plan
from kb.ingest.source import Source
from kb.store import Store, batches
from schema.load_run import LoadRun
from schema.parsed import Problem
from schema.terms import LoadState

ATTEMPTS = 8


@dataclass
class FileReport:
    """What became of one source: every record read is counted once, every problem has its place."""

    path: str
    format: str | None
    counts: Counter[Action] = field(default_factory=Counter[Action])
    problems: list[Problem] = field(default_factory=list[Problem])

    @property
    def read(self) -> int:
        """Records read, the rejected ones included."""
        return self.counts.total()


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
    with foresee(store) if preview else nullcontext() as foreseen:
        loading = _Loading(store, sources, who, foreseen, progress)
        async with aclosing(chunks(sources, loading.tell)) as reading:
            async for chunk in reading:
                await loading.settle(chunk)
        await loading.end()
    return loading.reports


class _Loading:
    """One load in progress: its reports, and the load run of every source that wrote something."""

    def __init__(
        self, store: Store, sources: Sequence[Source], who: str, foreseen: Foreseen | None, progress: Progress
    ) -> None:
        self.store = store
        self.sources = sources
        self.reports = [FileReport(source.name, source.format) for source in sources]
        self.who = who
        #: What a preview would have written; None where the load writes.
        self.foreseen = foreseen
        self.progress = progress
        self.runs: dict[int, LoadRun] = {}

    def tell(self, file: int, problem: Problem) -> None:
        """Note a problem; one that cost a record counts it as rejected."""
        self.reports[file].problems.append(problem)
        self.reports[file].counts[Action.REJECTED] += problem.rejected
        self.progress(self.reports[file])

    async def settle(self, incoming: Sequence[Incoming]) -> None:
        """Plan and apply one chunk; plan again when another load was quicker."""
        # What an attempt wrote before it was overtaken is found in place by the next plan; it is still our doing.
        written: dict[tuple[str, str], Action] = {}
        for attempt in range(ATTEMPTS):
            found = await plan(self.foreseen or self.store, incoming, who=self.who, at=now())
            writing = [one for one in found.decisions if one.action in (Action.NEW, Action.UPDATED)]
            if not (writing or found.merged or found.pairs):
                break
            await self._begin({one.incoming.file for one in writing} | {file for file, _ in found.merged})
            if self.foreseen is not None:
                for one in writing:
                    self.foreseen.add(one.record.label, [row_of(one, self.runs[one.incoming.file])["properties"]])
                self.foreseen.add("MergedCitation", (one.properties() for _, one in found.merged))
                self.foreseen.add("PossibleDuplicate", (one.properties() for one in found.pairs))
                break
            try:
                await apply(self.store, writing, self.runs, written, found.merged, found.pairs)
                break
            except (Overtaken, ConstraintViolated) as overtaken:
                if attempt + 1 == ATTEMPTS:
                    raise StoreBusy("Other loads kept changing the same records.", "Load again later.") from overtaken
                # Jitter, so that two loads of one file do not meet again and again.
                await asyncio.sleep(random.uniform(0.02, 0.1) * 2**attempt)  # noqa: S311
        else:
            raise AssertionError("the last attempt breaks or raises")
        self._count(found, written)

    def _count(self, found: Plan, written: dict[tuple[str, str], Action]) -> None:
        for file, problem in found.problems:
            self.tell(file, problem)
        touched: set[int] = set()
        for decision in found.decisions:
            action = decision.action
            if action in (Action.UNCHANGED, Action.MATCHED) and not decision.double:
                action = written.get((decision.record.label, decision.record.id), action)
            self.reports[decision.incoming.file].counts[action] += 1
            touched.add(decision.incoming.file)
        for file in sorted(touched):
            self.progress(self.reports[file])

    async def _begin(self, files: set[int]) -> None:
        """Give every source that writes a load run: an unfinished one of the same bytes is taken up again."""
        fresh = sorted(files - self.runs.keys())
        unfinished = await self._unfinished(fresh)
        for file in fresh:
            source = self.sources[file]
            # Two files of the same bytes are two loads.
            if (run := unfinished.pop(source.sha256, None)) is None:
                started = now()
                run = LoadRun(
                    id=f"{started}-{uuid4().hex[:12]}",
                    source=source.name,
                    sha256=source.sha256,
                    format=source.format or "",
                    loader_version=source.version,
                    who=self.who,
                    started=started,
                    state=LoadState.RUNNING,
                )
            self.runs[file] = run

    async def _unfinished(self, files: Sequence[int]) -> dict[str, LoadRun]:
        """Return the newest unfinished run of the bytes of these sources, by their hash."""
        if not files:
            return {}
        hashes = sorted({self.sources[file].sha256 for file in files})
        rows = await self.store.read("load_runs_unfinished", hashes=hashes)
        taken = {run.id for run in self.runs.values()}
        runs = (LoadRun.from_properties(row["node"]) for row in rows)
        return {run.sha256: run for run in runs if run.id not in taken}

    async def end(self) -> None:
        """Note the end of every run that wrote something, and of an earlier one that this load completed."""
        if self.foreseen is not None:
            return
        idle = [file for file, report in enumerate(self.reports) if report.read and file not in self.runs]
        unfinished = await self._unfinished(idle)
        completed = {file: run for file in idle if (run := unfinished.pop(self.sources[file].sha256, None))}
        rows: list[dict[str, Any]] = []
        for file, run in (self.runs | completed).items():
            report = self.reports[file]
            counts = {action.value: report.counts[action] for action in Action}
            done = run.model_copy(
                update={**counts, "read": report.read, "finished": now(), "state": LoadState.COMPLETE}
            )
            rows.append({"id": run.id, "properties": done.properties()})
        for batch in batches(rows):
            await self.store.write("load_runs_end", rows=batch)
