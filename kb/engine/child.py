"""The engine's process: `python -m kb.engine.child FOLDER`, started by launch.py only.

Reports in one JSON line on standard output: {"ready": true}, or {"problem", "message", "hint"}.
Ends with 0 on SIGTERM, SIGINT, a stop file, a closed tie, or when nobody has been connected for
a while; with 1 if it cannot start, or if its folder is taken away.
"""

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from kb.engine.lock import try_lock, wait_lock
from kb.engine.state import DATABASE, Engine, Places, clear_state, write_state

TICK = 0.2  # seconds between looks at the reasons to stop
BOLT = "com.arcadedb.bolt.BoltProtocolPlugin"
LARGE = 1024**3  # bytes; a graph beyond it is not searched for space that was left
ROOM = 16 * 1024 * 1024  # bytes; with less than this left, a failed start is a full disk


def main() -> None:
    """Serve the folder named on the command line until there is a reason to stop."""
    options = _options()
    report = _own_standard_output()
    places = Places(options.root)
    os.umask(0o077)
    os.chdir(places.root)  # the engine writes relative to its working folder
    lock = wait_lock(places.running, 2.0)  # others hold it for a moment when they look
    if lock is None:
        _say(report, problem="EngineFailed", message=f"Another engine holds {places.root}.")
        os._exit(1)
    _console_to(places.log)
    places.stop.unlink(missing_ok=True)
    reasons = Reasons(tied=options.tied)
    password = secrets.token_urlsafe(32)
    try:
        server = _start(places.root, password, options)
        reasons.listen()  # again: starting Java replaced the handlers
        write_state(places, _engine(server, password))
    except Exception as wrong:  # noqa: BLE001 - whatever it is, the starter waits to hear of it
        _say(report, **_problem(places, wrong))
        os._exit(1)
    _say(report, ready=True)
    try:
        _serve(places, lock, reasons, options.idle_seconds, _connections(server))
        clear_state(places)
    finally:
        server.stop()
        # Java threads would keep the process alive, and its own exit path ends with 134.
        os._exit(0)


class Reasons:
    """Reasons from outside to stop. Plain flags: a handler may run between any two steps."""

    def __init__(self, tied: bool) -> None:
        self.given = False
        self.listen()
        if tied:
            threading.Thread(target=self._wait_for_the_tie, daemon=True).start()

    def listen(self) -> None:
        for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._give)

    def _give(self, *_: object) -> None:
        self.given = True

    def _wait_for_the_tie(self) -> None:
        sys.stdin.buffer.read()  # returns when the other end is closed, or its process is dead
        self.given = True


def _serve(
    places: Places,
    lock: IO[bytes],
    reasons: Reasons,
    idle_seconds: float,
    connections: Callable[[], int],
) -> None:
    used = time.monotonic()
    while not reasons.given and not places.stop.exists():
        time.sleep(TICK)
        if _taken_away(places, lock):
            # Another engine may live at our path by now: nothing more may be written there.
            os._exit(1)
        if connections() > 0:
            used = time.monotonic()
        elif time.monotonic() - used > idle_seconds and _may_stop(places, connections):
            return


def _taken_away(places: Places, lock: IO[bytes]) -> bool:
    """Whether the folder was removed or replaced under us: its lock file is not ours any more."""
    try:
        return not os.path.samestat(os.fstat(lock.fileno()), places.running.stat())
    except FileNotFoundError:
        return True


def _may_stop(places: Places, connections: Callable[[], int]) -> bool:
    """Stop for idleness only while nobody is about to use us; take the state away with it."""
    lock = try_lock(places.starting)
    if lock is None:
        return False
    with lock:
        if connections() > 0:
            return False
        clear_state(places)
        return True


