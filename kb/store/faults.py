"""The driver's errors in our words. Decided on class and code, never on message text."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kb.errors import (
    ConfigurationError,
    ConstraintViolated,
    DiskFull,
    StoreBusy,
    StoreFault,
    StoreLost,
    StoreUnavailable,
    TooSlow,
    TreatiseError,
    WrongPassword,
)
from kb.store.driver import exceptions as driver

ROOM = 16 * 1024 * 1024  # bytes; a failure of the database with less than this left is a full disk
LOST = (driver.ServiceUnavailable, driver.SessionExpired, driver.IncompleteCommit, OSError)


@dataclass(frozen=True)
class Place:
    """What a message needs to know about the server: where, and whose."""

    uri: str
    username: str
    database: str
    folder: Path | None  # of the embedded engine

    @property
    def name(self) -> str:
        return f"the Neo4j server at {self.uri}" if self.folder is None else "the embedded engine"


@contextmanager
def in_our_words(place: Place, opening: bool = False) -> Generator[None]:
    """Turn every error of the driver into one of the tree; `opening` before the first answer."""
    try:
        yield
    except (driver.DriverError, driver.Neo4jError, OSError) as wrong:
        raise explain(wrong, place, opening) from wrong


def explain(wrong: Exception, place: Place, opening: bool = False) -> TreatiseError:
    """The error of our tree for an error of the driver."""
    if isinstance(wrong, LOST):
        return _unreachable(place) if opening else _lost(place)
    if isinstance(wrong, driver.Neo4jError):
        return _refused(wrong, place)
    if isinstance(wrong, driver.ConnectionAcquisitionTimeoutError):
        return StoreBusy(f"No connection to {place.name} became free in time.", "Try again later.")
    if isinstance(wrong, driver.ConfigurationError | driver.UnsupportedServerProduct):
        return ConfigurationError(
            f"{place.uri} cannot be used: {type(wrong).__name__}.",
            "Check NEO4J_URI: its scheme says whether the connection is encrypted.",
        )
    return StoreFault(f"The driver failed: {type(wrong).__name__}.", "Please report this.")


def _refused(wrong: driver.Neo4jError, place: Place) -> TreatiseError:
    code = wrong.code or ""
    if isinstance(wrong, driver.Forbidden):
        return StoreUnavailable(
            f"'{place.username}' may not do this at {place.name} ({code}).",
            "Give the account more rights, or set NEO4J_USERNAME to another one.",
        )
    if isinstance(wrong, driver.AuthError) or code.startswith("Neo.ClientError.Security."):
        return WrongPassword(
            f"{place.name[0].upper()}{place.name[1:]} refuses the sign-in of '{place.username}'.",
            "Check NEO4J_USERNAME and NEO4J_PASSWORD.",
        )
    if code.startswith("Neo.ClientError.Database.DatabaseNotFound"):
        return ConfigurationError(f"{place.uri} has no database '{place.database}'.", "Check NEO4J_DATABASE.")
    if isinstance(wrong, driver.ConstraintError):
        return ConstraintViolated(
            "A record with the same key is already there.",
            "If something else is loading at the same time, try again after it.",
            code,
        )
    if code.startswith("Neo.ClientError.Transaction.TransactionTimedOut"):
        return TooSlow(
            "The graph took too long to answer, and was stopped.",
            "Ask for less, or raise KB_QUERY_SECONDS.",
            code,
        )
    if place.folder is not None and shutil.disk_usage(place.folder).free < ROOM:
        return DiskFull(
            f"The disk of {place.folder} is full.",
            "Make room and try again; nothing that was acknowledged is lost.",
        )
    if isinstance(wrong, driver.TransientError | driver.DatabaseUnavailable):
        return StoreBusy(f"{place.name} is busy ({code}).", "Try again in a moment.")
    return StoreFault(f"The graph refused a statement ({code}).", "Please report this.", code)


def _unreachable(place: Place) -> StoreUnavailable:
    hint = "Check NEO4J_URI, and that the server runs." if place.folder is None else "Try again."
    return StoreUnavailable(f"{place.uri} does not answer.", hint)


def _lost(place: Place) -> StoreLost:
    return StoreLost(
        f"The connection to {place.name} was lost.",
        "Try again; repeating a load is safe.",
    )
