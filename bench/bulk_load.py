"""Bulk load: ``kb``'s ingest against the floor, a bare UNWIND of the very same rows through the same driver.

    .venv/bin/python bench/bulk_load.py [--records 20000] [--rounds 3]

Both write the same citations with the same properties, in batches, each batch a transaction, into an empty graph with
the same constraints. Ingest also matches every record against the graph, decides, hashes and notes where it came from.
Prints records per second of both, interleaved, and the ratio of the medians. Runs on the embedded engine, or on the
server of NEO4J_URI, whose database it EMPTIES.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from kb.ingest import Action, Source, load_sources
from kb.settings import Settings
from kb.store import Store, batches, open_store
from schema.citation import AbstractSection, Author, Citation, MeshHeading
from schema.parsed import Parsed
from schema.record import DRAFT
from schema.records import GRAPH_NAMES

QUERIES = Path(__file__).parents[1] / "tests" / "queries"

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


def citations(count: int) -> list[Citation]:
    """Make citations about as large as PubMed's."""
    return [
        Citation(
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
        for number in range(count)
    ]


async def empty(store: Store) -> None:
    """Remove everything but the mark of the schema."""
    while (await store.write("wipe"))[0]["removed"]:
        pass


async def floor(store: Store, rows: list[dict[str, Any]]) -> float:
    """Seconds for the bare writes."""
    begun = time.perf_counter()
    for batch in batches(rows):
        await store.write("create_nodes", {"Label": "Citation"}, rows=batch)
    return time.perf_counter() - begun


async def ours(store: Store, records: list[Citation]) -> float:
    """Seconds for ingest, from records to the noted end of the load."""
    parsed = [Parsed(record, record.id) for record in records]
    source = Source("bench", "pubmed", "1", "bench", whole=False, parse=lambda: iter(parsed))
    begun = time.perf_counter()
    (report,) = await load_sources(store, [source], who="bench")
    seconds = time.perf_counter() - begun
    if report.counts[Action.NEW] != len(records):
        raise SystemExit(f"only {report.counts} of {len(records)} records were loaded")
    return seconds


async def run(count: int, rounds: int) -> None:
    """Measure and print."""
    records = citations(count)
    rows = [{"id": one.id, "properties": {**one.properties(), **ENVELOPE}} for one in records]
    with tempfile.TemporaryDirectory() as home:
        settings = Settings() if Settings().neo4j_uri else Settings(home=Path(home))
        async with open_store(settings, allowed_names=GRAPH_NAMES, folders=(QUERIES,), tied=True) as store:
            await store.ensure_schema()
            print(f"{count:,} citations, {rounds} rounds, {store.engine_name} engine ({store.server_version})")
            floors: list[float] = []
            loads: list[float] = []
            for _ in range(rounds + 1):
                await empty(store)
                floors.append(count / await floor(store, rows))
                await empty(store)
                loads.append(count / await ours(store, records))
            # The first round warms both.
            bare, load = statistics.median(floors[1:]), statistics.median(loads[1:])
            print(f"bare UNWIND   {bare:10,.0f} records/s   ({min(floors[1:]):,.0f} to {max(floors[1:]):,.0f})")
            print(f"kb's ingest   {load:10,.0f} records/s   ({min(loads[1:]):,.0f} to {max(loads[1:]):,.0f})")
            print(f"ratio         {load / bare:10.2f}   (goal: at least 0.60)")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    asyncio.run(run(given.records, given.rounds))


if __name__ == "__main__":
    main()