def _start(root: Path, password: str, options: argparse.Namespace) -> Any:
    """The running server with its database open. Imports the package, which starts Java."""
    # Written at the first start only; without it, this start's password becomes the valid one.
    (root / "config" / "server-users.jsonl").unlink(missing_ok=True)
    os.environ["ARCADEDB_JVM_ERROR_FILE"] = str(root / "log" / "java-crash-%p.log")
    from arcadedb_embedded.server import ArcadeDBServer  # pyright: ignore[reportMissingTypeStubs]

    http_port = _free_port()
    server: Any = ArcadeDBServer(
        str(root),
        password,
        {
            "host": "127.0.0.1",
            "server_plugins": f"Bolt:{BOLT}",
            "bolt_port": 0,
            # A range, because another process may take the free port before we do.
            "http_port": f"{http_port}-{min(http_port + 50, 65535)}",
            "mode": "development",  # production hides the texts of errors
        },
        {
            "heap_size": options.heap,
            "jvm_args": [
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xrs",  # leave the signals to Python
                "-Darcadedb.txWalFlush=2",  # fsync at each commit: acknowledged means kept
                f"-Darcadedb.command.timeout={int(options.query_seconds * 1000)}",
                f"-Darcadedb.bucketReuseSpaceMode={space_mode(root)}",
                "-Darcadedb.bolt.maxMessageSize=134217728",
                "-Darcadedb.opencypher.loadCsv.allowFileUrls=false",
                "-Darcadedb.opencypher.loadCsv.allowRemoteUrls=false",
            ],
        },
    )
    server.start()
    server.create_database(DATABASE)  # opens it if it is there
    return server


def space_mode(root: Path) -> str:
    """How space that was left is looked for: "high", or "low" (not at all) in a graph of more than LARGE bytes.

    There a write may look through all pages for it, which takes seconds, and what is left is little beside the rest.
    """
    size = sum(file.stat().st_size for file in (root / "databases").rglob("*") if file.is_file())
    return "low" if size > LARGE else "high"


def _engine(server: Any, password: str) -> Engine:
    return Engine(
        pid=os.getpid(),
        bolt_port=int(_bolt(server).getPort()),
        http_port=int(_java(server).getHttpServer().getPort()),
        started=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        password=password,
    )


def _bolt(server: Any) -> Any:
    for plugin in _java(server).getPlugins():
        if str(plugin.getClass().getName()) == BOLT:
            return plugin
    raise RuntimeError("the engine runs without its Bolt plugin")


def _java(server: Any) -> Any:
    # The package wraps the server without its ports; the exact version is pinned.
    return server._java_server  # noqa: SLF001


def _connections(server: Any) -> Callable[[], int]:
    """How many clients are connected by Bolt; a killed client's connection goes with it."""
    listener = _field(_bolt(server), "listener")
    connected = _field(listener, "activeConnections")
    return lambda: int(connected.size())


def _field(java: Any, name: str) -> Any:
    # The engine has no public way to ask this; the exact version is pinned, and tests would tell.
    field = java.getClass().getDeclaredField(name)
    field.setAccessible(True)
    return field.get(java)


def _problem(places: Places, wrong: Exception) -> dict[str, str]:
    """What to report for a failed start; the details are in the log."""
    print(f"start failed: {wrong!r}", file=sys.stderr, flush=True)
    if isinstance(wrong, OSError):
        kind, message = "DataFolderUnusable", f"{places.root} cannot be used: {wrong.strerror}."
    elif shutil.disk_usage(places.root).free < ROOM:
        kind, message = "DiskFull", f"The disk of {places.root} is full."
    else:
        kind, message = "EngineFailed", f"The embedded engine did not start: {_short(wrong)}"
    return {"problem": kind, "message": message}


def _short(wrong: Exception) -> str:
    return str(wrong).strip().splitlines()[0][:300] if str(wrong).strip() else type(wrong).__name__


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _own_standard_output() -> IO[str]:
    """Keep the real standard output for the report, before anything else can print on it."""
    return os.fdopen(os.dup(1), "w", encoding="utf-8")


def _console_to(log: Path) -> None:
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.close(handle)


def _say(report: IO[str], **facts: object) -> None:
    try:
        with report:
            report.write(json.dumps(facts) + "\n")
    except OSError:
        pass  # whoever started us is gone; the state file tells the others


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kb.engine.child")
    parser.add_argument("root", type=Path)
    parser.add_argument("--heap", required=True)
    parser.add_argument("--query-seconds", type=float, required=True)
    parser.add_argument("--idle-seconds", type=float, required=True)
    parser.add_argument("--tied", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
