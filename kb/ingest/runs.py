"""The load runs of one load: a run for each source that writes something, taken up again where one was cut off."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from kb.ingest.apply import now
from kb.ingest.decision import Action
from kb.ingest.report import FileReport
from kb.ingest.source import Source
from kb.store import Store, batches
from schema.load_run import LoadRun
from schema.terms import LoadState


class Runs:
    """The load runs of the sources of one load, by the index of each source."""

    def __init__(self, store: Store, sources: Sequence[Source], who: str) -> None:
        self._store = store
        self._sources = sources
        self._who = who
        self._runs: dict[int, LoadRun] = {}
        # Two chunks at once must not give one source two runs, nor one run to two sources.
        self._one_by_one = asyncio.Lock()

    def of(self, file: int) -> LoadRun:
        """Return the run of a source that has begun."""
        return self._runs[file]

    async def begin(self, files: Iterable[int]) -> None:
        """Give each of these sources a load run: an unfinished one of the same bytes is taken up again."""
        async with self._one_by_one:
            fresh = sorted(set(files) - self._runs.keys())
            unfinished = await self._unfinished(fresh)
            for file in fresh:
                source = self._sources[file]
                # Two files of the same bytes are two loads.
                if (run := unfinished.pop(source.sha256, None)) is None:
                    started = now()
                    run = LoadRun(
                        id=f"{started}-{uuid4().hex[:12]}",
                        source=source.name,
                        sha256=source.sha256,
                        format=source.format or "",
                        loader_version=source.version,
                        who=self._who,
                        started=started,
                        state=LoadState.RUNNING,
                    )
                self._runs[file] = run

    async def end(self, reports: Sequence[FileReport]) -> None:
        """Note the end of every run that began, and of an earlier one that this load completed."""
        idle = [file for file, report in enumerate(reports) if report.read and file not in self._runs]
        unfinished = await self._unfinished(idle)
        completed = {file: run for file in idle if (run := unfinished.pop(self._sources[file].sha256, None))}
        rows: list[dict[str, Any]] = []
        for file, run in (self._runs | completed).items():
            report = reports[file]
            counts = {action.value: report.counts[action] for action in Action}
            done = run.model_copy(
                update={**counts, "read": report.read, "finished": now(), "state": LoadState.COMPLETE}
            )
            rows.append({"id": run.id, "properties": done.properties()})
        for batch in batches(rows):
            await self._store.write("load_runs_end", rows=batch)

    async def _unfinished(self, files: Sequence[int]) -> dict[str, LoadRun]:
        """Return the newest unfinished run of the bytes of these sources, by their hash."""
        if not files:
            return {}
        hashes = sorted({self._sources[file].sha256 for file in files})
        rows = await self._store.read("load_runs_unfinished", hashes=hashes)
        taken = {run.id for run in self._runs.values()}
        runs = (LoadRun.from_properties(row["node"]) for row in rows)
        return {run.sha256: run for run in runs if run.id not in taken}
