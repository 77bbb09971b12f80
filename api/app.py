"""The composition root: hands the parts to each other.

``create_app()`` is a factory for any ASGI server, such as ``uvicorn --factory api.app:create_app``.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, nullcontext

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route

from api.graph import Graph, OpenQuestions
from api.graphql.context import Context
from api.graphql.errors import present
from api.graphql.schema import core_schema
from api.http.compression import Compression
from api.http.documents import INTROSPECTION
from api.http.endpoint import GraphQLEndpoint
from api.http.headers import SecurityHeaders
from api.http.limits import Limits
from api.pages.examples import examples
from api.pages.feed import feed
from api.pages.files import example_file, example_list, schema_file, static_files
from api.pages.graphiql import graphiql
from api.pages.health import alive, ready
from api.pages.missing import broken, missing
from api.pages.start import start
from kb.questions import Questions
from kb.settings import Settings
from kb.store import open_store
from schema.records import GRAPH_NAMES


def create_app(
    settings: Settings | None = None, questions: Questions | None = None, *, limits: Limits | None = None
) -> Starlette:
    """Return the application. Without ``questions`` it opens the store of the settings (else of the environment)."""
    config = settings or Settings()
    graph = Graph((lambda: nullcontext(questions)) if questions else _opening(config))
    limits = limits or Limits()
    endpoint = GraphQLEndpoint(
        core_schema(),
        lambda deadline: Context(graph.questions, deadline),
        present,
        limits=limits,
        registered=[INTROSPECTION, *(each.query for each in examples())],
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with graph.held():
            yield

    app = Starlette(
        routes=[
            Route("/", start, name="start"),
            Route("/graphql", endpoint, middleware=_other_sites(config.origins)),
            Route("/graphiql", graphiql),
            Route("/schema.graphql", schema_file),
            Route("/examples", example_list),
            Route("/examples/{name}", example_file),
            Route("/feed/releases.atom", feed),
            Route("/feed/therapy/{slug}.atom", feed),
            Route("/feed/condition/{slug}.atom", feed),
            Route("/healthz", alive),
            Route("/readyz", ready),
            *static_files(),
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(Compression)],
        exception_handlers={HTTPException: missing, Exception: broken},
        lifespan=lifespan,
    )
    app.state.graph = graph
    app.state.limits = limits
    return app


def _other_sites(origins: Sequence[str]) -> list[Middleware]:
    """What lets the pages of other sites ask: without cookies, and not past what the endpoint asks of every request."""
    if not origins:
        return []
    methods = ("GET", "HEAD", "POST")
    return [Middleware(CORSMiddleware, allow_origins=origins, allow_methods=methods, expose_headers=("Retry-After",))]


def _opening(settings: Settings) -> OpenQuestions:
    @asynccontextmanager
    async def opening() -> AsyncGenerator[Questions]:
        async with open_store(settings, allowed_names=GRAPH_NAMES) as store:
            yield Questions(store)

    return opening
