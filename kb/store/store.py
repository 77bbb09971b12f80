"""The open store: what the rest of Treatise reads and writes the graph through."""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from importlib.resources.abc import Traversable
from operator import itemgetter
from typing import Any, Literal, LiteralString, NamedTuple, Protocol, cast

from kb.errors import StoreBusy, StoreLost
from kb.settings import Settings
from kb.store.batches import portions
from kb.store.connection import Connection, connect
from kb.store.driver import exceptions, neo4j
from kb.store.faults import LOST, explain, in_our_words
from kb.store.queries import Queries, own_queries
from kb.store.schema import fingerprint, indexes, schema_text, statements

log = logging.getLogger(__name__)

Row = dict[str, Any]
STREAMED = 1_000  # rows that a stream asks for at a time
STREAM_SECONDS = 3600.0  # a whole export, at the pace of whoever takes it
# Beyond the server's own limit: a server that fell silent must not keep its caller for ever.
GRACE_SECONDS = 3.0
PAUSE = 0.05  # seconds before the second attempt, and twice as long before each further one


class Reads(Protocol):
    """What can be asked by named query: the store, or what stands before it."""

    async def read(self, query: str, /, names: Mapping[str, str] | None = None, **params: Any) -> list[Row]:
        """All rows of a query that reads only."""
        ...

    async def nodes(self, label: str, ids: Iterable[str]) -> list[dict[str, Any]]:
        """The properties of the nodes of one label with these ids."""
        ...


class Statement(NamedTuple):
    """One named query of a write, with the names and the values for it."""

    query: str
    names: Mapping[str, str] | None = None
    params: Mapping[str, Any] | None = None


@asynccontextmanager
async def open_store(
    settings: Settings,
    *,
    allowed_names: frozenset[str] = frozenset(),
    folders: Sequence[Traversable] = (),
    tied: bool = False,
) -> AsyncGenerator["Store"]:
    """The store of the settings, open for the length of the block.

    allowed_names: labels, relationship types and properties that may be filled into a query,
    beside the schema's indexes.
    folders: further folders of queries, besides the own ones.
    tied: an embedded engine that is started here ends with the block or with this process.
    Raises StoreUnavailable (its kinds tell why) or ConfigurationError.
    """
    store = Store(
        lambda: connect(settings, tied),
        await connect(settings, tied),
        Queries((own_queries(), *folders), allowed_names | indexes().keys()),
        settings.query_seconds,
    )
    try:
        yield store
    finally:
        await store.close()


