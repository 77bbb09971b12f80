"""Plain files: the schema, the examples, GraphiQL's own scripts."""

from importlib.util import find_spec
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from api.graphql.schema import schema_text
from api.pages.examples import examples
from api.pages.templates import STATIC

#: The package that carries GraphiQL; only its files are used, its modules want Django.
PACKAGE = "graphene_django_graphiql_static"


async def schema_file(_: Request) -> Response:
    """The schema in the schema definition language."""
    return PlainTextResponse(schema_text(), headers={"Cache-Control": "public, max-age=3600"})


async def example_file(request: Request) -> Response:
    """One example query as text."""
    wanted = request.path_params["name"]
    for example in examples():
        if wanted == f"{example.name}.graphql":
            return PlainTextResponse(example.query)
    raise HTTPException(404, "There is no example of that name.")


async def example_list(_: Request) -> Response:
    """The examples stand on the start page."""
    return RedirectResponse("/#examples")


def static_files() -> list[BaseRoute]:
    """Our own static files, and GraphiQL's."""
    return [
        Mount("/static/graphiql", StaticFiles(directory=graphiql_folder()), name="graphiql_static"),
        Mount("/static", StaticFiles(directory=STATIC), name="static"),
    ]


def graphiql_folder() -> Path:
    """Return the folder of GraphiQL's scripts and styles, without importing the package."""
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(f"The package {PACKAGE} is not installed. Install Treatise with its dependencies.")
    return Path(found.submodule_search_locations[0]) / "static" / PACKAGE
