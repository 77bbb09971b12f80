"""Bulk load: ``kb``'s ingest against the floor, a bare UNWIND of the very same rows through the same driver.

    .venv/bin/python bench/bulk_load.py [--records 20000] [--rounds 3]
    .venv/bin/python bench/bulk_load.py --memory --records 100000

Both write citations with the same properties, in batches, each batch a transaction, into an empty graph with the same
constraints; each round of each has citations of its own, for an index of the embedded engine is slow to tell that what
it held is gone. Ingest also matches every record against the graph, decides, hashes and notes where it came from.
There are two floors: rows without the match keys, which only ingest needs, and the very rows that ingest writes.
Prints records per second of each, taking turns, with the processor time per record of this process and of the embedded
engine, and the ratio of the medians to each floor. Runs on the embedded engine, or on the server of NEO4J_URI, whose
database it EMPTIES.
"""

import argparse
import asyncio
import gc
import math
import os
import resource
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.engine import ensure_engine
from kb.ingest import Action, Source, load_sources
from kb.matching import match_keys
from kb.matching.titles import read_title
from kb.settings import Settings
from kb.store import Store, batches, open_store
from schema.citation import AbstractSection, Author, Citation, MeshHeading
from schema.parsed import Parsed
from schema.record import DRAFT
from schema.records import GRAPH_NAMES

QUERIES = Path(__file__).parents[1] / "tests" / "queries"

BARE, KEYED, INGEST = "bare UNWIND", "with match keys", "kb's ingest"

WORDS = "Words of an abstract. " * 18

#: What ingest writes beside each record, of the same sizes.
ENVELOPE = {
    "content_hash": "0" * 64,
    "since": DRAFT,
    "first_release": DRAFT,
    "approval": "APPROVED",
    "clinically_reviewed": False,
    "load_run": "2026-01-01T00:00:00Z-000000000000",
    "loaded_at": "2026-01-01T00:00:00Z",
    "loaded_from": "pubmed",
}


def citation(number: int) -> Citation:
    """Make a citation about as large as PubMed's."""
    return Citation(
        id=f"pmid:{10_000_000 + number}",
        title=f"Invented trial number {number} of a treatment for long-lasting pain: a randomised comparison",
        authors=tuple(Author(family=f"Author{number}x{place}", initials="AB") for place in range(6)),
        year=2000 + number % 25,
        published=f"{2000 + number % 25}-06",
        journal="Journal of Invented Trials",
        journal_abbreviation="J Invent Trials",
        issns=("1234-5678",),
        volume=str(number % 90),
        issue=str(number % 12),
        pages=f"{number % 900}-{number % 900 + 9}",
        pmid=str(10_000_000 + number),
        doi=f"10.5555/bench.{number}",
        language="eng",
        publication_types=("Journal Article", "Randomized Controlled Trial"),
        abstract=(AbstractSection(label="AIM", text=WORDS), AbstractSection(label="RESULTS", text=WORDS)),
        mesh=tuple(MeshHeading(descriptor=f"Descriptor {place}", ui=f"D00000{place}") for place in range(8)),
    )


async def empty(store: Store) -> None:
    """Remove everything but the mark of the schema."""
    while (await store.write("wipe"))[0]["removed"]:
        pass


def processor_seconds(process: int | None) -> float:
    """Return the processor time of another process until now, where the system tells (Linux); else not a number."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return math.nan
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


async def write_bare(store: Store, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows and nothing else."""
    for batch in batches(rows):
        await store.write("create_nodes", {"Label": "Citation"}, rows=batch)


def bare(store: Store, records: Sequence[Citation]) -> Awaitable[None]:
    """Make the rows of citations, to be written without match keys."""
    rows = [{"id": one.id, "properties": {**one.properties(), **ENVELOPE}} for one in records]
    return write_bare(store, rows)


def keyed(store: Store, records: Sequence[Citation]) -> Awaitable[None]:
    """Make the rows of citations, to be written as ingest writes them."""
    rows = [{"id": one.id, "properties": {**one.properties(), **ENVELOPE, **match_keys(one)}} for one in records]
    return write_bare(store, rows)


async def ingest(store: Store, records: Iterable[Citation]) -> None:
    """Load, from records to the noted end of the load."""
    source = Source(
        "bench", "pubmed", "1", "bench", whole=False, parse=lambda: (Parsed(one, one.id) for one in records)
    )
    (report,) = await load_sources(store, [source], who="bench")
    if report.counts[Action.NEW] != report.read:
        raise SystemExit(f"not all records were loaded: {report.counts}")


@dataclass(frozen=True)
class Measured:
    """Seconds for one way of writing all records: by the clock, and of the processors."""

    seconds: float
    ours: float
    engine: float


async def measured(writing: Awaitable[None], engine: int | None) -> Measured:
    """Measure one way of writing."""
    begun, own, other = time.perf_counter(), time.process_time(), processor_seconds(engine)
    await writing
    return Measured(time.perf_counter() - begun, time.process_time() - own, processor_seconds(engine) - other)


@asynccontextmanager
async def opened() -> AsyncGenerator[tuple[Store, int | None]]:
    """Open the store, with the process of its engine where that is the embedded one."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings() if Settings().neo4j_uri else Settings(home=Path(home))
        async with open_store(settings, allowed_names=GRAPH_NAMES, folders=(QUERIES,), tied=True) as store:
            await store.ensure_schema()
            yield store, ensure_engine(settings).pid if store.engine_name == "embedded" else None


async def memory(count: int) -> None:
    """Load citations that are made one by one, and print the most memory that this process took."""
    async with opened() as (store, _):
        await empty(store)
        begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        await ingest(store, (citation(number) for number in range(count)))
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{count:,} citations loaded: at most {most:,.0f} MB in this process, {begun:,.0f} MB before the load")


async def run(count: int, rounds: int) -> None:
    """Measure and print."""
    ways: dict[str, Callable[[Store, Sequence[Citation]], Awaitable[None]]] = {
        BARE: bare,
        KEYED: keyed,
        INGEST: ingest,
    }
    async with opened() as (store, engine):
        print(f"{count:,} citations, {rounds} rounds, {store.engine_name} engine ({store.server_version})")
        found: dict[str, list[Measured]] = {name: [] for name in ways}
        made = 0
        for _ in range(rounds + 1):
            for name, write in ways.items():
                await empty(store)
                writing = write(store, [citation(made + number) for number in range(count)])
                made += count
                # Every title comes for the first time.
                read_title.cache_clear()
                # What the bench holds is no part of a load, whose records come one by one: Python is not to look
                # through it again.
                gc.collect()
                gc.freeze()
                found[name].append(await measured(writing, engine))
                gc.unfreeze()
    median: dict[str, float] = {}
    for name, all_ in found.items():
        some = all_[1:]  # the first round warms
        rates = sorted(count / one.seconds for one in some)
        median[name] = statistics.median(rates)
        ours = statistics.median(one.ours for one in some) * 1000 / count
        other = statistics.median(one.engine for one in some) * 1000 / count
        print(
            f"{name:16} {median[name]:8,.0f} records/s ({rates[0]:,.0f} to {rates[-1]:,.0f}), processor "
            f"{ours:.2f} ms a record ours + {other:.2f} ms of the engine"
        )
    for name in (BARE, KEYED):
        print(f"ratio to {name:16} {median[INGEST] / median[name]:.2f}   (goal: at least 0.60)")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", action="store_true", help="measure the memory of one load instead")
    given = parser.parse_args()
    asyncio.run(memory(given.records) if given.memory else run(given.records, given.rounds))


if __name__ == "__main__":
    main()
