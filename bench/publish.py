"""Publishing: everything, then after one changed finding and after one retracted citation, in graphs of several sizes.

    .venv/bin/python bench/publish.py [--findings 5000,50000] [--per-field 5000] [--changes 5] [--one-pair]
                                      [--answered 50000] [--home FOLDER]

The graph is that of ``bench/graphs/synthetic.py``: copies of the seeds' studies; for each ``--per-field`` findings a
field with a vocabulary of its own, so that the pairs of a graph of any size are as large as one field makes them.
``--one-pair`` puts all findings on one pair instead. ``--answered``: so many of the findings, fields of their own, are
published and changed; the others are written afterwards as published, without answers. Every publish is a process of
its own, as ``kb publish`` is; its modules are imported before the clock starts. Prints for each size

- everything: findings per second, peak memory of the process, answers derived;
- one changed finding and one retracted citation: median seconds (and range), answers derived, and the floor, measured
  in between: the bare statements that read the findings of the same pairs, each once, and write one answer as large as
  their largest; and the ratio of the two.

Runs on the embedded engine in a temporary folder (``--heap`` is its memory), or on the server of NEO4J_URI, whose
database it EMPTIES. ``--home`` keeps the graph of one size in a folder: run again, it is changed and published further,
not made again.
"""

import argparse
import asyncio
import multiprocessing
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from bench.graphs.synthetic import Seeds, copied, copies, field_vocabulary, fill, vocabulary
from kb.evidence.summaries import touched_pairs
from kb.ingest import Source, load_sources
from kb.questions.records import current_release, read_records
from kb.questions.vocabulary import read_catalogue
from kb.releases import publish
from kb.settings import Settings
from kb.store import Store, batches, open_store
from schema.citation import Citation, Retraction
from schema.finding import Finding
from schema.parsed import Parsed
from schema.record import Record
from schema.records import GRAPH_NAMES
from schema.terms import RetractionState

QUERIES = Path(__file__).parents[1] / "tests" / "queries"

#: The pair of ``--one-pair``, and findings for each field of a graph without it.
PAIR = ("tens", "knee-osteoarthritis")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Run:
    """One publish in a process of its own."""

    seconds: float
    cpu: float
    peak_mb: float
    records: int
    derived: int


