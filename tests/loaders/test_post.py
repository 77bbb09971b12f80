"""Posting to an address that a person named: where it may go, and where it may not."""

import httpx
import pytest

from loaders.fetch.errors import Refused, Unreachable
from loaders.fetch.post import check_address, post
from tests.engines import free_port
from tests.receiver import receiving

INSIDE = [
    "https://127.0.0.1/hook",
    "https://localhost/hook",
    "https://[::1]/hook",
    "https://[::ffff:127.0.0.1]/hook",
    "https://10.1.2.3/hook",
    "https://192.168.0.1/hook",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/hook",
    "https://0.0.0.0/hook",
    "https://[fd00::1]/hook",
    "https://[fec0::1]/hook",
    # Addresses of version 4 inside addresses of version 6, which a gateway leads to.
    "https://[::10.1.2.3]/hook",
    "https://[64:ff9b::10.1.2.3]/hook",
    "https://[64:ff9b:1::10.1.2.3]/hook",
    "https://[2002:a01:203::1]/hook",
    "https://224.0.0.1/hook",
    "https://2130706433/hook",
]


@pytest.mark.parametrize("address", INSIDE)
async def test_nothing_goes_to_this_machine_or_a_private_network(address: str) -> None:
    reached: list[httpx.Request] = []
    transport = httpx.MockTransport(lambda request: (reached.append(request), httpx.Response(200))[1])
    with pytest.raises(Refused, match="this machine or of a private network"):
        await post(address, b"{}", {}, transport=transport)
    assert reached == []


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/",
        "ftp://example.org/",
        "example.org",
        "https://",
        "https://a:b@example.org/",
        "https://x:y/",
    ],
)
def test_an_address_must_be_https_and_whole(address: str) -> None:
    with pytest.raises(Refused):
        check_address(address)


@pytest.mark.parametrize("address", ["https://[2606:2800:21f::1]/", "https://[64:ff9b::93.184.216.34]/"])
async def test_public_addresses_of_version_6_are_posted_to(address: str) -> None:
    assert await post(address, b"{}", {}, transport=httpx.MockTransport(lambda _: httpx.Response(204))) == 204


def test_http_may_be_allowed() -> None:
    check_address("http://127.0.0.1:8080/hook", private=True)
    check_address("https://example.org/hook")


async def test_the_connection_goes_to_the_address_that_was_checked_under_the_name() -> None:
    seen: list[httpx.Request] = []
    transport = httpx.MockTransport(lambda request: (seen.append(request), httpx.Response(202))[1])
    assert await post("https://93.184.216.34/hook?a=1", b"{}", {"webhook-id": "m"}, transport=transport) == 202
    (request,) = seen
    assert (request.url.host, request.headers["host"]) == ("93.184.216.34", "93.184.216.34")
    assert request.extensions["sni_hostname"] == "93.184.216.34"
    assert request.headers["webhook-id"] == "m"


async def test_a_redirect_is_not_followed() -> None:
    with receiving() as receiver:
        receiver.answers = [302]
        assert await post(f"{receiver.address}/hook", b"{}", {}, private=True) == 302
        assert [path for path, _, _ in receiver.got] == ["/hook"]


async def test_nobody_there() -> None:
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1 cannot be reached"):
        await post(f"http://127.0.0.1:{free_port()}/", b"{}", {}, private=True)
