"""A server on this machine that stands in for the sources, with recorded replies."""

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: By part of the path and query: status and body, or what makes the body when it is asked for.
Replies = Mapping[str, tuple[int, bytes | Callable[[], bytes]]]


@contextmanager
def upstream(replies: Replies) -> Generator[dict[str, str]]:
    """Serve the replies; yields the settings that make every source be asked here."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, given = next((reply for part, reply in replies.items() if part in self.path), (404, b""))
            body = given if isinstance(given, bytes) else given()
            with suppress(OSError):  # whoever asked may have gone
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    here = f"http://127.0.0.1:{server.server_port}"
    try:
        yield {
            "KB_PUBMED_URL": f"{here}/pubmed",
            "KB_PMC_IDS_URL": f"{here}/idconv",
            "KB_CROSSREF_URL": f"{here}/crossref",
            "KB_EUROPE_PMC_URL": f"{here}/epmc",
            "KB_CLINICALTRIALS_URL": f"{here}/ctgov",
        }
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
