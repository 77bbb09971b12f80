"""Large answers and pages come compressed to who takes them so, and caches are told (RFC 9110, 8.8 and 15.4.5)."""

import gzip

import httpx2
import pytest

from api.http.documents import INTROSPECTION, document_hash

LARGE = ["/", "/schema.graphql", f"/graphql?documentId=sha256:{document_hash(INTROSPECTION)}", "/static/treatise.css"]


async def sent(
    client: httpx2.AsyncClient, address: str, encoding: str, **headers: str
) -> tuple[httpx2.Response, bytes]:
    """The answer, and its bytes as they came."""
    async with client.stream("GET", address, headers={"Accept-Encoding": encoding, **headers}) as response:
        return response, b"".join([part async for part in response.aiter_raw()])


@pytest.mark.parametrize("address", LARGE)
async def test_a_large_answer_is_compressed_for_who_takes_it(client: httpx2.AsyncClient, address: str) -> None:
    plain, text = await sent(client, address, "identity")
    small, body = await sent(client, address, "br, gzip;q=0.8")
    assert small.headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == text
    assert len(body) * 2 < len(text)
    for response in (plain, small):
        assert "accept-encoding" in response.headers["vary"].lower()
        assert "x-content-type-options" in response.headers
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(("address", "encoding"), [("/", "gzip;q=0"), ("/", "br"), ("/healthz", "gzip")])
async def test_nothing_is_compressed_for_who_does_not_and_nothing_small(
    client: httpx2.AsyncClient, address: str, encoding: str
) -> None:
    response, _ = await sent(client, address, encoding)
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize("address", LARGE[2:])
async def test_who_has_it_in_either_form_gets_nothing_again(client: httpx2.AsyncClient, address: str) -> None:
    for encoding in ("gzip", "identity"):
        first, _ = await sent(client, address, encoding)
        tag = first.headers["etag"]
        assert tag.startswith("W/")
        again, body = await sent(client, address, encoding, **{"If-None-Match": tag})
        assert (again.status_code, body, again.headers["etag"]) == (304, b"", tag)
        assert "accept-encoding" in again.headers["vary"].lower()
