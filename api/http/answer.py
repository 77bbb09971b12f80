"""Answers as HTTP: status, media type, caching (GraphQL over HTTP, "Response"; RFC 9110, 13)."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson
from starlette.responses import Response

from api.http.limits import Limits
from api.http.negotiation import GRAPHQL, JSON
from api.http.request import Refused


def refusal(refused: Refused, media_type: str = JSON) -> Response:
    """A request that could not be taken: not HTTP as it should be, too large, too many."""
    errors = [{"message": refused.message, "extensions": {"code": refused.code}}]
    return _response({"errors": errors}, media_type, refused.status, refused.headers)


def request_errors(errors: Sequence[Mapping[str, Any]], media_type: str) -> Response:
    """A well-formed request whose document or variables cannot be run: no ``data`` at all.

    400 under graphql-response+json. Clients of plain JSON expect 200 (audits 572B, FDE2, 7B9B).
    """
    return _response({"errors": list(errors)}, media_type, 400 if media_type == GRAPHQL else 200)


def body_of(
    data: Mapping[str, Any] | None, errors: Sequence[Mapping[str, Any]], extensions: Mapping[str, Any]
) -> bytes:
    """Return what an operation found as JSON."""
    content: dict[str, Any] = {"errors": list(errors)} if errors else {}
    content["data"] = data
    if extensions:
        content["extensions"] = dict(extensions)
    return orjson.dumps(content)


def executed(body: bytes, media_type: str, limits: Limits, *, cached_as: str | None, reusable: bool) -> Response:
    """What an operation found, 200 also with errors of single fields.

    ``reusable``: the answer may be kept and compared by its ETag; ``cached_as`` is the client's If-None-Match.
    """
    if len(body) > limits.answer_bytes:
        message = f"The answer is larger than {limits.answer_bytes} bytes. Ask for smaller pages or fewer fields."
        extensions = {"code": "LIMIT_EXCEEDED", "limit": "answer_bytes", "allowed": limits.answer_bytes}
        return _response({"errors": [{"message": message, "extensions": extensions}], "data": None}, media_type, 200)
    if not reusable:
        return _sent(body, media_type, 200, {"Cache-Control": "no-store"})
    tag = f'"{sha256(media_type.encode() + body).hexdigest()[:32]}"'
    headers = {"Cache-Control": f"public, max-age={limits.fresh_seconds}", "ETag": tag}
    if cached_as is not None and _matches(cached_as, tag):
        return _sent(b"", media_type, 304, headers)
    return _sent(body, media_type, 200, headers)


def _matches(if_none_match: str, tag: str) -> bool:
    # Weak comparison (RFC 9110, 8.8.3.2): whatever compresses turns our tag into a weak one.
    given = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return "*" in given or tag in given


def _response(content: Any, media_type: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return _sent(orjson.dumps(content), media_type, status, {"Cache-Control": "no-store", **(headers or {})})


def _sent(body: bytes, media_type: str, status: int, headers: Mapping[str, str]) -> Response:
    sent = {"Vary": "Accept", **headers}
    if status != 304:
        sent["Content-Type"] = f"{media_type}; charset=utf-8"
    return Response(body, status, sent)
