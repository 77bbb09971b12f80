"""An address that leads nowhere, cannot be asked like that, or broke: a page for people, a line for programs."""

import logging
from secrets import token_hex

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.http.headers import HEADERS
from api.pages.templates import templates

log = logging.getLogger(__name__)


async def missing(request: Request, wrong: Exception) -> Response:
    """The answer to a request that no route takes, with its status."""
    assert isinstance(wrong, HTTPException)
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(wrong.detail, wrong.status_code, headers=wrong.headers)
    shown = {"detail": wrong.detail}
    return templates.TemplateResponse(
        request, "missing.html", shown, status_code=wrong.status_code, headers=wrong.headers
    )


async def broken(_: Request, wrong: Exception) -> Response:
    """The answer where something went wrong unforeseen: an id, by which the log has the rest."""
    number = token_hex(8)
    log.error("Internal error %s", number, exc_info=wrong)
    # This is sent from outside of everything that adds headers.
    headers = {**HEADERS, "Cache-Control": "no-store"}
    return PlainTextResponse(f"Internal error. The log has it as {number}.\n", 500, headers=headers)
