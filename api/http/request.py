"""From bytes to what was asked: strict about everything, because only strictness keeps forms and images out."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive

from api.http.limits import Limits

#: Parameters that a GraphQL request may carry.
PARAMETERS = ("query", "documentId", "operationName", "variables", "extensions")


class Refused(Exception):
    """A request that is answered without being run: HTTP status, stable code, and what to do about it."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}


class NotRun(Exception):
    """A well-formed request whose document or variables cannot be run; ``errors`` as they are sent."""

    def __init__(self, *errors: Mapping[str, Any]) -> None:
        super().__init__(*errors)
        self.errors = errors


class ClientGone(Exception):
    """The client hung up: nobody waits for an answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One GraphQL request, its parameters checked for their types. ``hash`` names a registered document."""

    query: str | None
    hash: str | None
    operation_name: str | None
    variables: dict[str, Any]


async def read_body(receive: Receive, limits: Limits) -> bytes:
    """Return the body, counting its bytes as they come (Content-Length is only a claim). Raises Refused, ClientGone."""
    body = bytearray()
    try:
        async with asyncio.timeout(limits.body_seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                body += message.get("body", b"")
                if len(body) > limits.body_bytes:
                    raise Refused(413, "TOO_LARGE", f"The body is larger than {limits.body_bytes} bytes.")
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise Refused(408, "TOO_SLOW", f"The body did not arrive within {limits.body_seconds:g} seconds.") from None


def check_content_type(header: str | None, encoding: str | None) -> None:
    """Refuse everything but ``application/json`` in UTF-8.

    This is the guard against cross-site requests: forms and plain text cannot send it without asking first.
    """
    media_type, *parameters = (part.strip().lower() for part in (header or "").split(";"))
    charset_only = all(parameter.replace(" ", "") in ("charset=utf-8", 'charset="utf-8"') for parameter in parameters)
    if media_type != "application/json" or not charset_only or encoding not in (None, "", "identity"):
        raise Refused(415, "UNSUPPORTED_MEDIA_TYPE", "Send the request as application/json in UTF-8, not compressed.")


def from_body(body: bytes) -> Asked:
    """Return what a POST asks. Raises Refused."""
    try:
        found: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _bad("The body is not JSON in UTF-8.") from None
    if isinstance(found, list):
        raise _bad("The body is a list: send one request at a time.")
    if not isinstance(found, dict):
        raise _bad("The body is not a JSON object.")
    return _asked(cast(dict[str, Any], found))


def from_url(query_string: bytes) -> Asked:
    """Return what a GET asks; ``variables`` and ``extensions`` are JSON texts there. Raises Refused."""
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise _bad("The URL's parameters cannot be read as UTF-8 text.") from None
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name not in PARAMETERS:
            continue
        if name in found:
            raise _bad(f"The parameter {name} is given twice.")
        found[name] = value
    for name in ("variables", "extensions"):
        if text := found.get(name):
            try:
                found[name] = orjson.loads(text)
            except orjson.JSONDecodeError:
                raise _bad(f"The parameter {name} is not JSON.") from None
        else:
            found.pop(name, None)
    return _asked(found)


def _asked(found: dict[str, Any]) -> Asked:
    query = _text(found, "query")
    document_id = _text(found, "documentId")
    variables = _map(found, "variables")
    persisted = _persisted_hash(_map(found, "extensions").get("persistedQuery"))
    if document_id is not None and (query is not None or persisted is not None):
        raise _bad("Give either query or documentId, not both.")
    if query is None and document_id is None and persisted is None:
        raise _bad("The parameter query is missing.")
    # Appendix A of GraphQL over HTTP: "sha256:" and the hash in lower-case hexadecimal.
    named = document_id.removeprefix("sha256:") if document_id is not None else persisted
    return Asked(query, named, _text(found, "operationName"), variables)


def _persisted_hash(persisted: object) -> str | None:
    """Return the hash of Apollo's ``extensions.persistedQuery``."""
    if persisted is None:
        return None
    if isinstance(persisted, dict):
        given = cast(dict[str, object], persisted)
        digest = given.get("sha256Hash")
        if given.get("version") == 1 and isinstance(digest, str):
            return digest
    raise _bad("extensions.persistedQuery must hold version 1 and sha256Hash.")


def _text(found: dict[str, Any], name: str) -> str | None:
    value = found.get(name)
    if value is None or isinstance(value, str):
        return value
    raise _bad(f"The parameter {name} must be a text.")


def _map(found: dict[str, Any], name: str) -> dict[str, Any]:
    value = found.get(name)
    if value is None:
        return {}
    if isinstance(value, dict):
        return cast(dict[str, Any], value)
    raise _bad(f"The parameter {name} must be a JSON object.")


def _bad(message: str) -> Refused:
    return Refused(400, "BAD_REQUEST", message)
