"""Matching speed: new citations against graphs of several sizes. The time must grow with the batch, not with the graph.

    .venv/bin/python bench/matching_speed.py [--batch 5000] [--graphs 10000,50000]

Fills the graph of the embedded engine (or of NEO4J_URI, which it EMPTIES) up to each size in turn: with made-up
citations up to the first size, and then with further ones that the server makes itself, which is faster. At each size
it plans a load of new citations, and tells when half of them are planned: a tenth of them are papers of the first size
without their identifiers, reprinted. Nothing of the plan is written, so every size gets the very same batch. Prints
seconds of planning, and the seconds of processor time that they took of this process and of the embedded engine.
"""

import argparse
import asyncio
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path

from bulk_load import processor_seconds

from kb.engine import ensure_engine
from kb.ingest.apply import now
from kb.ingest.chunks import CHUNK
from kb.ingest.content import Content
from kb.ingest.decision import Incoming
from kb.ingest.plan import plan
from kb.matching import match_keys
from kb.matching.titles import read_title
from kb.settings import Settings
from kb.store import Store, batches, open_store
from schema.citation import Author, Citation
from schema.parsed import Parsed
from schema.record import DRAFT
from schema.records import GRAPH_NAMES

QUERIES = (Path(__file__).parent / "queries", Path(__file__).parents[1] / "tests" / "queries")
#: Citations that the server makes at a time.
PORTION = 5_000
KINDS = (
    "Effect",
    "Efficacy",
    "Safety",
    "Feasibility",
    "Outcome",
    "Cost",
    "Predictors",
    "Mechanisms",
    "Prevalence",
    "Acceptability",
)
THERAPIES = (
    "stimulation",
    "injection",
    "exercise",
    "counselling",
    "ablation",
    "massage",
    "hypnosis",
    "acupuncture",
    "taping",
    "surgery",
)
MANNERS = (
    "early",
    "late",
    "high-frequency",
    "low-dose",
    "repeated",
    "image-guided",
    "home-based",
    "supervised",
    "combined",
    "digital",
)
CONDITIONS = (
    "neck",
    "shoulder",
    "elbow",
    "wrist",
    "back",
    "hip",
    "knee",
    "ankle",
    "facial",
    "pelvic",
    "thoracic",
    "phantom",
    "cancer",
    "stump",
)
PEOPLE = ("adults", "children", "veterans", "athletes", "women", "men", "nurses", "workers", "survivors", "students")
PLACES = (
    "clinics",
    "hospitals",
    "schools",
    "villages",
    "cities",
    "hospices",
    "barracks",
    "prisons",
    "ports",
    "islands",
)
SYLLABLES = ("ka", "lo", "mi", "ren", "sta", "bel", "dor", "vin", "hu", "par", "te", "gol")


def citation(number: int) -> Citation:
    """Make the citation of a number: always the same one."""
    made = random.Random(number)
    title = (
        f"{made.choice(KINDS)} of {made.choice(MANNERS)} {made.choice(THERAPIES)} for {made.choice(CONDITIONS)} pain "
        f"in {made.choice(PEOPLE)} of {number % 97 + 20} years in {made.choice(PLACES)}: a {made.choice(MANNERS)} trial"
    )
    family = "".join(made.choice(SYLLABLES) for _ in range(3)).capitalize()
    page = made.randrange(1, 2000)
    return Citation(
        id=f"pmid:{10_000_000 + number}",
        title=title,
        authors=(Author(family=family, initials=made.choice("ABCDEFGH")),),
        year=made.randrange(1980, 2026),
        journal=f"Journal of {made.choice(THERAPIES)} and {made.choice(PLACES)}",
        volume=str(made.randrange(1, 90)),
        issue=str(made.randrange(1, 13)),
        pages=f"{page}-{page + 9}",
        pmid=str(10_000_000 + number),
    )


def arriving(count: int, smallest: int) -> list[Citation]:
    """Make the batch: new papers, and for every tenth place a paper of the smallest graph without its identifier."""
    found: list[Citation] = []
    for place in range(count):
        if place % 10:
            found.append(citation(50_000_000 + place))
        else:
            known = citation(place * 7 % smallest)
            changed = {"id": f"local:again-{place}", "pmid": None, "title": f"{(known.title or '').upper()}."}
            found.append(known.model_copy(update=changed))
    return found


