"""Matching speed: new citations against graphs of several sizes. The time must grow with the batch, not with the graph.

    .venv/bin/python bench/matching_speed.py [--batch 5000] [--graphs 10000,50000]

Fills the graph of the embedded engine (or of NEO4J_URI, which it EMPTIES) with made-up citations, written bare with the
properties that matching reads, up to each size in turn; at each it plans a load of new citations: a tenth of them are
papers of the graph without their identifiers, reprinted. Nothing of the plan is written, so every size gets the very
same batch. Prints seconds of planning for the batch, and for half of it.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kb.ingest.apply import now
from kb.ingest.chunks import CHUNK
from kb.ingest.content import Content
from kb.ingest.decision import Incoming
from kb.ingest.plan import plan
from kb.matching import match_keys
from kb.settings import Settings
from kb.store import Store, batches, open_store
from schema.citation import Author, Citation
from schema.parsed import Parsed
from schema.record import DRAFT
from schema.records import GRAPH_NAMES

QUERIES = Path(__file__).parents[1] / "tests" / "queries"
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


def nodes(start: int, end: int) -> Iterator[dict[str, object]]:
    """Yield the rows of the citations from one number up to another."""
    for number in range(start, end):
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


async def planned(store: Store, records: list[Citation]) -> tuple[float, Counter[str]]:
    """Return the seconds that planning the records takes, and what was decided."""
    counts: Counter[str] = Counter()
    begun = time.perf_counter()
    for start in range(0, len(records), CHUNK):
        chunk = [Incoming(Parsed(one, one.id), 0, "ris:bench", Content.of(one)) for one in records[start : start + CHUNK]]
        found = await plan(store, chunk, who="bench", at=now())
        counts.update(one.action.value for one in found.decisions)
        counts["possible duplicates"] += len(found.pairs)
    return time.perf_counter() - begun, counts


async def run(batch: int, sizes: list[int]) -> None:
    """Fill, measure and print, size by size."""
    records = arriving(batch, sizes[0])
    with tempfile.TemporaryDirectory() as home:
        settings = Settings() if Settings().neo4j_uri else Settings(home=Path(home))
        async with open_store(settings, allowed_names=GRAPH_NAMES, folders=(QUERIES,), tied=True) as store:
            await store.ensure_schema()
            while (await store.write("wipe"))[0]["removed"]:
                pass
            print(f"{batch:,} arriving citations, {store.engine_name} engine ({store.server_version})")
            held = 0
            for size in sizes:
                begun = time.perf_counter()
                for rows in batches(nodes(held, size)):
                    await store.write("create_nodes", {"Label": "Citation"}, rows=rows)
                filled, held = time.perf_counter() - begun, size
                await planned(store, records[:CHUNK])  # warms the caches of engine and driver
                half, _ = await planned(store, records[: batch // 2])
                whole, counts = await planned(store, records)
                told = ", ".join(f"{number:,} {name}" for name, number in sorted(counts.items()) if number)
                print(
                    f"{size:>10,} in the graph: {whole:7.1f} s for all ({batch / whole:,.0f}/s), {half:7.1f} s for half"
                    f"   [{told}; filled in {filled:,.0f} s]",
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
