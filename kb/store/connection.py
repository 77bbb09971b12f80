"""Reach the server: the one of the settings, or the embedded engine, started if need be."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from kb.engine import Engine, engine_folder, ensure_engine
from kb.errors import StoreUnavailable, TreatiseError
from kb.settings import Settings
from kb.store.driver import exceptions, neo4j
from kb.store.faults import Place, explain

CONNECT_SECONDS = 4.0  # for one address
OPEN_SECONDS = 8.0  # for everything until the first answer
ACQUIRE_SECONDS = 10.0  # for a free connection under load
RETRY_SECONDS = 30.0  # a cluster needs some for choosing a new leader
# The driver's first pause is a second, and it would wait for an engine that is gone. Both are
# better done by the store: conflicts on loopback pass in less, and the engine is started again.
RETRY_SECONDS_EMBEDDED = 0.0


@dataclass(frozen=True)
class Connection:
    """An open driver and what it is connected to."""

    driver: Any  # neo4j.AsyncDriver, whose own type hints are partial
    database: str
    place: Place
    agent: str  # the server's product and version, as it says itself
    bookmarks: Any
    retry_seconds: float  # how long the driver repeats a write by itself
    engine: Engine | None

    def session(self, access: str, fetch_size: int = -1) -> Any:
        """A session that sees every write made before through this connection."""
        return self.driver.session(
            database=self.database,
            default_access_mode=access,
            fetch_size=fetch_size,
            bookmark_manager=self.bookmarks,
        )

    async def close(self) -> None:
        """Close the driver, and the tie of an engine that was started for this connection."""
        try:
            await self.driver.close()
        finally:
            if self.engine is not None and self.engine.tie is not None:
                self.engine.tie.close()


async def connect(settings: Settings, tied: bool) -> Connection:
    """An open connection, proven by an answer. Raises StoreUnavailable or ConfigurationError."""
    if settings.neo4j_uri is not None:
        return await _connect_server(settings, settings.neo4j_uri)
    engine = await asyncio.to_thread(ensure_engine, settings, tied)
    try:
        return await _connect_engine(settings, engine)
    except StoreUnavailable:
        # It stopped between being found and being used; found or started again, it is in use.
        engine = await asyncio.to_thread(ensure_engine, settings, tied)
        return await _connect_engine(settings, engine)


async def _connect_server(settings: Settings, uri: str) -> Connection:
    password = settings.neo4j_password
    auth = (settings.neo4j_username, password.get_secret_value()) if password else None
    place = Place(uri, settings.neo4j_username, settings.neo4j_database, folder=None)
    return await _open(place, auth, RETRY_SECONDS, engine=None)


async def _connect_engine(settings: Settings, engine: Engine) -> Connection:
    folder = engine_folder(settings.home)
    place = Place(engine.uri, engine.username, engine.database, folder)
    auth = (engine.username, engine.password)
    return await _open(place, auth, RETRY_SECONDS_EMBEDDED, engine)


async def _open(place: Place, auth: tuple[str, str] | None, retry_seconds: float, engine: Engine | None) -> Connection:
    graph: Any = neo4j.AsyncGraphDatabase
    _keep_off_the_console()
    try:
        driver = graph.driver(
            place.uri,
            auth=auth,
            connection_timeout=CONNECT_SECONDS,
            connection_acquisition_timeout=ACQUIRE_SECONDS,
            max_transaction_retry_time=retry_seconds,
            notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
            telemetry_disabled=True,
        )
    except (exceptions.DriverError, ValueError) as wrong:
        raise explain(wrong, place, opening=True) from wrong
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            server = await driver.get_server_info()
    except BaseException as wrong:
        await driver.close()
        raise _explained(wrong, place) from wrong
    # Only where several servers answer may a read come to one that has not seen a write yet;
    # elsewhere bookmarks would cost a fifth of a small read.
    bookmarks = graph.bookmark_manager() if place.uri.startswith("neo4j") else None
    return Connection(driver, place.database, place, str(server.agent), bookmarks, retry_seconds, engine)


def _explained(wrong: BaseException, place: Place) -> BaseException:
    if isinstance(wrong, TreatiseError | asyncio.CancelledError):
        return wrong
    if isinstance(wrong, exceptions.DriverError | exceptions.Neo4jError | OSError):  # TimeoutError is an OSError
        return explain(wrong, place, opening=True)
    return wrong


def _keep_off_the_console() -> None:
    """Without a handler, the driver's log of its own retries would end up on standard error."""
    driver_log = logging.getLogger("neo4j")
    if not driver_log.handlers:
        driver_log.addHandler(logging.NullHandler())
