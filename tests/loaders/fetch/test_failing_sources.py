"""Sources that fail in every way there is, on this machine: each costs what it was asked for, and nothing else."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

import httpx
import pytest

from loaders.fetch.by_id import Fetched, Unanswered, Wanted, fetch_by_id
from loaders.fetch.client import Access, Sources, open_web
from loaders.fetch.crossref import fetch_work
from loaders.fetch.errors import Unreachable
from loaders.identifiers import identified
from schema.parsed import Problem
from tests.loaders.fetch.upstream import REPLIES

Send = Callable[["Handler"], None]

PUBMED = (
    b"<?xml version='1.0'?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>900001</PMID><Article>"
    b"<ArticleTitle>T</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
)
NO_PMID = b'{"esearchresult": {"idlist": []}}'
NOTHING = b'{"hitCount": 0, "resultList": {"result": []}}'


class Handler(BaseHTTPRequestHandler):
    """Sends what the server was told to."""

    def do_GET(self) -> None:
        assert isinstance(self.server, Server)
        self.server.asked.append(self.path)
        self.server.send(self)

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """One source."""

    def __init__(self, send: Send) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.send = send
        self.asked: list[str] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone is none of our business."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serving(send: Send) -> Generator[Server]:
    server = Server(send)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def always(status: int, body: bytes = b"", **headers: str) -> Send:
    return lambda handler: handler.reply(status, body, **headers)


def pubmed(handler: Handler) -> None:
    if "efetch" in handler.path:
        handler.reply(200, PUBMED)
    else:
        handler.reply(200, b'{"records": []}' if "idconv" in handler.path else NO_PMID)


def cut(handler: Handler) -> None:
    handler.reply(200, b'{"message-type": "work", "mess', Content_Length="5000")
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


def drip(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(400):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def circle(handler: Handler) -> None:
    handler.reply(302, Location=handler.path)


def elsewhere(handler: Handler) -> None:
    handler.reply(302, Location=f"http://localhost:{cast(Server, handler.server).server_port}/sign-in")


async def ask(sources: Sources, *texts: str, deadline: float = 60) -> tuple[list[str], dict[str, str]]:
    """The names of what was fetched, and what was told of each identifier."""
    access = Access(sources, contact="editor@example.org", patience=0.01, deadline=deadline, largest=100_000)
    names: list[str] = []
    told: dict[str, str] = {}
    async with open_web(access) as web:
        pairs = [(text, identified(text)) for text in texts]
        async for one in fetch_by_id(web, [Wanted(*pair, where=text) for text, pair in pairs if pair]):
            if isinstance(one, Fetched):
                names.append(one.name)
            elif isinstance(one, Unanswered):
                told[one.wanted.where] = f"unanswered: {one.error.message}"
            else:
                told[one.where] = one.message
    return names, told


@pytest.mark.parametrize(
    ("send", "said"),
    [
        (always(400, b"{}"), "neither PubMed, Crossref nor Europe PMC has doi:10.5555/invented.7"),
        (always(404), "neither PubMed, Crossref nor Europe PMC has"),
        (always(410), "neither PubMed, Crossref nor Europe PMC has"),
        (always(403), "unanswered: 127.0.0.1 answered with HTTP 403"),
        (always(500), "unanswered: 127.0.0.1 answered with HTTP 500"),
        (always(503, Retry_After="Thu, 01 Jan 1970 00:00:00 GMT"), "HTTP 503"),
        (always(503, Retry_After="Fri, 31 Dec 2999 23:59:59 GMT"), "HTTP 503"),
        (always(503, Retry_After="soon"), "HTTP 503"),
        (always(429, Retry_After="86400"), "asked too often"),
        (cut, "cut short"),
        (drip, "did not answer in time"),
        (always(200, b"<!DOCTYPE html><html><body>Down</body></html>"), "an HTML page"),
        (always(200, b"<html>sign in</html>", Content_Type="application/json"), "an HTML page"),
        (always(200, b"<a/>", Content_Type="application/json"), "not what was asked for"),
        (always(200, b"error code: 1015"), "not what was asked for"),
        (always(200, b"[" * 50_000), "not what was asked for"),
        (always(200, b'{"status": "failed", "message": null}'), "not what was asked for"),
        (always(200, b"{" + b" " * 200_000 + b"}"), "more than 100,000 bytes"),
        (always(200, b"no gzip", Content_Encoding="gzip"), "not what was asked for"),
        (circle, "round in circles"),
        (elsewhere, "sent us on to http://localhost, which was not asked"),
    ],
)
async def test_a_failing_source_costs_no_more_than_its_own_identifiers(send: Send, said: str):
    with serving(pubmed) as good, serving(send) as failing, serving(always(200, NOTHING)) as europe:
        sources = Sources(good.address, good.address, failing.address, europe.address)
        names, told = await ask(sources, "pmid:900001", "10.5555/invented.7", deadline=1 if send is drip else 60)
    assert names == ["PubMed, reply 1"]
    assert list(told) == ["10.5555/invented.7"]
    assert said in told["10.5555/invented.7"]


async def test_a_host_that_another_one_sends_to_learns_nothing_of_who_asks():
    with serving(elsewhere) as failing, serving(always(200, NOTHING)) as europe:
        await ask(Sources(failing.address, failing.address, failing.address, europe.address), "10.5555/invented.7")
    assert all("editor%40example.org" in path for path in failing.asked)
    assert not any("sign-in" in path for path in failing.asked)


async def test_a_source_out_of_reach_is_tried_once_and_the_others_are_asked():
    work = (REPLIES / "crossref_work.json").read_bytes()
    dois = [f"10.5555/invented.{number}" for number in range(3)]
    with serving(always(200, work)) as crossref, closed_port() as nobody:
        sources = Sources(nobody, nobody, crossref.address, nobody, nobody)
        names, told = await ask(sources, "pmid:900001", *dois, "NCT04676100")
    assert names == [f"Crossref {doi}" for doi in dois]
    assert (
        told["pmid:900001"]
        == told["NCT04676100"]
        == "unanswered: 127.0.0.1 cannot be reached: it refuses the connection."
    )
    # Crossref's record is not the best that there may be.
    assert all("a better source did not answer" in told[doi] for doi in dois)


async def test_a_source_that_was_asked_too_often_is_left_in_peace():
    dois = [f"10.5555/invented.{number}" for number in range(5)]
    with serving(pubmed) as good, serving(always(429)) as crossref, serving(always(200, NOTHING)) as europe:
        _, told = await ask(Sources(good.address, good.address, crossref.address, europe.address), *dois)
    assert list(told) == dois
    assert len(crossref.asked) == 5


async def test_a_source_with_one_bad_record_is_asked_for_the_others():
    work = (REPLIES / "crossref_work.json").read_bytes()

    def send(handler: Handler) -> None:
        handler.reply(*((200, work) if handler.path.endswith(".7") or ".7?" in handler.path else (500, b"")))

    dois = [f"10.5555/invented.{number}" for number in (1, 2, 3, 4, 7)]
    with serving(pubmed) as good, serving(send) as crossref, serving(always(200, NOTHING)) as europe:
        names, told = await ask(Sources(good.address, good.address, crossref.address, europe.address), *dois)
    assert names == ["Crossref 10.5555/invented.7"]
    assert list(told) == dois[:-1]
    # The first two are tried five times each; then the source has one try for each.
    assert len(crossref.asked) == 5 + 5 + 1 + 1 + 1


async def test_a_source_that_fails_on_and_on_is_given_up():
    dois = [f"10.5555/invented.{number}" for number in range(15)]
    with serving(pubmed) as good, serving(always(500)) as crossref, serving(always(200, NOTHING)) as europe:
        _, told = await ask(Sources(good.address, good.address, crossref.address, europe.address), *dois)
    assert list(told) == dois
    assert all("HTTP 500" in one for one in told.values())
    # Five tries each for the first two, one each until ten have failed, and none for the rest.
    assert len(crossref.asked) == 5 + 5 + 8


async def test_without_a_network_only_one_request_is_tried():
    asked: list[str] = []

    def lost(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        raise httpx.ConnectError("invented", request=request)

    async with open_web(Access(patience=0.01), httpx.MockTransport(lost)) as web:
        dois = [f"10.5555/invented.{number}" for number in range(8)]
        failed = await asyncio.gather(*(fetch_work(web, doi) for doi in dois), return_exceptions=True)
    assert {type(one) for one in failed} == {Unreachable}
    assert len(asked) == 5
    assert len(set(asked)) == 1


async def test_a_source_that_has_answered_is_asked_for_several_records_at_the_same_time():
    waiting = asyncio.Event()
    begun = 0

    async def answer(request: httpx.Request) -> httpx.Response:
        nonlocal begun
        begun += 1
        if begun == 3:
            waiting.set()
        if begun > 1:
            await waiting.wait()
        return httpx.Response(200, content=(REPLIES / "crossref_work.json").read_bytes())

    async with open_web(Access(patience=0.01), httpx.MockTransport(answer)) as web:
        async with asyncio.timeout(20):
            await asyncio.gather(*(fetch_work(web, f"10.5555/invented.{number}") for number in range(3)))
    assert begun == 3


async def test_a_search_that_failed_behind_pubmed_is_not_taken_for_one_that_found_nothing():
    failed = b'{"esearchresult": {"ERROR": "Search Backend failed"}}'
    with (
        serving(always(200, failed)) as good,
        serving(always(404)) as crossref,
        serving(always(200, NOTHING)) as europe,
    ):
        _, told = await ask(Sources(good.address, good.address, crossref.address, europe.address), "10.5555/invented.7")
    assert told["10.5555/invented.7"].startswith("unanswered")


async def test_a_host_that_does_not_take_connections_or_speaks_no_tls_is_told():
    with socket.socket() as full, serving(always(200)) as plain:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        held = [socket.socket() for _ in range(4)]
        for one in held:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        silent = f"http://127.0.0.1:{full.getsockname()[1]}"
        secure = plain.address.replace("http:", "https:")
        _, told = await ask(Sources(silent, silent, secure, silent, secure), "pmid:900001", deadline=1)
        _, more = await ask(Sources(silent, silent, secure, silent, secure), "NCT04676100")
        for one in held:
            one.close()
    assert told | more == {
        "pmid:900001": "unanswered: 127.0.0.1 did not answer in time.",
        "NCT04676100": "unanswered: 127.0.0.1 cannot be reached: it does not speak TLS as it should.",
    }


async def test_a_name_that_nobody_knows_is_told():
    def unknown(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("invented", request=request) from socket.gaierror(-2, "Name or service not known")

    async with open_web(Access(patience=0.01), httpx.MockTransport(unknown)) as web:
        found = [one async for one in fetch_by_id(web, [Wanted("pmid", "7", "here")])]
    assert [one.error.message for one in found if isinstance(one, Unanswered)] == [
        "eutils.ncbi.nlm.nih.gov cannot be reached: no such host is known."
    ]
    assert not any(isinstance(one, Problem) for one in found)


@contextmanager
def closed_port() -> Generator[str]:
    """An address where nobody listens, kept from others."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"
