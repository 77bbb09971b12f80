"""The client: what it asks for again, what it keeps, and what it says when a source does not answer as it should."""

import gzip
from pathlib import Path

import httpx
import pytest

from loaders.fetch.client import Access, open_web
from loaders.fetch.errors import FetchError, NotThere, Refused, Unreachable, Unreadable
from tests.loaders.fetch.upstream import Answer, Upstream, asking, content


def after(times: int, first: Answer, then: Answer) -> Answer:
    """Answer one way so many times, then another."""
    asked = iter(range(times))

    def answer(request: httpx.Request) -> httpx.Response:
        return first(request) if next(asked, None) is not None else then(request)

    return answer


def broken(error: type[httpx.HTTPError]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("invented", request=request)  # pyright: ignore[reportCallIssue]

    return answer


class Cut(httpx.AsyncByteStream):
    """A reply that breaks off in the middle."""

    async def __aiter__(self):
        yield b'{"half": '
        raise httpx.RemoteProtocolError("peer closed the connection")


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "first",
    [
        content("", 429, **{"Retry-After": "0"}),
        content("", 503),
        # Clock skew: a moment that is long past, and one that is far away.
        content("", 429, **{"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}),
        content("", 503, **{"Retry-After": "Fri, 31 Dec 2999 23:59:59 GMT"}),
        content("<!DOCTYPE html><html><body>Down for maintenance</body></html>"),
        broken(httpx.ConnectError),
        broken(httpx.ReadTimeout),
        lambda _: httpx.Response(200, stream=Cut()),
    ],
)
async def test_a_passing_fault_is_asked_for_again(first: Answer):
    upstream = Upstream({"host": after(2, first, content('{"whole": 1}'))})
    async with asking(upstream) as web:
        assert await web.get("https://host.example/data") == b'{"whole": 1}'


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (content("", 429, **{"Retry-After": "9999"}), Refused, "asked too often"),
        (content("", 500), Refused, "HTTP 500"),
        (content("", 403), Refused, "HTTP 403"),
        (content("", 404), NotThere, "does not know /data"),
        (content(" <html>oops</html>"), Unreadable, "HTML page"),
        (broken(httpx.ConnectError), Unreachable, "cannot be reached"),
        (broken(httpx.ConnectTimeout), Unreachable, "did not answer in time"),
        (lambda _: httpx.Response(200, stream=Cut()), Unreadable, "cut short"),
        (content(b"no gzip", 200, **{"Content-Encoding": "gzip"}), Unreadable, "not whole"),
    ],
)
async def test_a_lasting_fault_is_said_with_the_host_and_a_way_out(answer: Answer, error: type[FetchError], said: str):
    async with asking(Upstream({"host": answer})) as web:
        with pytest.raises(error) as caught:
            await web.get("https://host.example/data")
    assert said in caught.value.message
    assert "host.example" in caught.value.message
    assert caught.value.hint


async def test_what_was_fetched_is_not_asked_for_again_and_no_secret_is_kept(tmp_path: Path):
    upstream = Upstream({"host": content('{"whole": 1}')})
    for key in ("first-key", "second-key"):
        async with asking(upstream, tmp_path) as web:
            await web.get("https://host.example/data", {"id": "1"}, personal={"api_key": key})
    (asked,) = upstream.asked
    assert dict(asked.params) == {"id": "1", "api_key": "first-key"}
    kept = everything_in(tmp_path)
    assert b"whole" in kept
    assert b"first-key" not in kept
    assert b"editor@example.org" not in kept
    async with asking(upstream, tmp_path) as web:
        await web.get("https://host.example/data", {"id": "2"})
    assert len(upstream.asked) == 2


async def test_errors_and_error_pages_are_not_kept(tmp_path: Path):
    answers = after(5, content("<html>down</html>"), content('{"whole": 1}'))
    async with asking(Upstream({"host": answers}), tmp_path) as web:
        with pytest.raises(Unreadable):
            await web.get("https://host.example/data")
        assert await web.get("https://host.example/data") == b'{"whole": 1}'


@pytest.mark.parametrize("place", ["", "replies.db"], ids=["no folder", "no database"])
async def test_a_cache_that_cannot_be_used_is_told_once_and_costs_no_answer(
    tmp_path: Path, place: str, caplog: pytest.LogCaptureFixture
):
    broken = tmp_path / "cache" / place
    broken.parent.mkdir(exist_ok=True)
    broken.write_text("damaged " * 100, "utf-8")
    upstream = Upstream({"host": content('{"whole": 1}')})
    async with asking(upstream, tmp_path / "cache") as web:
        for _ in range(2):
            assert await web.get("https://host.example/data") == b'{"whole": 1}'
    assert len(upstream.asked) == 2
    (told,) = caplog.records
    assert ("What is fetched is not kept" in told.getMessage(), told.exc_info) == (True, None)


async def test_a_packed_answer_is_unpacked_and_kept_whole(tmp_path: Path):
    packed = content(gzip.compress(b"<a/>"), 200, **{"Content-Encoding": "gzip"})
    upstream = Upstream({"host": packed})
    for _ in range(2):
        async with asking(upstream, tmp_path) as web:
            assert await web.get("https://host.example/data") == b"<a/>"
    assert len(upstream.asked) == 1


async def test_offline_nothing_is_asked():
    upstream = Upstream({})
    async with open_web(Access(offline=True), httpx.MockTransport(upstream)) as web:
        with pytest.raises(Unreachable, match="KB_OFFLINE"):
            await web.get("https://host.example/data")
    assert upstream.asked == []
