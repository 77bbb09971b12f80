"""The one HTTP client: time-outs, retries that honour Retry-After, a rate limit for each host, an on-disk cache.

Requests pass the cache, then the retries, then the rate limit, then the network. What was fetched is kept in the cache
for a day, so that a run which was cut off goes on where it was. Keys and addresses of people are never stored.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from aiolimiter import AsyncLimiter
from hishel import AsyncSqliteStorage
from hishel.httpx import AsyncCacheTransport
from httpx_retries import Retry, RetryTransport

from loaders.fetch.errors import NotThere, Refused, Unreachable, Unreadable

#: Seconds to connect, and to wait for the next piece of an answer.
CONNECT_SECONDS = 10
READ_SECONDS = 60
#: How often a request is tried again.
TRIES_AGAIN = 4
#: How long a reply stays in the cache, and how large an answer may be.
KEPT_SECONDS = 86_400
LARGEST = 200_000_000

VERSION = "0.1"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where each source is asked; a mirror or a server of the tests may stand in."""

    pubmed: str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    pmc_ids: str = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/"
    crossref: str = "https://api.crossref.org"
    europe_pmc: str = "https://www.ebi.ac.uk/europepmc/webservices/rest"
    clinicaltrials: str = "https://clinicaltrials.gov/api/v2"


@dataclass(frozen=True, slots=True)
class Access:
    """How the sources are asked."""

    sources: Sources = field(default_factory=Sources)
    #: E-mail address that is told to the sources, as they ask for: Crossref and NCBI write to it before they block.
    contact: str | None = None
    #: NCBI allows ten requests a second with it, three without.
    ncbi_api_key: str | None = None
    #: Folder of the cache; None keeps nothing.
    cache: Path | None = None
    offline: bool = False
    #: Seconds that one request may wait between its tries in all, whatever Retry-After asks for.
    patience: float = 60


@asynccontextmanager
async def open_web(access: Access, transport: httpx.AsyncBaseTransport | None = None) -> AsyncGenerator["Web"]:
    """Open the client. ``transport`` stands in for the network, for replies that were recorded."""
    agent = f"treatise/{VERSION}" + (f" (mailto:{access.contact})" if access.contact else "")
    polite = _Polite(transport or httpx.AsyncHTTPTransport(), _rates(access), agent)
    chain: httpx.AsyncBaseTransport = RetryTransport(transport=polite, retry=_retry(access.patience))
    if access.cache is not None:
        access.cache.mkdir(parents=True, exist_ok=True)
        storage = AsyncSqliteStorage(database_path=access.cache / "replies.db", default_ttl=KEPT_SECONDS)
        chain = AsyncCacheTransport(chain, storage=storage)
    async with httpx.AsyncClient(
        transport=chain,
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=True,
        max_redirects=5,
    ) as client:
        yield Web(client, access)


class Web:
    """Asks sources. All methods raise errors of :mod:`loaders.fetch.errors` only."""

    def __init__(self, client: httpx.AsyncClient, access: Access) -> None:
        self._client = client
        self.access = access

    async def get(
        self,
        address: str,
        params: Mapping[str, str] | None = None,
        *,
        personal: Mapping[str, str] | None = None,
        page: bool = False,
        whole: Callable[[bytes], bool] | None = None,
    ) -> bytes:
        """Return the body of an answer, whole and decoded.

        ``personal``: parameters that say who asks; they are sent, and never stored. ``page``: an HTML page is what is
        asked for; else one is an error, for no source answers in HTML. ``whole`` tells whether a good answer has its
        end: one that was cut off behind the source's own server is asked for again, and never kept.
        """
        host = urlsplit(address).hostname or address
        if self.access.offline:
            raise Unreachable(f"{host} was not asked: KB_OFFLINE is set.", "Unset KB_OFFLINE, or load a file.")
        extensions: dict[str, Any] = {"personal": dict(personal or {}), "page": page, "whole": whole}
        try:
            response = await self._client.get(address, params=params, extensions=extensions)
        except _HtmlPage as wrong:
            raise Unreadable(
                f"{host} answered with an HTML page, not with data.", "Try again later; the source may be down."
            ) from wrong
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.DecodingError, _Cut, _TooLarge) as wrong:
            raise Unreadable(f"The answer of {host} was cut short or is not whole.", "Try again.") from wrong
        except httpx.TimeoutException as wrong:
            raise Unreachable(f"{host} did not answer in time.", "Check the network, and try again.") from wrong
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as wrong:
            raise Unreachable(
                f"{host} cannot be reached ({type(wrong).__name__}).", "Check the network and the name of the host."
            ) from wrong
        self._check(response, host)
        return response.content

    def _check(self, response: httpx.Response, host: str) -> None:
        status = response.status_code
        if response.is_success:
            return
        if status in (404, 410):
            raise NotThere(f"{host} does not know {response.url.path}.", "Check the identifier.")
        if status == 429:
            raise Refused(
                f"{host} says that it was asked too often, however long one waits.",
                "Wait a while and run it again: what was fetched is kept.",
            )
        hint = "Try again later." if status >= 500 else "Check what was asked, and the key and address in the settings."
        raise Refused(f"{host} answered with HTTP {status}.", hint)


