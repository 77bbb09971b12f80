"""The graph as the API holds it: opened at the start, and again after it could not be reached."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from time import monotonic

from kb.errors import StoreUnavailable, TreatiseError
from kb.questions import Questions

log = logging.getLogger(__name__)

#: Seconds between two attempts to open a graph that cannot be reached.
PAUSE = 2.0

OpenQuestions = Callable[[], AbstractAsyncContextManager[Questions]]


class Graph:
    """Gives the questions while the graph can be reached. ``opening`` opens it for the length of a block."""

    def __init__(self, opening: OpenQuestions, pause: float = PAUSE) -> None:
        self._opening = opening
        self._pause = pause
        self._stack = AsyncExitStack()
        self._questions: Questions | None = None
        self._attempt: asyncio.Task[None] | None = None
        self._tried = 0.0

    def questions(self) -> Questions:
        """Return the questions. Raises StoreUnavailable while the graph is away, and then tries to open it."""
        if self._questions is None:
            running = self._attempt is not None and not self._attempt.done()
            if not running and monotonic() - self._tried >= self._pause:
                self._attempt = asyncio.create_task(self._open())
            raise StoreUnavailable("The graph cannot be reached.", "It is tried again every few seconds.")
        return self._questions

    async def opened(self) -> Questions:
        """Wait for the attempt that runs, if one does, and return the questions. Raises StoreUnavailable."""
        if self._attempt is not None:
            await self._attempt
        return self.questions()

    @asynccontextmanager
    async def held(self) -> AsyncGenerator[None]:
        """Open the graph for the length of the block. A graph that is away does not end the server."""
        await self._open()
        try:
            yield
        finally:
            if self._attempt is not None:
                self._attempt.cancel()
                await asyncio.gather(self._attempt, return_exceptions=True)
            if self._questions is not None:
                await self._questions.receipts.close()
            self._questions = None
            await self._stack.aclose()

    async def _open(self) -> None:
        try:
            self._questions = await self._stack.enter_async_context(self._opening())
        except TreatiseError as wrong:
            log.warning("The graph could not be opened: %s", wrong)
        finally:
            self._tried = monotonic()
