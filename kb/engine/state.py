"""What a running engine leaves in its folder for others to find it: where, and the password.

HOME/engine/state.json   process, ports, start time; written whole or not at all
HOME/engine/password     readable by its owner only; a new one at every start
HOME/engine/running.lock held for as long as the engine lives
HOME/engine/start.lock   held while somebody starts the engine, or while it decides to stop
HOME/engine/stop         its presence asks the engine to stop
"""

import json
import logging
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

log = logging.getLogger(__name__)

USERNAME = "root"  # the engine's own name for its only account
DATABASE = "neo4j"  # the default database's name on Neo4j too


@dataclass(frozen=True)
class Engine:
    """A running engine. `tie`, if any, ends the engine when it is closed or its holder dies."""

    pid: int
    bolt_port: int
    http_port: int
    started: str
    password: str = field(repr=False)
    tie: IO[bytes] | None = field(default=None, repr=False, compare=False)
    username: str = USERNAME
    database: str = DATABASE

    @property
    def uri(self) -> str:
        """Bolt address, always loopback."""
        return f"bolt://127.0.0.1:{self.bolt_port}"


@dataclass(frozen=True)
class Places:
    """The files of one engine folder."""

    root: Path

    @property
    def state(self) -> Path:
        return self.root / "state.json"

    @property
    def password(self) -> Path:
        return self.root / "password"

    @property
    def running(self) -> Path:
        return self.root / "running.lock"

    @property
    def starting(self) -> Path:
        return self.root / "start.lock"

    @property
    def stop(self) -> Path:
        return self.root / "stop"

    @property
    def log(self) -> Path:
        return self.root / "engine.log"


def engine_folder(home: Path) -> Path:
    """The folder in a data folder where everything of the engine is kept."""
    return home / "engine"


def write_state(places: Places, engine: Engine) -> None:
    """Password first, so that whoever sees the new state can also sign in."""
    _write(places.password, engine.password)
    public = {
        "pid": engine.pid,
        "bolt_port": engine.bolt_port,
        "http_port": engine.http_port,
        "started": engine.started,
    }
    _write(places.state, json.dumps(public))


def read_state(places: Places) -> Engine | None:
    """What the state file says, believed or not; None if there is none or it is not ours."""
    try:
        found = json.loads(places.state.read_text(encoding="utf-8"))
        password = places.password.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as wrong:
        log.warning("%s cannot be read (%s); it is ignored.", places.state, type(wrong).__name__)
        return None
    engine = _engine(found, password)
    if engine is None:
        log.warning("%s was not written by this version; it is ignored.", places.state)
    return engine


def clear_state(places: Places) -> None:
    """Remove the state and the password of an engine that is gone or about to go."""
    places.state.unlink(missing_ok=True)
    places.password.unlink(missing_ok=True)


def _engine(found: object, password: str) -> Engine | None:
    if not isinstance(found, dict) or not password:
        return None
    values = cast(dict[str, Any], found)
    pid, bolt, http = values.get("pid"), values.get("bolt_port"), values.get("http_port")
    started = values.get("started")
    if not (isinstance(pid, int) and isinstance(bolt, int) and isinstance(http, int)):
        return None
    if not (isinstance(started, str) and pid > 0 and 0 < bolt < 65536 and 0 < http < 65536):
        return None
    return Engine(pid, bolt, http, started, password)


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and readable by its owner only from the first byte on."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
