"""Start the engine's process, and hear from it whether it came up."""

import importlib.util
import json
import os
import platform
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any, cast

import kb
from kb.errors import (
    DataFolderUnusable,
    DiskFull,
    EngineFailed,
    PlatformUnsupported,
    StoreUnavailable,
)
from kb.settings import Settings

PROBLEMS: dict[str, type[StoreUnavailable]] = {
    kind.__name__: kind for kind in (DataFolderUnusable, DiskFull, EngineFailed)
}
# Secrets of other servers, and options that would change the engine's Java runtime.
KEPT_BACK = ("NEO4J_PASSWORD", "ARCADEDB_JVM_ARGS")
if sys.platform == "win32":
    WINDOWS_DETACHED = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
else:
    WINDOWS_DETACHED = 0


def check_platform() -> None:
    """Raise PlatformUnsupported where the engine's package has no build for this machine."""
    if importlib.util.find_spec("arcadedb_embedded") is None:
        raise PlatformUnsupported(
            f"There is no embedded engine for this machine ({platform.system()} {platform.machine()}).",
            "Set NEO4J_URI, NEO4J_USERNAME and NEO4J_PASSWORD to use a Neo4j server.",
        )


def launch(root: Path, settings: Settings, tied: bool) -> IO[bytes] | None:
    """Start the child on a folder and wait until it serves; returns its tie if it is tied.

    A tied child ends when the tie is closed, also by the death of this process. Otherwise it
    lives on after this process and stops when idle. Raises what the child reports, or
    EngineFailed if it reports nothing in time.
    """
    command = [sys.executable, "-m", "kb.engine.child", str(root)]
    command += ["--heap", settings.engine_heap, "--query-seconds", str(settings.query_seconds)]
    command += ["--idle-seconds", str(settings.engine_idle_seconds)]
    command += ["--tied"] if tied else []
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE if tied else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Where this package was imported from; the caller's folder may hold a json.py.
        cwd=Path(kb.__path__[0]).parent,
        env={name: value for name, value in os.environ.items() if name not in KEPT_BACK},
        # Out of reach of the terminal: Ctrl-C there must not end an engine that others use.
        start_new_session=True,
        creationflags=WINDOWS_DETACHED,
    )
    assert child.stdout is not None
    report = _first_line(child.stdout, settings.engine_start_seconds)
    if report is not None and report.get("ready"):
        _reap_when_done(child)
        return child.stdin
    child.kill()  # certainly ours: nobody else has waited for this process
    child.wait()
    log = root / "engine.log"
    if report is None:
        raise EngineFailed(
            f"The embedded engine did not start within {settings.engine_start_seconds:g} s.",
            f"Its log is {log}; KB_ENGINE_START_SECONDS gives it more time.",
        )
    kind = PROBLEMS.get(str(report.get("problem")), EngineFailed)
    raise kind(
        str(report.get("message") or "The embedded engine ended while it was starting."),
        f"Its log is {log}; if that speaks of memory, change KB_ENGINE_HEAP ({settings.engine_heap}).",
    )


def _first_line(pipe: IO[bytes], seconds: float) -> dict[str, Any] | None:
    """The child's one-line report; {} if it ends without one, None if nothing comes in time."""
    lines: list[bytes] = []
    reader = threading.Thread(target=lambda: lines.append(pipe.readline()), daemon=True)
    reader.start()
    reader.join(seconds)
    if not lines:
        return None
    pipe.close()
    try:
        return cast(dict[str, Any], json.loads(lines[0]))
    except ValueError:
        return {}


def _reap_when_done(child: subprocess.Popen[bytes]) -> None:
    """Wait for the child in the background, so that it leaves no zombie behind in a long run."""
    threading.Thread(target=child.wait, daemon=True).start()
