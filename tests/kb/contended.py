"""A citation that somebody else is just changing, on a Neo4j server, while something of ours wants it."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, LiteralString, cast

import neo4j

from kb.settings import Settings
from kb.store import Store, open_store
from schema.citation import Citation
from schema.record import DRAFT
from tests.conftest import QUERIES
from tests.engines import address_of
from tests.kb.test_store import comes_true


@asynccontextmanager
async def empty_server(settings: Settings, allowed_names: frozenset[str]) -> AsyncGenerator[Store]:
    """An open store on a Neo4j server that is empty but for its schema."""
    async with open_store(settings, allowed_names=allowed_names, folders=(QUERIES,)) as store:
        while (await store.write("wipe"))[0]["removed"]:
            pass
        await store.ensure_schema()
        yield store


async def meanwhile(settings: Settings, edited: Citation, work: Coroutine[Any, Any, Any]) -> Any:
    """Do ``work`` while somebody else changes a citation that it wants, for which it has to wait; return its result."""
    uri, auth = address_of(settings)
    change = cast(LiteralString, (QUERIES / "edit_citation.cypher").read_text(encoding="utf-8"))
    changed: dict[str, Any] = {"id": edited.id, "properties": edited.properties(), "draft": DRAFT}
    changed["hash"] = edited.content_hash()
    async with neo4j.AsyncGraphDatabase.driver(uri, auth=auth) as driver:

        async def waits() -> bool:
            rows = await driver.execute_query("SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked'")
            return bool(rows.records)

        async with driver.session() as session, await session.begin_transaction() as other:
            await (await other.run(change, changed)).consume()
            working = asyncio.create_task(work)
            assert await comes_true(waits)
            await other.commit()
        return await working
