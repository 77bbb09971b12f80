"""Kept answers: the same questions answered from memory and from the graph.

    .venv/bin/python bench/kept_answers.py [--rounds 40]

The seeds on the embedded engine, published; the example queries through the whole application without a socket, once
with answers kept (each asked before) and once with none kept, taking turns. Prints milliseconds per answer of both, and
the ratio of the medians for each query and over all.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import httpx2

from api.app import create_app
from api.http.limits import Limits
from api.pages.examples import Example, examples
from kb.ingest import Source, load_sources
from kb.questions import Questions
from kb.releases import publish
from kb.settings import Settings
from kb.store import open_store
from loaders.seeds import VERSION, parse
from schema.records import GRAPH_NAMES

SEEDS = Path(__file__).parents[1] / "seeds"


def source(path: Path) -> Source:
    """One file of the seeds."""
    content = path.read_bytes()
    digest = sha256(content).hexdigest()
    return Source(path.name, "seeds", VERSION, digest, True, lambda: parse(BytesIO(content), path.name))


async def seconds(client: httpx2.AsyncClient, example: Example) -> float:
    """Ask once; return how long the answer took."""
    begun = time.perf_counter()
    response = await client.post("/graphql", json={"query": example.query, "variables": example.variables})
    taken = time.perf_counter() - begun
    if response.status_code != 200 or "errors" in response.json():
        raise SystemExit(f"{example.name}: {response.text[:300]}")
    return taken


async def measure(rounds: int) -> None:
    """Take turns and print the table."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        async with open_store(settings, allowed_names=GRAPH_NAMES, tied=True) as store:
            await store.ensure_schema()
            await load_sources(store, [source(path) for path in sorted(SEEDS.rglob("*.yaml"))], who="bench")
            await publish(store, who="bench")
            kept = create_app(questions=Questions(store), limits=Limits(seconds=60))
            plain = create_app(questions=Questions(store), limits=Limits(seconds=60, kept_bytes=0))
            async with kept.router.lifespan_context(kept), plain.router.lifespan_context(plain):
                await _print(rounds, _client(kept), _client(plain))


async def _print(rounds: int, kept: httpx2.AsyncClient, plain: httpx2.AsyncClient) -> None:
    print(f"{'query':34} {'graph, ms':>10} {'kept, ms':>10} {'ratio':>8}")
    ratios: list[float] = []
    for example in examples():
        for client in (kept, plain):
            await seconds(client, example)
        taken: dict[bool, list[float]] = {True: [], False: []}
        for _ in range(rounds):
            taken[True].append(await seconds(kept, example))
            taken[False].append(await seconds(plain, example))
        slow, fast = statistics.median(taken[False]), statistics.median(taken[True])
        ratios.append(slow / fast)
        print(f"{example.name:34} {slow * 1000:10.2f} {fast * 1000:10.2f} {slow / fast:8.1f}")
    print(f"median ratio over the queries: {statistics.median(ratios):.1f}")


def _client(app: object) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app)  # pyright: ignore[reportArgumentType]
    return httpx2.AsyncClient(transport=transport, base_url="http://kb.bench")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    asyncio.run(measure(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
