"""``kb demo``, ``kb serve``, ``kb status`` and ``kb stop``."""

import errno
import multiprocessing
import signal
import socket
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, settings, with_store
from kb.cli.tables import print_json, print_table
from kb.errors import UsageError

if TYPE_CHECKING:
    from kb.settings import Settings
    from kb.store import Store

#: The question that the demo answers.
EXAMPLE = "osteoarthritis"

Host = Annotated[str | None, typer.Option("--host", help="Address to listen on; else KB_HOST.")]
Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port to listen on; else KB_PORT.")]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Processes to run; else KB_WORKERS.")]


def demo(host: Host = None, port: Port = None) -> None:
    """Load the seeds, publish, answer the example question, and serve the site until Ctrl-C."""
    from kb.cli.ask import answers_for, print_answers
    from kb.cli.load import load_paths
    from kb.cli.publish import publish_pending
    from kb.ingest import Action

    config = settings()
    tie = _tied_engine(config)
    try:
        reports = load_paths([seeds_folder()])
        counts = {action: sum(one.counts[action] for one in reports) for action in Action}
        for report in reports:
            for problem in report.problems:
                typer.echo(f"{problem.where}: {problem.message}", err=True)
        written = counts[Action.NEW] + counts[Action.UPDATED]
        published = publish_pending("The seeds.").release
        if written or published:
            typer.echo(f"Seeds: {counts[Action.NEW]:,} records new, {counts[Action.UPDATED]:,} updated.")
        else:
            typer.echo("Seeds: everything is there already; nothing was changed.")
        if published:
            typer.echo(f"Published release {published.number}.")
        print_answers(answers_for(EXAMPLE, None, None), detailed=False)
        run_server(config, host, port, 1)
    finally:
        if tie is not None:
            tie.close()


def _tied_engine(config: "Settings") -> Any:
    """Start the embedded engine so that it ends with this process, unless it runs already or a server is set."""
    if config.neo4j_uri is not None:
        return None
    from kb.engine import ensure_engine

    return ensure_engine(config, tied=True).tie


def seeds_folder() -> Path:
    """Return the folder of the seeds: beside the packages, in a checkout and in an installed wheel."""
    return Path(__file__).resolve().parents[2] / "seeds"


def serve(host: Host = None, port: Port = None, workers: Workers = None) -> None:
    """Serve the GraphQL API and the site until Ctrl-C."""
    run_server(settings(), host, port, workers)


def run_server(config: "Settings", host: str | None, port: int | None, workers: int | None) -> None:
    """Serve until interrupted. Raises UsageError for an address that cannot be used."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    address = host or config.host
    place = _free_port(address, config.port if port is None else port)
    shown = f"[{address}]" if ":" in address else address
    processes = workers or config.workers
    # Its handler of signals declares no types.
    server: Any = Server(
        "api.app:create_app",
        address=address,
        port=place,
        interface=Interfaces.ASGI,
        factory=True,
        workers=processes,
        log_level=LogLevels.warning,
        backpressure=512,
        workers_kill_timeout=5,  # a worker that was still starting when it was told to stop may not have heard
    )
    # From here on the server hears of an interruption, also before it listens for one itself: Python drops an exception
    # that comes while it frees an object, and the server would go on.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, server.signal_handler_interrupt)
    said = f"Serving http://{shown}:{place} (GraphiQL at /graphiql). Ctrl-C ends it."
    ended = Event()
    Thread(target=_say_when_it_answers, args=(said, address, place, processes, ended), daemon=True).start()
    try:
        server.serve()
    finally:
        ended.set()
        # Interrupted while it started, the server leaves workers that nobody has told to stop.
        for worker in multiprocessing.active_children():
            worker.terminate()
            worker.join(5)
            worker.kill()


def _say_when_it_answers(said: str, address: str, port: int, processes: int, ended: Event) -> None:
    """Print ``said`` once the server answers, unless it has ended before."""
    # What listens on every address is asked at this machine's own.
    host = address if address.strip("0.:") else "::1" if ":" in address else "127.0.0.1"
    while not ended.wait(0.1):
        # A process must not be forked while this thread is inside a lookup or a connection.
        if len(multiprocessing.active_children()) < processes:
            continue
        asked = HTTPConnection(host, port, timeout=5)
        try:
            asked.request("GET", "/healthz")
            if asked.getresponse().status == HTTPStatus.OK:
                typer.echo(said)
                return
        except (OSError, HTTPException):
            continue
        finally:
            asked.close()


def _free_port(host: str, port: int) -> int:
    """Return the port if it can be bound (0: one that is free). Raises UsageError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror:
            raise UsageError(f"{host} is no address of this machine.", "Give another one with --host.") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise UsageError(
                    f"Port {port} of {host} is taken by another program.", "Give another one with --port, or stop it."
                ) from None
            raise UsageError(
                f"{host}:{port} cannot be listened on: {error.strerror or error}.", "Give another --host or --port."
            ) from None
        return int(probe.getsockname()[1])


def status(as_json: Json = False) -> None:
    """Say which graph is in use and what it holds."""
    found = with_store(_status)
    if as_json:
        print_json(found)
        return
    release = found["release"]
    typer.echo(f"engine   {found['engine']} at {found['uri']} ({found['server']})")
    typer.echo(f"data     {found['home']}")
    typer.echo(f"release  {release or 'none yet'}")
    typer.echo(f"drafts   {found['drafts']:,} records wait for the next release")
    rows = [[label, f"{count:,}", f"{found['pending'].get(label, 0):,}"] for label, count in found["counts"].items()]
    print_table("Records", ["record", "in the graph", "drafts"], rows, numeric=["in the graph", "drafts"])


async def _status(store: "Store") -> dict[str, Any]:
    from kb.questions.records import current_release
    from kb.releases import pending_records
    from schema.records import RECORDS

    counts: dict[str, int] = {}
    for label in RECORDS:
        counts[label] = (await store.read("count_nodes", {"Label": label}))[0]["nodes"]
    pending = await pending_records(store)
    return {
        "engine": store.engine_name,
        "uri": store.uri,
        "server": store.server_version,
        "home": str(settings().home),
        "release": await current_release(store),
        "drafts": sum(pending.values()),
        "pending": pending,
        "counts": counts,
    }


def stop() -> None:
    """Stop the embedded engine of this data folder."""
    from kb.engine import stop_engine

    config = settings()
    if config.neo4j_uri is not None:
        raise UsageError("NEO4J_URI is set: that server is not ours to stop.", "Unset it to stop the embedded engine.")
    typer.echo("The embedded engine has stopped." if stop_engine(config) else "No embedded engine is running here.")