def _rates(access: Access) -> dict[str, float]:
    """Requests a second by host, as each source asks for; 3 for all others."""
    ncbi = 10 if access.ncbi_api_key else 3
    sources = access.sources
    by_address = {
        sources.pubmed: ncbi,
        sources.pmc_ids: 3,
        sources.crossref: 5,
        sources.europe_pmc: 5,
        # ClinicalTrials.gov allows about fifty requests a minute.
        sources.clinicaltrials: 0.8,
    }
    found: dict[str, float] = {}
    for address, rate in by_address.items():
        host = urlsplit(address).netloc
        found[host] = min(rate, found.get(host, rate))
    return found


class _Polite(httpx.AsyncBaseTransport):
    """Waits its turn for each host, evenly and without a burst, and takes whole answers only.

    An answer is read here, inside the retries and before the cache: one that was cut short or is an error page in HTML
    is asked for again, and never kept.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport, rates: Mapping[str, float], agent: str) -> None:
        self._transport = transport
        self._rates = rates
        self._agent = agent
        self._limiters: dict[str, AsyncLimiter] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.netloc.decode()
        limiter = self._limiters.setdefault(host, AsyncLimiter(1, 1 / self._rates.get(host, 3)))
        # Who asks is told here, behind the cache.
        url = request.url.copy_merge_params(request.extensions.get("personal", {}))
        headers = {**request.headers, "User-Agent": self._agent}
        sent = httpx.Request(request.method, url, headers=headers, extensions=request.extensions)
        async with limiter:
            response = await self._transport.handle_async_request(sent)
        size, pieces = 0, list[bytes]()
        async for piece in response.aiter_bytes():
            size += len(piece)
            if size > LARGEST:
                raise _TooLarge
            pieces.append(piece)
        await response.aclose()
        content = b"".join(pieces)
        status = response.status_code
        if response.is_success:
            whole: Callable[[bytes], bool] | None = request.extensions.get("whole")
            if not request.extensions.get("page") and _is_html(content[:1000]):
                raise _HtmlPage
            if whole is not None and not whole(content):
                raise _Cut
        elif status == 400 and b"proxy_stream()" in content[:2000]:
            # EFetch passes on a fault of the server behind it as if the request were wrong.
            status = 502
        kept = [(name, value) for name, value in response.headers.multi_items() if name not in _OF_THE_STREAM]
        return httpx.Response(status, headers=kept, content=content, request=request)

    async def aclose(self) -> None:
        await self._transport.aclose()


#: Headers that speak of the bytes as they were sent.
_OF_THE_STREAM = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class _HtmlPage(Exception):
    pass


class _Cut(Exception):
    pass


class _TooLarge(Exception):
    pass


def _retry(patience: float) -> Retry:
    return Retry(
        total=TRIES_AGAIN,
        status_forcelist=(429, 500, 502, 503, 504),
        retry_on_exceptions=(httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, _HtmlPage, _Cut),
        backoff_factor=patience / 120,
        max_backoff_wait=patience / 2,
        total_timeout=patience or None,
    )


def _is_html(head: bytes) -> bool:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return text.startswith((b"<!doctype html", b"<html"))
