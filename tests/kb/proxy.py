"""A wire between the store and its server that a test can cut or hold."""

import asyncio
import contextlib
from typing import Self


class Proxy:
    """Passes bytes on to a port of this machine until it is cut."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self._held = False
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut(for_good=True)

    def cut(self, for_good: bool = False) -> None:
        """Break every connection; new ones are taken unless it is for good."""
        if for_good and self._server is not None:
            self._server.close()
        while self._writers:
            self._writers.pop().transport.abort()

    def hold(self) -> None:
        """Keep every connection open and pass nothing on any more."""
        self._held = True

    async def _pass(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, on = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers += [back, on]
        with contextlib.suppress(OSError):
            await asyncio.gather(self._pump(near, on), self._pump(far, back))

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            if not self._held:
                sink.write(data)
                await sink.drain()
        sink.close()
