"""An address that leads nowhere, or cannot be asked like that: a page for people, a line for programs."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.pages.templates import templates


async def missing(request: Request, wrong: Exception) -> Response:
    """The answer to a request that no route takes, with its status."""
    assert isinstance(wrong, HTTPException)
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(wrong.detail, wrong.status_code, headers=wrong.headers)
    shown = {"detail": wrong.detail}
    return templates.TemplateResponse(
        request, "missing.html", shown, status_code=wrong.status_code, headers=wrong.headers
    )
