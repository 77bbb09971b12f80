"""Ahead: what an asynchronous generator yields, each while the next one is being made."""

import asyncio
from collections.abc import AsyncGenerator
from typing import TypeVar

T = TypeVar("T")


async def ahead(making: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """Yield what a generator yields, and close it at the end; leave it early only inside `contextlib.aclosing`.

    What the next one asks for is asked before the present one is yielded.
    """
    task = asyncio.ensure_future(anext(making, None))
    try:
        while (one := await task) is not None:
            task = asyncio.ensure_future(anext(making, None))
            # Lets it begin, for whoever gets the present one may not wait for anything.
            await asyncio.sleep(0)
            yield one
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await making.aclose()
