"""The last step before the network: each host in its turn, and only answers that are whole and from whom was asked."""

from collections.abc import Callable, Mapping

import httpx
from aiolimiter import AsyncLimiter


class Polite(httpx.AsyncBaseTransport):
    """Waits its turn for each host, evenly and without a burst, and takes whole answers only.

    An answer is read here, inside the retries and before the cache: one that was cut short or is an error page in HTML
    is asked for again, and never kept.
    """

    def __init__(
        self, transport: httpx.AsyncBaseTransport, rates: Mapping[str, float], agent: str, largest: int
    ) -> None:
        self._transport = transport
        self._rates = rates
        self._agent = agent
        self._largest = largest
        self._limiters: dict[str, AsyncLimiter] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.netloc.decode()
        limiter = self._limiters.setdefault(host, AsyncLimiter(1, 1 / self._rates.get(host, 3)))
        _check_redirect(request)
        # Who asks is told here, behind the cache.
        url = request.url.copy_merge_params(request.extensions.get("personal", {}))
        headers = {**request.headers, "User-Agent": self._agent}
        sent = httpx.Request(request.method, url, headers=headers, extensions=request.extensions)
        async with limiter:
            response = await self._transport.handle_async_request(sent)
        size, pieces = 0, list[bytes]()
        async for piece in response.aiter_bytes():
            size += len(piece)
            if size > self._largest:
                raise TooLarge
            pieces.append(piece)
        await response.aclose()
        content = b"".join(pieces)
        status = response.status_code
        if response.is_success:
            whole: Callable[[bytes], bool] | None = request.extensions.get("whole")
            if not request.extensions.get("page") and _is_html(content[:1000]):
                raise HtmlPage
            if whole is not None and not whole(content):
                raise Cut
        elif status == 400 and b"proxy_stream()" in content[:2000]:
            # EFetch passes on a fault of the server behind it as if the request were wrong.
            status = 502
        kept = [(name, value) for name, value in response.headers.multi_items() if name not in _OF_THE_STREAM]
        return httpx.Response(status, headers=kept, content=content, request=request)

    async def aclose(self) -> None:
        await self._transport.aclose()


#: Headers that speak of the bytes as they were sent.
_OF_THE_STREAM = frozenset({"content-encoding", "content-length", "transfer-encoding"})


def _check_redirect(request: httpx.Request) -> None:
    """A page may lie anywhere. Data of another host, or over a connection that anybody can change, is no source's."""
    asked: httpx.URL = request.extensions["asked"]
    moved = request.url.host != asked.host or (asked.scheme == "https" and request.url.scheme != "https")
    if moved and not request.extensions.get("page"):
        raise SentOn(f"{request.url.scheme}://{request.url.host}")


class HtmlPage(Exception):
    """An HTML page stands where data should."""


class SentOn(Exception):
    """The source sends us on to another host, which the message names."""


class Cut(Exception):
    """The answer is not what was asked for, to its end."""


class TooLarge(Exception):
    """The answer has more bytes than are read."""


def _is_html(head: bytes) -> bool:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return text.startswith((b"<!doctype html", b"<html"))