class Store:
    """Reads and writes by named query.

    All methods raise errors of kb/errors.py only; but LookupError or ValueError for a query or a
    name that does not exist, which is a mistake in our code.
    """

    def __init__(
        self,
        reconnect: Callable[[], Awaitable[Connection]],
        connection: Connection,
        queries: Queries,
        query_seconds: float,
    ) -> None:
        self._reconnect = reconnect
        self._connection = connection
        self._queries = queries
        self._seconds = query_seconds
        self._reconnecting = asyncio.Lock()
        # Concurrent writers of the embedded engine meet in conflicts instead of waiting.
        self._one_writer: AbstractAsyncContextManager[Any] = (
            nullcontext() if connection.engine is None else asyncio.Lock()
        )

    @property
    def engine_name(self) -> Literal["embedded", "neo4j"]:
        """Which of the two engines this is; for display only."""
        return "neo4j" if self._connection.engine is None else "embedded"

    @property
    def uri(self) -> str:
        """The Bolt address in use."""
        return self._connection.place.uri

    @property
    def server_version(self) -> str:
        """The server's product and version, as it says itself."""
        return self._connection.agent

    async def read(self, query: str, /, names: Mapping[str, str] | None = None, **params: Any) -> list[Row]:
        """All rows of a query that reads only, in one round trip; tried again once."""
        statement = neo4j.Query(self._text(query, names), timeout=self._seconds)
        connection = self._connection
        try:
            return await self._rows(connection, statement, params)
        except (exceptions.DriverError, exceptions.Neo4jError, OSError) as wrong:
            if not _worth_repeating(wrong):
                raise explain(wrong, connection.place) from wrong
            await _pause(attempt=1)
            connection = await self._living(connection, wrong)
        with in_our_words(connection.place):
            return await self._rows(connection, statement, params)

    async def nodes(self, label: str, ids: Iterable[str]) -> list[dict[str, Any]]:
        """The properties of the nodes of one label with these ids, in no order; those not there are missing."""
        wanted = sorted(set(ids))
        if not wanted:
            return []
        (row,) = await self.read("nodes_by_id", {"Label": label}, ids=wanted)
        found: list[dict[str, Any]] = row["nodes"]
        return found

    async def stream(self, query: str, /, names: Mapping[str, str] | None = None, **params: Any) -> AsyncGenerator[Row]:
        """The rows of a query that reads only, one by one, in bounded memory.

        Not tried again: a part of the rows may have been used already. Leave it early only
        inside `contextlib.aclosing`, so that the server hears of it at once. Take small rows at
        once, and whole nodes with `every`: the embedded engine counts the reader's time too, and
        cannot sort a very large number of nodes.
        """
        statement = neo4j.Query(self._text(query, names), timeout=STREAM_SECONDS)
        connection = self._connection
        with in_our_words(connection.place):
            async with connection.session(neo4j.READ_ACCESS, STREAMED) as session:
                result = await session.run(statement, params)
                columns = result.keys()
                async for record in result:
                    yield dict(zip(columns, record.values(), strict=True))

    async def every(self, label: str) -> AsyncGenerator[list[dict[str, Any]]]:
        """The properties of all nodes of one label, some at a time and by id.

        In the memory of their ids, however many there are and however slowly they are taken.
        Those that come or go meanwhile may be missing.
        """
        ids = sorted([row["id"] async for row in self.stream("ids_of_label", {"Label": label})])
        for some in portions(ids, STREAMED):
            yield sorted(await self.nodes(label, some), key=itemgetter("id"))

    async def write(self, query: str, /, names: Mapping[str, str] | None = None, **params: Any) -> list[Row]:
        """Run one query in a transaction of its own, and return its rows."""
        return (await self.write_all([Statement(query, names, params)]))[0]

    async def write_all(
        self,
        writes: Sequence[tuple[str, Mapping[str, str] | None, Mapping[str, Any] | None]],
        *,
        provided: Sequence[Statement] = (),
        otherwise: Exception | None = None,
    ) -> list[list[Row]]:
        """Run several queries in one transaction: all of them are kept, or none.

        provided: queries that run first in it; where one returns no row nothing is kept, and
        `otherwise` is raised.
        Returns the rows of each. The queries may run more than once, so they must be such that
        twice is as good as once. Raises ConstraintViolated, StoreLost, StoreBusy, TooSlow, …
        """
        texts = [self._filled(*each) for each in writes]
        first = [self._filled(*each) for each in provided]

        async def work(transaction: Any) -> list[list[Row]]:
            for each in first:
                if not await _fetched(await transaction.run(*each)):
                    raise otherwise or StoreBusy("One of the records was changed at the same time.", "Try again.")
            return [await _fetched(await transaction.run(*each)) for each in texts]

        async with self._one_writer:
            return await self._written(neo4j.unit_of_work(timeout=self._seconds)(work))

    async def ensure_schema(self) -> bool:
        """Apply schema/graph.cypher; False if it was applied before and nothing was to do."""
        text = schema_text()
        mark = fingerprint(text)
        if await self.read("schema_mark") == [{"fingerprint": mark}]:
            return False
        async with self._one_writer:
            for statement in statements(text):
                await self._declared(statement)
        await self._mark(mark)
        return True

    async def renew_index(self, name: str) -> None:
        """Make an index of the schema anew on the embedded engine, which is slow to pass over what it held before.

        Cut off in between, it is made when the schema is applied the next time.
        """
        if self._connection.engine is None:
            return
        steps = self._text("drop_index", {"Index": name}), indexes()[name]
        await self._mark("")
        async with self._one_writer:
            for statement in steps:
                await self._declared(statement)
        await self._mark(fingerprint(schema_text()))

    async def close(self) -> None:
        """Close all connections. The embedded engine lives on for others, unless it is tied."""
        await self._connection.close()

    async def _mark(self, applied: str) -> None:
        """Remember the fingerprint of the schema that is applied; empty: none is, in full."""
        await self.write("schema_mark_set", fingerprint=applied)

    def _filled(
        self, query: str, names: Mapping[str, str] | None, params: Mapping[str, Any] | None
    ) -> tuple[LiteralString, dict[str, Any]]:
        return self._text(query, names), dict(params or {})

    def _text(self, query: str, names: Mapping[str, str] | None) -> LiteralString:
        return cast(LiteralString, self._queries.text(query, names))

    async def _rows(self, connection: Connection, statement: neo4j.Query, params: dict[str, Any]) -> list[Row]:
        # Auto-commit costs half of what a managed transaction does; its retries are ours to make.
        limit = self._seconds + GRACE_SECONDS
        async with asyncio.timeout(limit), connection.session(neo4j.READ_ACCESS) as session:
            return await _fetched(await session.run(statement, params))

    async def _written(self, work: Any) -> list[list[Row]]:
        attempt = 1
        while True:
            connection = self._connection
            limit = self._seconds + connection.retry_seconds + GRACE_SECONDS
            try:
                async with asyncio.timeout(limit), connection.session(neo4j.WRITE_ACCESS) as session:
                    return await session.execute_write(work)
            except (exceptions.DriverError, exceptions.Neo4jError, OSError) as wrong:
                # Repaired in any case, so that at least the next caller finds it working.
                await self._living(connection, wrong)
                if attempt >= _attempts(wrong, embedded=connection.engine is not None):
                    raise explain(wrong, connection.place) from wrong
            await _pause(attempt)
            attempt += 1

    async def _declared(self, statement: str) -> None:
        """Run one schema statement; two processes that declare at once may disturb each other."""
        attempt = 1
        while True:
            connection = self._connection
            try:
                async with connection.session(neo4j.WRITE_ACCESS) as session:
                    await (await session.run(statement)).consume()
                return
            except (exceptions.DriverError, exceptions.Neo4jError, OSError) as wrong:
                if attempt == 3 or isinstance(wrong, LOST):
                    raise explain(wrong, connection.place) from wrong
            await _pause(attempt)
            attempt += 1

    async def _living(self, connection: Connection, wrong: Exception) -> Connection:
        """The connection to go on with after a failure: a new one if the engine is gone."""
        if connection.engine is None or not isinstance(wrong, LOST):
            return self._connection  # a driver finds its way back to a server by itself
        async with self._reconnecting:
            if self._connection is connection:
                fresh = await self._reconnect()
                if fresh.engine == connection.engine:
                    await fresh.close()
                else:
                    log.warning("The embedded engine was lost, and has been started again.")
                    self._connection = fresh
                    await connection.close()
            return self._connection


