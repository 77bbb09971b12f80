"""An empty graph, a graph that is away, and one that comes back: the server lives on."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx2
import pytest

from api.app import create_app
from api.graph import Graph
from api.http.limits import Limits
from kb.errors import StoreLost, StoreUnavailable
from kb.questions import Questions
from kb.settings import Settings
from kb.store import Store
from tests.api.conftest import calling
from tests.engines import free_port


async def test_an_empty_graph_is_no_error(store: Store) -> None:
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as client:
        assert "Nothing is published yet" in (await client.get("/")).text
        assert (await client.get("/readyz")).json() == {"status": "ok", "release": 0}
        body = {"query": "{ release { number } releases { totalCount } therapies { totalCount } }"}
        found = (await client.post("/graphql", json=body)).json()
    assert found == {
        "data": {"release": None, "releases": {"totalCount": 0}, "therapies": {"totalCount": 0}},
        "extensions": {"release": 0},
    }


async def assert_away(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/healthz")).status_code == 200
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["code"]) == (503, "STORE_UNAVAILABLE")
    page = await client.get("/")
    assert page.status_code == 503
    assert "The knowledge base cannot be reached" in page.text
    asked = await client.post("/graphql", json={"query": '{ therapy(name: "PRP") { name } }'})
    assert (asked.status_code, asked.headers["retry-after"]) == (503, "5")
    assert asked.json()["errors"][0]["extensions"] == {"code": "STORE_UNAVAILABLE"}
    assert "127.0.0.1" not in asked.text
    assert (await client.post("/graphql", json={"query": "{ __typename }"})).json() == {"data": {"__typename": "Query"}}


async def test_a_graph_that_is_away_at_the_start_does_not_stop_the_server() -> None:
    app = create_app(Settings(neo4j_uri=f"bolt://127.0.0.1:{free_port()}"))
    async with app.router.lifespan_context(app), calling(app) as client:
        await assert_away(client)


async def test_a_graph_that_is_lost_in_flight_is_told_and_found_again(store: Store) -> None:
    class Losing(Questions):
        """Questions whose connection breaks once it is told to."""

        lost = False

        async def number(self, as_of: int | None = None) -> int:
            if self.lost:
                raise StoreLost("The connection to bolt://127.0.0.1:1 was lost.")
            return await super().number(as_of)

    questions = Losing(store)
    app = create_app(questions=questions)
    async with app.router.lifespan_context(app), calling(app) as client:
        questions.lost = True
        await assert_away(client)
        questions.lost = False
        assert (await client.get("/readyz")).status_code == 200


async def test_a_graph_that_does_not_answer_is_told_within_the_time_that_a_page_has(store: Store) -> None:
    class Waiting(Questions):
        """Questions to an engine that starts again."""

        async def number(self, as_of: int | None = None) -> int:
            await asyncio.Event().wait()
            raise AssertionError

    app = create_app(questions=Waiting(store), limits=Limits(seconds=0.05, page_seconds=0.05))
    async with app.router.lifespan_context(app), calling(app) as client:
        for address in ("/", "/?condition=OA&therapy=PRP", "/feed/releases.atom", "/feed/therapy/prp.atom", "/readyz"):
            told = await asyncio.wait_for(client.get(address), 30)
            assert (told.status_code, told.headers["retry-after"]) == (503, "5"), address
            assert told.headers["cache-control"] == "no-store"
        assert "The knowledge base cannot be reached" in (await client.get("/")).text


async def test_what_breaks_is_told_by_an_id_that_the_log_has(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Questions):
        """Questions with a mistake of ours."""

        async def number(self, as_of: int | None = None) -> int:
            raise ZeroDivisionError("something inside")

    app = create_app(questions=Broken(store))
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://kb.test") as client,
    ):
        told = await client.get("/")
    assert told.status_code == 500
    assert "something inside" not in told.text
    assert told.headers["x-content-type-options"] == "nosniff"
    found = re.search(r"The log has it as (\w+)", told.text)
    assert found is not None
    assert f"Internal error {found[1]}" in caplog.text
    assert "something inside" in caplog.text


async def test_a_graph_that_was_away_is_opened_behind_the_scenes(store: Store) -> None:
    attempts: list[int] = []

    @asynccontextmanager
    async def opening() -> AsyncGenerator[Questions]:
        attempts.append(1)
        if len(attempts) == 1:
            raise StoreUnavailable("Not yet.")
        yield Questions(store)

    graph = Graph(opening, pause=0.0)
    async with graph.held():
        with pytest.raises(StoreUnavailable):
            graph.questions()
        assert await (await graph.opened()).number() == 0
    assert len(attempts) == 2
