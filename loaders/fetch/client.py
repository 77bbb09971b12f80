"""The one HTTP client: time-outs, retries that honour Retry-After, a rate limit for each host, an on-disk cache.

Requests pass the cache, then the retries, then the rate limit, then the network. What was fetched is kept in the cache
for a day, so that a run which was cut off goes on where it was. Keys and addresses of people are never stored, and
never told to another host than the one that was asked.
"""

import asyncio
import logging
import socket
import sqlite3
import ssl
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import astuple, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from hishel import AsyncSqliteStorage
from hishel.httpx import AsyncCacheTransport
from httpx_retries import Retry, RetryTransport

from loaders.fetch.errors import BAD_REQUEST, TOO_MANY, FetchError, NotThere, Refused, Unreachable, Unreadable
from loaders.fetch.polite import Cut, HtmlPage, Polite, SentOn, TooLarge

#: Seconds to connect, and to wait for the next piece of an answer.
CONNECT_SECONDS = 10
READ_SECONDS = 60
#: How often a request is tried again.
TRIES_AGAIN = 4
#: After so many failures one after the other a source is given one try a request, until it answers.
FAILURES = 2
#: After so many it is not asked again by the same client.
GIVEN_UP = 10
#: How long a reply stays in the cache.
KEPT_SECONDS = 86_400
#: The cache's file, and how long another process may hold it.
REPLIES = "replies.db"
BUSY_SECONDS = 2

log = logging.getLogger(__name__)


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
    #: Seconds that one request may take in all: its tries and waits, and an answer that comes a byte at a time.
    deadline: float = 180
    #: Bytes of the largest answer that is read.
    largest: int = 200_000_000


@asynccontextmanager
async def open_web(access: Access, transport: httpx.AsyncBaseTransport | None = None) -> AsyncGenerator["Web"]:
    """Open the client. ``transport`` stands in for the network, for replies that were recorded."""
    agent = f"treatise/{version('treatise')}" + (f" (mailto:{access.contact})" if access.contact else "")
    polite = Polite(transport or httpx.AsyncHTTPTransport(), _rates(access), agent, access.largest)
    chain: httpx.AsyncBaseTransport = RetryTransport(transport=polite, retry=_retry(access.patience))
    if access.cache is not None and _is_usable(access.cache / REPLIES):
        storage = AsyncSqliteStorage(database_path=access.cache / REPLIES, default_ttl=KEPT_SECONDS)
        chain = AsyncCacheTransport(chain, storage=storage)
    async with httpx.AsyncClient(
        transport=chain,
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=True,
        max_redirects=5,
    ) as client:
        yield Web(client, access)


