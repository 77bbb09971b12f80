"""Whether the process lives, and whether the graph answers."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from api.pages.deadline import AWAY, deadline
from kb.errors import TreatiseError

NEVER_KEPT = {"Cache-Control": "no-store"}


async def alive(_: Request) -> JSONResponse:
    """Answer as long as the process does."""
    return JSONResponse({"status": "ok"}, headers=NEVER_KEPT)


async def ready(request: Request) -> JSONResponse:
    """Answer 200 with the newest release (0 before the first) if the graph does, else 503."""
    try:
        async with deadline(request.app.state.limits.seconds):
            number = await request.app.state.graph.questions().number()
    except TreatiseError:
        said = {"status": "unavailable", "code": "STORE_UNAVAILABLE"}
        return JSONResponse(said, 503, headers=AWAY)
    return JSONResponse({"status": "ok", "release": number}, headers=NEVER_KEPT)