async def unless_kept(writing: Awaitable[object], kept: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a write, and where its acknowledgement was lost ask whether it was kept all the same.

    Raises what the write raises if it was not.
    """
    try:
        await writing
    except (StoreBusy, StoreLost):
        # Run once more, it finds its own changes in place of what it was provided for.
        if not await kept():
            raise


async def _fetched(result: Any) -> list[Row]:
    # Three times as fast as dict(record), which looks every key up.
    columns = result.keys()
    return [dict(zip(columns, record.values(), strict=True)) async for record in result]


async def _pause(attempt: int) -> None:
    # At random, so that two who collided do not collide again.
    await asyncio.sleep(PAUSE * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))  # noqa: S311


def _worth_repeating(wrong: Exception) -> bool:
    if isinstance(wrong, exceptions.DriverError | exceptions.Neo4jError):
        return wrong.is_retryable()
    return isinstance(wrong, OSError) and not isinstance(wrong, TimeoutError)


def _attempts(wrong: Exception, embedded: bool) -> int:
    """How often a write is tried in all, if it fails like this."""
    if isinstance(wrong, exceptions.ConstraintError):
        return 3  # two who MERGE the same new key: the second time it is there
    if not embedded or isinstance(wrong, exceptions.IncompleteCommit | TimeoutError):
        return 1  # the driver has tried for long already; or it may be kept already
    if isinstance(wrong, exceptions.TransientError):
        return 8  # a conflict with another process
    return 2 if isinstance(wrong, LOST) else 1  # the engine has been started again