def rows(count: int) -> Iterator[dict[str, object]]:
    """Yield the rows of the first citations."""
    for number in range(count):
        one = citation(number)
        envelope = {
            "content_hash": one.content_hash(),
            "since": DRAFT,
            "first_release": DRAFT,
            "approval": "APPROVED",
            "clinically_reviewed": False,
            "load_run": "bench",
            "loaded_at": "2026-01-01T00:00:00Z",
            "loaded_from": "pubmed",
        }
        yield {"id": one.id, "properties": {**one.properties(), **envelope, **match_keys(one)}}


async def fill(store: Store, start: int, end: int) -> None:
    """Bring the graph from one size to another: the first citations are written, the server makes all others."""
    if start == 0:
        for batch in batches(rows(end)):
            await store.write("create_nodes", {"Label": "Citation"}, rows=batch)
        return
    for at in range(start, end, PORTION):
        await store.write("fill_citations", start=at, end=min(at + PORTION, end))


@dataclass(frozen=True)
class Planned:
    """How many records were planned, what it took until then, and what was decided."""

    records: int
    seconds: float
    ours: float
    engine: float
    counts: Counter[str]


async def planned(store: Store, records: list[Citation], engine: int | None) -> AsyncGenerator[Planned]:
    """Plan the records, chunk by chunk; yield what it took when half of them are planned, and all."""
    read_title.cache_clear()
    counts: Counter[str] = Counter()
    begun, own, other = time.perf_counter(), time.process_time(), processor_seconds(engine)
    due = [len(records), (len(records) + 1) // 2]
    for start in range(0, len(records), CHUNK):
        some = records[start : start + CHUNK]
        chunk = [Incoming(Parsed(one, one.id), 0, "ris:bench", Content.of(one)) for one in some]
        found = await plan(store, chunk, who="bench", at=now())
        counts.update(one.action.value for one in found.decisions)
        counts["possible duplicates"] += len(found.pairs)
        if (done := start + len(some)) >= due[-1]:
            due.pop()
            seconds, ours = time.perf_counter() - begun, time.process_time() - own
            yield Planned(done, seconds, ours, processor_seconds(engine) - other, counts)


async def run(batch: int, sizes: list[int]) -> None:
    """Fill, measure and print, size by size."""
    records = arriving(batch, sizes[0])
    with tempfile.TemporaryDirectory() as home:
        settings = Settings() if Settings().neo4j_uri else Settings(home=Path(home))
        async with open_store(settings, allowed_names=GRAPH_NAMES, folders=QUERIES, tied=True) as store:
            engine = ensure_engine(settings).pid if store.engine_name == "embedded" else None
            await store.ensure_schema()
            while (await store.write("wipe"))[0]["removed"]:
                pass
            print(f"{batch:,} arriving citations, {store.engine_name} engine ({store.server_version})")
            held = 0
            for size in sizes:
                begun = time.perf_counter()
                await fill(store, held, size)
                filled, held = time.perf_counter() - begun, size
                print(
                    f"{size:>10,} in the graph (filled in {filled:,.0f} s, load {os.getloadavg()[0]:.0f})", flush=True
                )
                async for _ in planned(store, records[:CHUNK], engine):
                    pass  # warms the caches of engine and driver
                async for one in planned(store, records, engine):
                    told = ", ".join(f"{number:,} {name}" for name, number in sorted(one.counts.items()) if number)
                    print(
                        f"{one.records:>12,} arriving: {one.seconds:7.1f} s ({one.records / one.seconds:,.0f}/s), "
                        f"processor {one.ours:.1f} s ours + {one.engine:.1f} s of the engine [{told}]",
                        flush=True,
                    )


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=5_000)
    parser.add_argument("--graphs", default="10000,50000", help="sizes of the graph, rising")
    given = parser.parse_args()
    asyncio.run(run(given.batch, [int(size) for size in given.graphs.split(",")]))


if __name__ == "__main__":
    main()