def in_a_process(settings: Settings, profile: str | None = None) -> Run:
    """Publish in a fresh process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(publish_here, settings, profile).result()


def publish_here(settings: Settings, profile: str | None) -> Run:
    """Publish in this process, and tell what it took."""
    for module in ("scipy.optimize", "scipy.special"):
        import_module(module)

    async def work(store: Store) -> Run:
        begun, cpu = time.perf_counter(), time.process_time()
        done = await publish(store, who="bench")
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return Run(seconds, cpu, peak, done.records, done.summaries_derived)

    if profile is None:
        return asyncio.run(with_store(settings, work))
    import cProfile

    watch = cProfile.Profile()
    run = watch.runcall(lambda: asyncio.run(with_store(settings, work)))
    watch.dump_stats(profile)
    return run


async def with_store(settings: Settings, work: Callable[[Store], Awaitable[T]]) -> T:
    """Do something with the graph."""
    async with open_store(settings, allowed_names=GRAPH_NAMES, folders=(QUERIES,)) as store:
        return await work(store)


@dataclass(frozen=True, slots=True)
class Size:
    """How many findings, in how many fields, and the first fields that have answers."""

    findings: int
    fields: int
    answered: int
    pair: tuple[str, str] | None


async def made(store: Store, seeds: Seeds, size: Size) -> float:
    """Fill the graph with what is to be answered; return the seconds it took."""
    begun = time.perf_counter()
    await store.ensure_schema()
    while (await store.write("wipe"))[0]["removed"]:
        pass
    await fill(store, iter([list(vocabulary(seeds))]))
    await _filled(store, seeds, size, range(size.answered))
    return time.perf_counter() - begun


async def added(store: Store, seeds: Seeds, size: Size) -> float:
    """Write the other fields as the first release would hold them; return the seconds it took."""
    begun = time.perf_counter()
    await _filled(store, seeds, size, range(size.answered, size.fields), release=1)
    return time.perf_counter() - begun


async def _filled(store: Store, seeds: Seeds, size: Size, only: range, release: int | None = None) -> None:
    for field in only:
        if field:
            await fill(store, iter([list(field_vocabulary(seeds, field))]), release)
    await fill(store, copies(seeds, size.findings, size.fields, size.pair, only), release)


async def changed(store: Store, record: Record) -> None:
    """Load one changed record as any load does."""
    parsed = Parsed(record, record.id)
    source = Source("bench", "seeds", "1", record.content_hash(), whole=False, parse=lambda: iter([parsed]))
    await load_sources(store, [source], who="bench")


def edited(finding: Finding) -> Finding:
    """One more person in each arm, and another wording."""
    arms = tuple(arm.model_copy(update={"n": arm.n and arm.n + 1}) for arm in finding.arms)
    return finding.model_copy(update={"arms": arms, "locus": f"{finding.locus}, corrected"})


def retracted(citation: Citation) -> Citation:
    """The same report, retracted."""
    state = Retraction(state=RetractionState.RETRACTED, date="2026-01-01", reason="Synthetic.")
    return citation.model_copy(update={"retraction": state})


async def floor(store: Store, finding: Finding) -> tuple[float, int]:
    """Seconds of the bare statements behind one changed finding, and how many findings they read."""
    release = await current_release(store)
    trees = (await read_catalogue(store, release)).vocabulary
    pairs = touched_pairs(finding, trees)
    therapies = {id for pair in pairs for id in trees.therapy_tree.narrower(pair[0])}
    conditions = {id for pair in pairs for id in trees.condition_tree.narrower(pair[1])}
    begun = time.perf_counter()
    ids: set[str] = set()
    for therapy in sorted(therapies):
        asked = {"therapy": therapy, "conditions": sorted(conditions)}
        rows = await store.read("findings_of_pairs", rows=[asked])
        ids |= {id for row in rows for id in row["ids"]}
    for some in batches([{"id": id} for id in sorted(ids)]):
        await store.nodes("Finding", [row["id"] for row in some])
    seconds = time.perf_counter() - begun
    rows = [{"therapy": therapy, "condition": condition} for therapy, condition in sorted(pairs)]
    standing = [row["node"] for row in await store.read("summaries_of_pairs", rows=rows, release=release)]
    if standing:
        largest = max(standing, key=lambda node: sum(len(str(value)) for value in node.values()))
        row = {"id": "bench|floor", "properties": {**largest, "id": "bench|floor", "first": 0, "until": 0}}
        begun = time.perf_counter()
        await store.write("write_summaries", rows=[row])
        seconds += time.perf_counter() - begun
        await store.write("drop_nodes", {"Label": "Summary"}, ids=["bench|floor"])
    return seconds, len(ids)


def told(name: str, runs: list[Run]) -> None:
    """Print one line for publishes of one kind."""
    seconds = [run.seconds for run in runs]
    answers = f"{min(run.derived for run in runs):,} to {max(run.derived for run in runs):,}"
    print(
        f"  {name:20} {statistics.median(seconds):8.2f} s  ({min(seconds):.2f} to {max(seconds):.2f}), own CPU "
        f"{statistics.median(run.cpu for run in runs):.2f} s, "
        f"answers derived {answers}, peak {max(run.peak_mb for run in runs):,.0f} MB",
        flush=True,
    )


async def measure(settings: Settings, count: int, given: argparse.Namespace, seeds: Seeds) -> None:
    """Fill a graph of one size, publish, change, publish; print."""
    fields = 1 if given.one_pair else max(1, count // given.per_field)
    answered = min(fields, max(1, given.answered // given.per_field)) if given.answered else fields
    size = Size(count, fields, answered, PAIR if given.one_pair else None)
    print(f"{count:,} findings, {fields} fields{f', all on {PAIR}' if given.one_pair else ''}", flush=True)
    if not (given.home and await with_store(settings, current_release)):
        filled = await with_store(settings, lambda store: made(store, seeds, size))
        print(f"  filled in            {filled:8.0f} s", flush=True)
        whole = in_a_process(settings, given.profile and f"{given.profile}.{count}.whole")
        published = count * answered // fields
        print(
            f"  everything           {whole.seconds:8.1f} s  own CPU {whole.cpu:.1f} s, {published:,} findings, "
            f"{published / whole.seconds:,.0f} findings/s, {whole.records:,} "
            f"records, {whole.derived:,} answers derived, peak {whole.peak_mb:,.0f} MB",
            flush=True,
        )
        if answered < fields:
            filled = await with_store(settings, lambda store: added(store, seeds, size))
            print(f"  others filled in     {filled:8.0f} s", flush=True)
    nothing = in_a_process(settings)
    print(f"  nothing to publish   {nothing.seconds:8.2f} s  peak {nothing.peak_mb:,.0f} MB", flush=True)
    chosen = random.Random(count + await with_store(settings, current_release))
    last = (count - 1) // sum(len(some) for some in seeds.findings.values())
    findings: list[Run] = []
    floors: list[tuple[float, int]] = []
    citations: list[Run] = []
    for number in range(given.changes):
        bundle = next(b for b in _bundles(seeds, chosen, max(1, last), size))

        async def change(
            store: Store, of: type[Any], how: Callable[[Any], Record], bundle: list[Record] = bundle
        ) -> None:
            one = next(each for each in bundle if isinstance(each, of))
            held = (await read_records(store, of.label, [one.id], 1_000_000))[one.id]
            await changed(store, how(held))

        await with_store(settings, lambda store: change(store, Finding, edited))
        findings.append(in_a_process(settings, given.profile and f"{given.profile}.{count}.finding{number}"))
        one = next(each for each in bundle if isinstance(each, Finding))
        floors.append(await with_store(settings, lambda store: floor(store, one)))  # noqa: B023
        await with_store(settings, lambda store: change(store, Citation, retracted))
        citations.append(in_a_process(settings, given.profile and f"{given.profile}.{count}.citation{number}"))
    told("one changed finding", findings)
    told("one retracted report", citations)
    ratios = [run.seconds / bare for run, (bare, _) in zip(findings, floors, strict=True)]
    print(
        f"  floor                {statistics.median(bare for bare, _ in floors):8.2f} s  findings read "
        f"{min(n for _, n in floors):,} to {max(n for _, n in floors):,}; ratio {statistics.median(ratios):.1f} "
        f"({min(ratios):.1f} to {max(ratios):.1f})",
        flush=True,
    )


def _bundles(seeds: Seeds, chosen: random.Random, made: int, size: Size) -> Iterator[list[Record]]:
    """Yield studies of the answered fields at random, each as it was written, with its reports and findings."""
    while True:
        place, copy = chosen.randrange(len(seeds.studies)), chosen.randrange(made)
        if copy % size.fields >= size.answered:
            continue
        bundle = copied(seeds, place, copy, size.fields, size.pair)
        if any(isinstance(one, Finding) and one.therapies and one.conditions for one in bundle):
            yield bundle


async def run(given: argparse.Namespace) -> None:
    """Measure each size in turn."""
    seeds = Seeds()
    for count in [int(one) for one in given.findings.split(",")]:
        with nullcontext(given.home) if given.home else tempfile.TemporaryDirectory() as home:
            settings = Settings() if Settings().neo4j_uri else Settings(home=Path(home), engine_heap=given.heap)
            # Holds the engine, which ends with it.
            async with open_store(settings, allowed_names=GRAPH_NAMES, folders=(QUERIES,), tied=True) as store:
                print(f"{store.engine_name} engine ({store.server_version}), heap {settings.engine_heap}")
                await measure(settings, count, given, seeds)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--findings", default="5000,50000", help="sizes, comma between")
    parser.add_argument("--per-field", type=int, default=5000, help="findings of one field")
    parser.add_argument("--changes", type=int, default=5)
    parser.add_argument("--one-pair", action="store_true")
    parser.add_argument("--heap", default="1g")
    parser.add_argument("--answered", type=int, help="findings that are published; all of them unless told")
    parser.add_argument("--home", help="folder that keeps the graph (of one size)")
    parser.add_argument("--profile", help="write profiles of every publish to files that begin like this")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
