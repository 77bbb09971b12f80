"""A process that uses the store, for tests of sharing: `python -m tests.kb.client ACTION`.

open     say the engine's pid, and go
hold     say the engine's pid, and stay connected until killed or standard input closes
tie      like hold, on an engine tied to this process
merge    merge the same few keys many times, and say how often it was acknowledged
Settings come from the environment.
"""

import asyncio
import random
import sys

from kb.engine import find_engine
from kb.settings import Settings
from kb.store import Store, open_store
from tests.conftest import QUERIES


async def main(action: str) -> None:
    """Open the store of the environment's settings and do one action."""
    settings = Settings()
    async with open_store(settings, folders=(QUERIES,), tied=action == "tie") as store:
        if action == "merge":
            print(await _merge(store))
            return
        engine = find_engine(settings)
        print(engine.pid if engine else 0, flush=True)
        if action != "open":
            await asyncio.to_thread(sys.stdin.read)


async def _merge(store: Store) -> int:
    written = 0
    for _ in range(20):
        rows = [{"id": f"t{number}"} for number in range(20)]
        random.shuffle(rows)
        written += (await store.write("probe_merge", rows=rows))[0]["written"]
    return written


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
