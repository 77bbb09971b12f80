"""How long a page waits for the graph, which may be starting again: then whoever asked is told to come back."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from kb.errors import StoreUnavailable, TooSlow

#: Of an answer that says that the graph is away.
AWAY = {"Cache-Control": "no-store", "Retry-After": "5"}


@asynccontextmanager
async def deadline(seconds: float) -> AsyncGenerator[None]:
    """Raise StoreUnavailable where the block takes longer, or a statement ran into its own time limit."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except (TimeoutError, TooSlow):
        raise StoreUnavailable("The graph did not answer in time.", "Ask again in a little while.") from None
