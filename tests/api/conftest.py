"""A published sample on each engine, the application over it, and clients that ask it."""

import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.types import ASGIApp

from api.app import create_app
from api.graphql.context import Context
from api.graphql.errors import present
from api.graphql.schema import core_schema
from api.http.documents import INTROSPECTION
from api.http.endpoint import GraphQLEndpoint
from api.http.limits import Limits
from kb.errors import StoreUnavailable
from kb.questions import Questions
from kb.releases import publish
from kb.settings import Settings
from kb.store import Store, open_store
from schema.citation import Retraction
from schema.records import GRAPH_NAMES
from schema.terms import RetractionState
from tests.conftest import QUERIES, TEST_NAMES
from tests.engines import free_port
from tests.samples import SAMPLE, citation, load, with_changed

#: The second report of the sample is retracted after the first release.
RETRACTED = citation(2, retraction=Retraction(state=RetractionState.RETRACTED, date="2026-01", notice_pmid="900099"))


@asynccontextmanager
async def published(settings: Settings) -> AsyncGenerator[Store]:
    """The sample in two releases: as it is, then with one of its reports retracted."""
    async with open_store(settings, allowed_names=GRAPH_NAMES, folders=(QUERIES,), tied=True) as store:
        while (await store.write("wipe"))[0]["removed"]:
            pass
        await store.ensure_schema()
        await load(store, SAMPLE)
        await publish(store, who="tester", message="The sample.")
        await load(store, with_changed(SAMPLE, RETRACTED), name="retraction")
        await publish(store, who="tester", message="A retraction.")
        yield store


@pytest.fixture(scope="session")
def allowed_names() -> frozenset[str]:
    """All names of the schema, and those of the tests' own queries."""
    return GRAPH_NAMES | TEST_NAMES


@pytest.fixture(scope="module")
async def sample(engine_settings: Settings) -> AsyncGenerator[Store]:
    """The published sample on each engine in turn. Tests of a module share it, so they only read."""
    async with published(engine_settings) as store:
        yield store


@pytest.fixture(scope="module")
async def client(sample: Store) -> AsyncGenerator[httpx2.AsyncClient]:
    """A client of the whole application over the sample."""
    app = create_app(questions=Questions(sample))
    async with app.router.lifespan_context(app), calling(app) as found:
        yield found


@pytest.fixture
async def endpoint() -> AsyncGenerator[httpx2.AsyncClient]:
    """A client of the endpoint alone, over our schema without a graph behind it."""
    async with calling(an_endpoint()) as found:
        yield found


@pytest.fixture(scope="module")
def site(embedded_settings: Settings) -> Generator[str]:
    """The address of a real server over the sample, on the embedded engine."""
    with running(lambda: create_app(embedded_settings)) as address:
        yield address


@pytest.fixture(scope="module")
async def embedded_sample(embedded_settings: Settings) -> AsyncGenerator[Store]:
    """The published sample on the embedded engine."""
    async with published(embedded_settings) as store:
        yield store


def an_endpoint(limits: Limits | None = None, registered: tuple[str, ...] = (), **options: Any) -> GraphQLEndpoint:
    """The endpoint over our schema, without a graph behind it."""

    def away() -> Questions:
        raise StoreUnavailable("There is no graph in this test.")

    return GraphQLEndpoint(
        core_schema(),
        lambda deadline: Context(away, deadline),
        present,
        limits=limits or Limits(),
        registered=(INTROSPECTION, *registered),
        **options,
    )


def calling(app: ASGIApp) -> httpx2.AsyncClient:
    """A client whose requests go straight to an application."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://kb.test")


async def ask(client: httpx2.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    """The answer to a query that must be run."""
    response = await client.post("/graphql", json={"query": query, "variables": variables})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def data(client: httpx2.AsyncClient, query: str, **variables: Any) -> Any:
    """The data of a query that must succeed."""
    answer = await ask(client, query, **variables)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


@contextmanager
def running(make: Callable[[], ASGIApp]) -> Generator[str]:
    """The address of a real server, on a free port of this machine, for the length of the block."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(make, factory=True, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    with httpx2.Client(transport=httpx2.HTTPTransport(retries=5)) as probe:
        while thread.is_alive():
            try:
                probe.get(f"{address}/healthz")
                break
            except httpx2.TransportError:
                thread.join(0.05)
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join(10)
