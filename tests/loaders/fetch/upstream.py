"""Recorded replies of the sources, as a transport: what each address answered."""

from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from loaders.fetch.client import Access, Web, open_web

REPLIES = Path(__file__).parents[2] / "fixtures" / "replies"

Answer = Callable[[httpx.Request], httpx.Response]


class Upstream:
    """Answers by host and path, and counts what was asked."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self._answers = answers
        self.asked: list[httpx.URL] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request; 404 for what was not recorded."""
        self.asked.append(request.url)
        place = f"{request.url.host}{request.url.path}"
        for part, answer in self._answers.items():
            if part in place:
                return answer(request)
        return httpx.Response(404)

    @property
    def places(self) -> Counter[str]:
        """How often each last part of an address was asked."""
        return Counter(url.path.rsplit("/", 1)[-1] for url in self.asked)


def content(body: bytes | str, status: int = 200, **headers: str) -> Answer:
    """Always this answer."""
    return lambda _: httpx.Response(status, content=body, headers=headers)


@asynccontextmanager
async def asking(upstream: Upstream, cache: Path | None = None, patience: float = 0.01) -> AsyncGenerator[Web]:
    """A client whose network is the recorded replies."""
    access = Access(contact="editor@example.org", ncbi_api_key="a-key", cache=cache, patience=patience)
    async with open_web(access, httpx.MockTransport(upstream)) as web:
        yield web
