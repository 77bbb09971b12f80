"""Posting to an address that a person named: never to this machine or a private network, unless that is allowed.

The name is looked up once, every address that it has is checked, and the connection goes to one that was: a name that
means another address a moment later leads nowhere else. Redirects are not followed, and no proxy is asked.
"""

import asyncio
import socket
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx

from loaders.fetch.errors import Refused, Unreachable

#: Networks whose addresses end in one of version 4, which a gateway leads to (RFC 4291, 2.5.5.1; RFC 6052), and the
#: one that such gateways use for private networks (RFC 8215).
EMBEDDING = (IPv6Network("::/96"), IPv6Network("64:ff9b::/96"))
LOCAL_GATEWAY = IPv6Network("64:ff9b:1::/48")

#: Seconds for the whole exchange.
SECONDS = 10


def check_address(address: str, *, private: bool = False) -> None:
    """Raise Refused for an address that nothing may be posted to; ``private`` allows http, and private networks."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Refused(f"{address} is no address.", "Give one such as https://example.org/hook.") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise Refused(f"{address} is no address.", "Give one such as https://example.org/hook.")
    if parts.username is not None or parts.password is not None:
        raise Refused("The address holds a user name or a password.", "Leave it out: the message is signed.")
    if parts.scheme == "http" and not private:
        raise Refused(f"{address} is not https.", "Give an https address, or set KB_WEBHOOKS_PRIVATE=true.")


async def post(
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    private: bool = False,
    transport: httpx.AsyncBaseTransport | None = None,
) -> int:
    """Post and return the HTTP status; the answer's body is not read.

    ``transport`` stands in for the network. Raises Refused for an address that is not allowed, Unreachable where no
    answer comes.
    """
    check_address(address, private=private)
    url = httpx.URL(address)
    try:
        async with asyncio.timeout(SECONDS):
            place = await _looked_up(url, private)
            client = httpx.AsyncClient(
                transport=transport or httpx.AsyncHTTPTransport(), follow_redirects=False, trust_env=False
            )
            # The certificate must be that of the name, though the connection goes to the address that was checked.
            sent = client.build_request(
                "POST",
                url.copy_with(host=place),
                content=body,
                headers={**headers, "host": url.netloc.decode(), "user-agent": "treatise"},
                extensions={"sni_hostname": url.host},
            )
            async with client:
                response = await client.send(sent, stream=True)
                await response.aclose()
                return response.status_code
    except TimeoutError:
        raise Unreachable(f"{url.host} did not answer in {SECONDS} seconds.", "It is tried again later.") from None
    except (httpx.HTTPError, OSError) as wrong:
        raise Unreachable(
            f"{url.host} cannot be reached ({type(wrong).__name__}).", "It is tried again later."
        ) from wrong


async def _looked_up(url: httpx.URL, private: bool) -> str:
    """Return one of the host's addresses, all of which are allowed."""
    port = url.port or (443 if url.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    places = [str(one[4][0]) for one in found]
    for place in places:
        if not private and not _public(ip_address(place.partition("%")[0])):
            raise Refused(
                f"{url.host} is an address of this machine or of a private network.",
                "Give a public address, or set KB_WEBHOOKS_PRIVATE=true.",
            )
    return places[0]


def _public(place: IPv4Address | IPv6Address) -> bool:
    if isinstance(place, IPv6Address):
        if place.is_site_local or place in LOCAL_GATEWAY:
            return False
        place = place.ipv4_mapped or place.sixtofour or _embedded(place) or place
    return place.is_global and not place.is_multicast


def _embedded(place: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(place) & 0xFFFF_FFFF) if any(place in one for one in EMBEDDING) else None
