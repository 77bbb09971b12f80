"""Matching speed: new citations against graphs of several sizes. The time must grow with the batch, not with the graph.

    .venv/bin/python bench/matching_speed.py [--batch 5000] [--graphs 10000,50000]

Fills the graph of the embedded engine (or of NEO4J_URI, which it EMPTIES) with made-up citations up to each size in
turn, written bare by the statement of ingest with the properties that matching reads; further processes make the rows.
At each size it plans a load of new citations, and of half as many: a tenth of them are papers of the graph without
their identifiers, reprinted. Nothing of the plan is written, so every size gets the very same batch. Prints seconds of
planning, and the seconds of processor time that they took of this process and of the embedded engine.
"""

import argparse
import asyncio
import math
import os
import random
import tempfile
import time
from collections import Counter, deque
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kb.engine import ensure_engine
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
#: Processes that make rows, the rows of a portion, and the portions made ahead.
MAKERS, PORTION, AHEAD = 2, 5_000, 4
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


def rows_of(numbers: range) -> list[dict[str, object]]:
    """Make the rows of the citations of some numbers."""
    found: list[dict[str, object]] = []
    for number in numbers:
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
        found.append({"id": one.id, "properties": {**one.properties(), **envelope, **match_keys(one)}})
    return found


async def fill(store: Store, makers: Executor, start: int, end: int) -> None:
    """Write the citations from one number up to another; some portions are made ahead."""
    portions = (range(at, min(at + PORTION, end)) for at in range(start, end, PORTION))
    making = deque(makers.submit(rows_of, one) for one in islice(portions, AHEAD))
    while making:
        rows = await asyncio.wrap_future(making.popleft())
        making.extend(makers.submit(rows_of, one) for one in islice(portions, 1))
        for batch in batches(rows):
            await store.write("create_nodes", {"Label": "Citation"}, rows=batch)


@dataclass(frozen=True)
class Planned:
    """What planning took, and what was decided."""

    seconds: float
    ours: float
    engine: float
    counts: Counter[str]


async def planned(store: Store, records: list[Citation], engine: int | None) -> Planned:
    """Plan the records, chunk by chunk."""
    counts: Counter[str] = Counter()
    begun, own, other = time.perf_counter(), time.process_time(), processor_seconds(engine)
    for start in range(0, len(records), CHUNK):
        chunk = [
            Incoming(Parsed(one, one.id), 0, "ris:bench", Content.of(one)) for one in records[start : start + CHUNK]
        ]
        found = await plan(store, chunk, who="bench", at=now())
        counts.update(one.action.value for one in found.decisions)
        counts["possible duplicates"] += len(found.pairs)
    return Planned(time.perf_counter() - begun, time.process_time() - own, processor_seconds(engine) - other, counts)


def processor_seconds(process: int | None) -> float:
    """Return the processor time of another process until now, where the system tells (Linux); else not a number."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return math.nan
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


async def run(batch: int, sizes: list[int]) -> None:
    """Fill, measure and print, size by size."""
    records = arriving(batch, sizes[0])
    with tempfile.TemporaryDirectory() as home, ProcessPoolExecutor(MAKERS) as makers:
        settings = Settings() if Settings().neo4j_uri else Settings(home=Path(home))
        async with open_store(settings, allowed_names=GRAPH_NAMES, folders=(QUERIES,), tied=True) as store:
            engine = ensure_engine(settings).pid if store.engine_name == "embedded" else None
            await store.ensure_schema()
            while (await store.write("wipe"))[0]["removed"]:
                pass
            print(f"{batch:,} arriving citations, {store.engine_name} engine ({store.server_version})")
            held = 0
            for size in sizes:
                begun = time.perf_counter()
                await fill(store, makers, held, size)
                filled, held = time.perf_counter() - begun, size
                await planned(store, records[:CHUNK], engine)  # warms the caches of engine and driver
                half = await planned(store, records[: batch // 2], engine)
                whole = await planned(store, records, engine)
                print(f"{size:>10,} in the graph (filled in {filled:,.0f} s, load {os.getloadavg()[0]:.0f})")
                for count, one in ((batch // 2, half), (batch, whole)):
                    told = ", ".join(f"{number:,} {name}" for name, number in sorted(one.counts.items()) if number)
                    print(
                        f"  {count:>10,} arriving: {one.seconds:7.1f} s ({count / one.seconds:,.0f}/s), processor "
                        f"{one.ours:.1f} s ours + {one.engine:.1f} s of the engine [{told}]",
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
