"""What a client is told when something goes wrong: a sentence, a stable code, and never our inside.

    NOT_FOUND           a name, id or release that does not exist; ``nearest`` holds the names that come close,
                        ``releases`` the first and the newest release where one was asked for that does not exist
    BAD_USER_INPUT      an argument that cannot be used
    TIMEOUT             the question took too long
    STORE_UNAVAILABLE   the graph cannot be reached (503)
    INTERNAL            our fault; ``id`` is in the log too

The endpoint adds the codes of requests that were not run (api/http).
"""

import logging
from secrets import token_hex
from typing import Any

from graphql import GraphQLError

from kb.errors import InputProblem, NotFound, TooSlow, Unfinished, UnknownRelease, UsageError
from schema.ids import BadIdentifier

log = logging.getLogger(__name__)


def present(error: GraphQLError) -> dict[str, Any]:
    """Return an error of a field as it is sent. Whatever was not raised on purpose is logged and hidden."""
    message, extensions = _explain(error)
    sent: dict[str, Any] = {"message": message}
    if error.locations:
        sent["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        sent["path"] = error.path
    sent["extensions"] = extensions
    return sent


def _explain(error: GraphQLError) -> tuple[str, dict[str, Any]]:
    """Message and extensions."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        error, cause = cause, cause.original_error
    if isinstance(cause, UnknownRelease):
        there = {"first": min(1, cause.newest), "newest": cause.newest}
        return str(cause), {"code": "NOT_FOUND", "name": cause.name, "nearest": list(cause.nearest), "releases": there}
    if isinstance(cause, NotFound):
        return str(cause), {"code": "NOT_FOUND", "name": cause.name, "nearest": list(cause.nearest)}
    if isinstance(cause, InputProblem | UsageError | Unfinished | BadIdentifier):
        return str(cause), {"code": "BAD_USER_INPUT"}
    if isinstance(cause, TooSlow):
        return str(cause), {"code": "TIMEOUT"}
    if cause is None:
        # Raised by GraphQL itself, about the request: its text is for the client.
        return error.message, {"code": "BAD_USER_INPUT", **(error.extensions or {})}
    number = token_hex(8)
    log.error("Internal error %s", number, exc_info=cause)
    return "Internal error.", {"code": "INTERNAL", "id": number}
