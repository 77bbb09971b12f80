"""The examples that we ship: each runs as it is, on what we ship."""

import shlex
from collections.abc import AsyncGenerator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.http.documents import document_hash
from api.http.limits import Limits
from api.pages.examples import Example, examples
from kb.ingest import Source, load_sources
from kb.questions import Questions
from kb.releases import publish
from kb.settings import Settings
from kb.store import open_store
from loaders.seeds import VERSION, parse
from schema.records import GRAPH_NAMES
from tests.api.conftest import calling
from tests.conftest import QUERIES, clean_environment
from tests.kb.cli.command import kb

CHECKOUT = Path(__file__).parents[2]
SEEDS = CHECKOUT / "seeds"


@pytest.fixture(scope="module")
async def site_with_seeds(embedded_settings: Settings) -> AsyncGenerator[httpx2.AsyncClient]:
    """The application over the seeds, on the embedded engine: loading them takes a while."""
    async with open_store(embedded_settings, allowed_names=GRAPH_NAMES, folders=(QUERIES,), tied=True) as store:
        while (await store.write("wipe"))[0]["removed"]:
            pass
        await store.ensure_schema()
        await load_sources(store, [source(path) for path in sorted(SEEDS.rglob("*.yaml"))], who="tester")
        await publish(store, who="tester")
        app = create_app(questions=Questions(store))
        async with app.router.lifespan_context(app), calling(app) as client:
            yield client


def source(path: Path) -> Source:
    content = path.read_bytes()
    digest = sha256(content).hexdigest()
    return Source(path.name, "seeds", VERSION, digest, True, lambda: parse(BytesIO(content), path.name))


def hollow(value: Any) -> bool:
    """Say whether an answer holds nothing anywhere."""
    if isinstance(value, dict):
        return all(hollow(each) for each in value.values())  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return all(hollow(each) for each in value)  # pyright: ignore[reportUnknownVariableType]
    return value is None


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
async def test_an_example_is_answered_from_the_seeds(site_with_seeds: httpx2.AsyncClient, example: Example) -> None:
    body = {"query": example.query, "variables": example.variables}
    answer = (await site_with_seeds.post("/graphql", json=body)).json()
    assert "errors" not in answer, answer["errors"]
    assert not hollow(answer["data"])


async def test_the_first_example_finds_platelet_rich_plasma_among_many(site_with_seeds: httpx2.AsyncClient) -> None:
    first = examples()[0]
    body = {"query": first.query, "variables": first.variables}
    found = (await site_with_seeds.post("/graphql", json=body)).json()["data"]["condition"]["evidence"]
    assert found["totalCount"] > 20
    assert len(found["nodes"]) == 20
    assert found["pageInfo"]["hasNextPage"]
    assert all(node["findings"]["nodes"] for node in found["nodes"])


async def test_every_cursor_fits_the_limit_of_a_text(site_with_seeds: httpx2.AsyncClient) -> None:
    query = """{ evidence(condition: "chronic pain", first: 100) { edges { cursor } }
        therapies(first: 100) { edges { cursor } } conditions(first: 100) { edges { cursor } } }"""
    found = (await site_with_seeds.post("/graphql", json={"query": query})).json()["data"]
    cursors = [edge["cursor"] for connection in found.values() for edge in connection["edges"]]
    assert len(cursors) > 200
    assert max(len(cursor) for cursor in cursors) <= Limits().text_characters


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_an_example_says_what_it_asks(example: Example) -> None:
    assert example.query.startswith("# ")
    assert example.title.endswith("?")
    assert all(f"${name}" in example.query for name in example.variables)
    assert ("$" in example.query) == bool(example.variables)


@pytest.mark.usefixtures("site_with_seeds")
def test_the_readme_shows_what_the_seeds_say(embedded_settings: Settings) -> None:
    environment = {**clean_environment(), "KB_HOME": str(embedded_settings.home)}
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    asked = 'ask "knee arthritis" --therapy tens'
    # Between two rows of a table stands an empty line, which the README leaves out.
    shown = list(filter(None, readme.partition(f"$ kb {asked}\n")[2].partition("  …\n")[0].splitlines()))
    printed = list(filter(None, map(str.rstrip, kb(environment, *shlex.split(asked)).out.splitlines())))
    assert len(shown) > 40
    assert shown == printed[: len(shown)]
    (first,) = kb(environment, "releases", "--json").json["releases"]
    assert f"Release 1: {first['records']:,} records, {first['summariesChanged']:,} answers derived" in readme


async def test_an_example_runs_by_its_hash_from_a_plain_link(site_with_seeds: httpx2.AsyncClient) -> None:
    releases = next(each for each in examples() if each.name.endswith("releases"))
    address = f"/graphql?documentId=sha256:{document_hash(releases.query)}"
    answer = await site_with_seeds.get(address, headers={"Accept": "text/html, */*;q=0.8"})
    assert answer.json()["data"]["releases"]["nodes"][0]["number"] == 1
    assert answer.headers["etag"]
