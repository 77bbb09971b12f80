"""How many operations of this process run at once, and how long others wait for their turn."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from api.http.limits import Limits
from api.http.request import Refused


class Load:
    """Counts the operations of one process."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._free = asyncio.Semaphore(limits.running)
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Hold one of the places. Raises Refused (429) when the queue is full or the wait too long."""
        if self._free.locked() and self._waiting >= self._limits.waiting:
            raise _busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.wait_seconds):
                await self._free.acquire()
        except TimeoutError:
            raise _busy() from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()


def _busy() -> Refused:
    return Refused(429, "TOO_BUSY", "Too many questions at once. Ask again in a moment.", {"Retry-After": "2"})
