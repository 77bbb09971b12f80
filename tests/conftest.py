"""Fixtures for every test: the store on each engine, and the environment to run `kb` there."""

import os
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from kb.settings import Settings
from kb.store import Store, open_store
from tests import engines

QUERIES = Path(__file__).parent / "queries"
TEST_NAMES = frozenset({"Therapy", "Condition", "Probe", "ABOUT"})


@pytest.fixture(scope="session")
def embedded_settings(tmp_path_factory: pytest.TempPathFactory) -> Generator[Settings]:
    """Settings of the suite's one embedded engine."""
    with engines.embedded(tmp_path_factory.mktemp("embedded")) as settings:
        yield settings


@pytest.fixture(scope="session")
def neo4j_settings(tmp_path_factory: pytest.TempPathFactory) -> Generator[Settings]:
    """Settings of the suite's one Neo4j server."""
    with engines.neo4j(tmp_path_factory.mktemp("neo4j")) as settings:
        yield settings


@pytest.fixture(scope="session", params=["embedded", "neo4j"])
def engine_settings(request: pytest.FixtureRequest) -> Settings:
    """Settings of each engine in turn: a test that uses this runs twice."""
    settings: Settings = request.getfixturevalue(f"{request.param}_settings")
    return settings


@pytest.fixture(scope="session")
def allowed_names() -> frozenset[str]:
    """Labels, types and properties that a test's queries may be filled with."""
    return TEST_NAMES


@pytest.fixture
async def store(engine_settings: Settings, allowed_names: frozenset[str]) -> AsyncGenerator[Store]:
    """An open store on an empty graph with its schema applied, on each engine in turn."""
    # Tied, should a test have stopped the suite's engine: then it starts again for this test only.
    async with open_store(engine_settings, allowed_names=allowed_names, folders=(QUERIES,), tied=True) as store:
        while (await store.write("wipe"))[0]["removed"]:
            pass
        await store.ensure_schema()
        yield store


def clean_environment() -> dict[str, str]:
    """The environment without any setting of ours."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("NEO4J_", "KB_"))}


@pytest.fixture
def kb_env(store: Store, engine_settings: Settings) -> dict[str, str]:
    """Environment to run `kb` as a process on the graph of `store`, which starts out empty."""
    settings = engine_settings
    kept = clean_environment()
    kept["KB_HOME"] = str(settings.home)
    if settings.neo4j_uri is not None:
        kept["NEO4J_URI"] = settings.neo4j_uri
        kept["NEO4J_USERNAME"] = settings.neo4j_username
        kept["NEO4J_DATABASE"] = settings.neo4j_database
        if settings.neo4j_password is not None:
            kept["NEO4J_PASSWORD"] = settings.neo4j_password.get_secret_value()
    return kept
