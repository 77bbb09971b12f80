"""Answers compressed for those who take them so; nothing here is secret, so the length of an answer betrays nothing."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.negotiation import weights_of

#: Smaller answers fit into one packet as they are.
SMALLEST = 1_000

#: Nine, the default, takes several times as long for a few per cent.
LEVEL = 5


class Compression:
    """Starlette's compression, with weights that are read, and validators as RFC 9110 has them."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._compressed = GZipMiddleware(app, minimum_size=SMALLEST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer out as small as the client takes it."""
        if scope["type"] != "http":
            await self._plain(scope, receive, send)
            return

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # On every answer, the 304 too (15.4.5): a cache must know that there may be another form.
                if "accept-encoding" not in headers.get("vary", "").lower():
                    headers.add_vary_header("Accept-Encoding")
                # A strong tag would say that the bytes are the same in both forms (8.8.1).
                if (tag := headers.get("etag")) is not None and not tag.startswith("W/"):
                    headers["etag"] = f"W/{tag}"
            await send(message)

        weights = weights_of(Headers(scope=scope).get("accept-encoding", ""))
        takes = weights.get("gzip", 0.0) > 0
        await (self._compressed if takes else self._plain)(scope, receive, send_told)
