"""Pages of other sites: those of KB_ORIGINS may ask in a browser, no others, and nobody gets past the guards."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx2
import pytest

from api.app import create_app
from kb.settings import Settings
from tests.api.conftest import calling
from tests.engines import free_port

HOME = "https://pain.example.org"
QUERY = {"query": "{ __typename }"}
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


@asynccontextmanager
async def site(*origins: str) -> AsyncGenerator[httpx2.AsyncClient]:
    """The application without a graph, which these questions do not need."""
    app = create_app(Settings(neo4j_uri=f"bolt://127.0.0.1:{free_port()}", origins=origins))
    async with app.router.lifespan_context(app), calling(app) as client:
        yield client


def told(response: httpx2.Response) -> str | None:
    """The origin that a browser would let read the answer."""
    assert "access-control-allow-credentials" not in response.headers
    return response.headers.get("access-control-allow-origin")


async def test_a_page_of_a_named_site_may_ask_and_read() -> None:
    async with site(HOME, "http://localhost:3000") as client:
        for origin in (HOME, "http://localhost:3000"):
            before = await client.options("/graphql", headers={"Origin": origin, **PREFLIGHT})
            assert (before.status_code, told(before)) == (200, origin)
            assert "POST" in before.headers["access-control-allow-methods"]
            assert "content-type" in before.headers["access-control-allow-headers"].lower()
            posted = await client.post("/graphql", json=QUERY, headers={"Origin": origin})
            assert (posted.json(), told(posted)) == ({"data": {"__typename": "Query"}}, origin)
            got = await client.get("/graphql", params=QUERY, headers={"Origin": origin, "Accept": "application/json"})
            assert (got.status_code, told(got)) == (200, origin)
            assert {one.strip().lower() for one in got.headers["vary"].split(",")} >= {"origin", "accept"}
            # The graph is away: the page may read that, and when to ask again.
            away = await client.post("/graphql", json={"query": "{ release { number } }"}, headers={"Origin": origin})
            assert (away.status_code, told(away)) == (503, origin)
            assert away.headers["access-control-expose-headers"] == "Retry-After"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", f"{HOME}.evil.example", "http://pain.example.org", f"{HOME}:8443", "null"]
)
async def test_a_page_of_another_site_may_not(origin: str) -> None:
    async with site(HOME) as client:
        assert told(await client.options("/graphql", headers={"Origin": origin, **PREFLIGHT})) is None
        assert told(await client.post("/graphql", json=QUERY, headers={"Origin": origin})) is None


async def test_without_the_setting_no_other_site_may() -> None:
    async with site() as client:
        before = await client.options("/graphql", headers={"Origin": HOME, **PREFLIGHT})
        assert (before.status_code, told(before)) == (405, None)
        posted = await client.post("/graphql", json=QUERY, headers={"Origin": HOME})
        assert "access-control-allow-methods" not in before.headers
        assert told(posted) is None


async def test_what_a_form_can_send_runs_for_nobody() -> None:
    async with site(HOME) as client:
        for origin in (HOME, "https://evil.example"):
            headers = {"Origin": origin, "Content-Type": "text/plain"}
            response = await client.post("/graphql", content=b'{"query": "{ __typename }"}', headers=headers)
            assert response.status_code == 415
            image = await client.get("/graphql", params=QUERY, headers={"Origin": origin, "Accept": "image/*,*/*"})
            assert image.json()["errors"][0]["extensions"]["code"] == "GET_NOT_ALLOWED"


async def test_every_site_may_where_it_says_so_and_only_of_graphql() -> None:
    async with site("*") as client:
        assert told(await client.post("/graphql", json=QUERY, headers={"Origin": "https://any.example"})) == "*"
        assert told(await client.get("/", headers={"Origin": "https://any.example"})) is None