def _is_usable(cache: Path) -> bool:
    """Whether a cache can be read and written; without it everything is asked for anew."""
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(cache, timeout=BUSY_SECONDS, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
    except (OSError, sqlite3.Error) as wrong:
        why = getattr(wrong, "strerror", None) or wrong
        log.warning("What is fetched is not kept: the cache %s cannot be used (%s).", cache, why)
        return False
    return True


class Web:
    """Asks sources. All methods raise errors of :mod:`loaders.fetch.errors` only.

    A source that cannot be reached, or says that it was asked too often, is not asked again by the same client: its
    next requests fail at once. One that fails otherwise is asked on for a while, but no longer tried again each time:
    it may be a single record that is bad. Until a source has answered for the first time, one request waits for the
    other: without a network, the tries of a single one are lost.
    """

    def __init__(self, client: httpx.AsyncClient, access: Access) -> None:
        self._client = client
        self.access = access
        self._silent: dict[str, FetchError] = {}
        self._failures: Counter[str] = Counter()
        self._answered: set[str] = set()
        self._first: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

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
        asked for; else one is an error, for no source answers in HTML. ``whole`` tells whether a good answer is what
        was asked for, to its end: another one is asked for again, and never kept.
        """
        source = self._source(address)
        extensions: dict[str, Any] = {"personal": dict(personal or {}), "page": page, "whole": whole}
        if source not in self._answered:
            async with self._first[source]:
                if source not in self._answered:
                    return await self._asked(source, address, params, extensions)
        return await self._asked(source, address, params, extensions)

    async def find(
        self,
        address: str,
        params: Mapping[str, str] | None = None,
        *,
        personal: Mapping[str, str] | None = None,
        whole: Callable[[bytes], bool],
    ) -> bytes:
        """As :meth:`get`, where the address ends in an identifier: NotThere also if the source takes it for none."""
        try:
            return await self.get(address, params, personal=personal, whole=whole)
        except Refused as wrong:
            if wrong.status == BAD_REQUEST:
                raise NotThere(wrong.message, "Check the identifier.") from wrong
            raise

    async def _asked(
        self, source: str, address: str, params: Mapping[str, str] | None, extensions: dict[str, Any]
    ) -> bytes:
        if (why := self._silent.get(source)) is not None:
            raise why
        if self._failures[source] >= FAILURES:
            extensions["retry"] = Retry(total=0)
        try:
            content = await self._answer(address, params, extensions)
        except NotThere:
            self._answers(source)
            raise
        except FetchError as wrong:
            self._failures[source] += 1
            often = isinstance(wrong, Refused) and wrong.status == TOO_MANY
            if isinstance(wrong, Unreachable) or often or self._failures[source] >= GIVEN_UP:
                self._silent[source] = wrong
            raise
        self._answers(source)
        return content

    def _answers(self, source: str) -> None:
        self._failures[source] = 0
        self._answered.add(source)

    async def _answer(self, address: str, params: Mapping[str, str] | None, extensions: dict[str, Any]) -> bytes:
        host = urlsplit(address).hostname or address
        if self.access.offline:
            raise Unreachable(f"{host} was not asked: KB_OFFLINE is set.", "Unset KB_OFFLINE, or load a file.")
        try:
            asked = httpx.URL(address)
            async with asyncio.timeout(self.access.deadline):
                response = await self._client.get(asked, params=params, extensions={**extensions, "asked": asked})
        except HtmlPage as wrong:
            raise Unreadable(
                f"{host} answered with an HTML page, not with data.", "Try again later; the source may be down."
            ) from wrong
        except SentOn as wrong:
            raise Unreadable(
                f"{host} sent us on to {wrong}, which was not asked.",
                "Does the network ask you to sign in? If the source has moved, set its address (KB_..._URL).",
            ) from wrong
        except httpx.TooManyRedirects as wrong:
            raise Unreadable(
                f"{host} sends us round in circles.", "Try again later; the source is at fault."
            ) from wrong
        except TooLarge as wrong:
            raise Unreadable(
                f"The answer of {host} has more than {self.access.largest:,} bytes, and was given up.",
                "Look at the address with a browser; the source is at fault, or another host answers for it.",
            ) from wrong
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.DecodingError, Cut) as wrong:
            raise Unreadable(
                f"The answer of {host} is not whole, or not what was asked for: it may have been cut short.",
                "Try again; the source may be down.",
            ) from wrong
        except (httpx.TimeoutException, TimeoutError) as wrong:
            raise Unreachable(f"{host} did not answer in time.", "Check the network, and try again.") from wrong
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as wrong:
            raise Unreachable(
                f"{host} cannot be reached: {_reason(wrong)}.", "Check the network, and try again."
            ) from wrong
        self._check(response, host)
        return response.content

    def _source(self, address: str) -> str:
        """The source that is asked, told by the beginning of the address; another host stands for itself."""
        known = (one for one in astuple(self.access.sources) if address.startswith(one))
        return next(known, urlsplit(address).netloc)

    def _check(self, response: httpx.Response, host: str) -> None:
        status = response.status_code
        if response.is_success:
            return
        if status in (404, 410):
            raise NotThere(f"{host} does not know {response.url.path}.", "Check the identifier.")
        if status == TOO_MANY:
            raise Refused(
                f"{host} says that it was asked too often, however long one waits.",
                "Wait a while and run it again: what was fetched is kept.",
                status,
            )
        hint = "Try again later." if status >= 500 else "Check what was asked, and the key and address in the settings."
        raise Refused(f"{host} answered with HTTP {status}.", hint, status)


def _reason(wrong: Exception) -> str:
    """What kept us from a host, in words: the causes of an error name it better than the error itself."""
    cause: BaseException | None = wrong
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not to be trusted ({cause.verify_message})"
        if isinstance(cause, ssl.SSLError):
            return "it does not speak TLS as it should"
        if isinstance(cause, socket.gaierror):
            return "no such host is known"
        if isinstance(cause, ConnectionRefusedError):
            return "it refuses the connection"
        cause = cause.__cause__ or cause.__context__
    return type(wrong).__name__


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


def _retry(patience: float) -> Retry:
    return Retry(
        total=TRIES_AGAIN,
        status_forcelist=(TOO_MANY, 500, 502, 503, 504),
        retry_on_exceptions=(httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, HtmlPage, Cut),
        backoff_factor=patience / 120,
        max_backoff_wait=patience / 2,
        total_timeout=patience or None,
    )
