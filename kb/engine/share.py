"""Find the engine of a data folder, start it if there is none, or stop it."""

import errno
import logging
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from kb.engine.launch import check_platform, launch
from kb.engine.lock import is_locked, wait_lock
from kb.engine.state import Engine, Places, clear_state, engine_folder, read_state
from kb.errors import DataFolderUnusable, DiskFull, EngineFailed
from kb.settings import Settings

log = logging.getLogger(__name__)

ROOM = 64 * 1024 * 1024  # bytes; the engine writes its files in pieces of about this size
STOP_SECONDS = 30.0
ELSEWHERE = "Make room, or set KB_HOME to a folder on another disk."


def find_engine(settings: Settings) -> Engine | None:
    """The running engine of this data folder, proven by a sign-in; None if there is none.

    Raises DataFolderUnusable.
    """
    places = Places(engine_folder(settings.home))
    with usable(places.root):
        return _find(places)


def ensure_engine(settings: Settings, tied: bool = False) -> Engine:
    """The running engine of this data folder, started if there is none.

    tied: an engine started here ends with this process, or when `Engine.tie` is closed. An
    engine that already runs is shared as it is.
    Raises PlatformUnsupported, DataFolderUnusable, DiskFull or EngineFailed.
    """
    places = Places(engine_folder(settings.home))
    with usable(places.root):
        engine = _find(places)
        if engine is not None:
            return engine
        check_platform()
        places.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Several processes may come here at once: one starts, the others wait and then find.
        lock = wait_lock(places.starting, settings.engine_start_seconds)
        if lock is not None:
            with lock:
                return _find_or_start(places, settings, tied)
    raise _no_answer(places, settings)


def stop_engine(settings: Settings) -> bool:
    """Ask the engine of this data folder to stop, and wait; False if none was running.

    Asks through a file, so that no process id has to be trusted. Raises EngineFailed if it does
    not stop, or DataFolderUnusable.
    """
    places = Places(engine_folder(settings.home))
    with usable(places.root):
        if not is_locked(places.running):
            return False
        places.stop.touch()
        until = time.monotonic() + STOP_SECONDS
        while is_locked(places.running):
            if time.monotonic() > until:
                raise EngineFailed(
                    f"The embedded engine of {places.root} did not stop within {STOP_SECONDS:g} s.",
                    f"Its process id is in {places.state}, its log is {places.log}.",
                )
            time.sleep(0.05)
    return True


def _find(places: Places) -> Engine | None:
    # The lock tells a living engine from a state file left behind, whoever owns its pid now.
    if not is_locked(places.running):
        return None
    engine = read_state(places)
    return engine if engine is not None and _answers(engine) else None


def _find_or_start(places: Places, settings: Settings, tied: bool) -> Engine:
    until = time.monotonic() + settings.engine_start_seconds
    while time.monotonic() < until:
        engine = _find(places)
        if engine is not None:
            return engine
        if not is_locked(places.running):
            return _start(places, settings, tied)
        # It is still starting for somebody who died, or just stopping.
        time.sleep(0.1)
    raise _no_answer(places, settings)


def _start(places: Places, settings: Settings, tied: bool) -> Engine:
    left = read_state(places)
    if left is not None:
        log.info(
            "%s was left by an engine that is gone (process %d); it is replaced.",
            places.state,
            left.pid,
        )
    if shutil.disk_usage(places.root).free < ROOM:
        raise DiskFull(f"The disk of {places.root} has less than {ROOM // 2**20} MB left.", ELSEWHERE)
    clear_state(places)
    tie = launch(places.root, settings, tied)
    engine = read_state(places)
    if engine is None or not _answers(engine):
        raise EngineFailed("The embedded engine started and then did not answer.", f"Its log is {places.log}.")
    return replace(engine, tie=tie)


def _answers(engine: Engine) -> bool:
    """Whether a Bolt server on that port takes our password."""
    from neo4j import GraphDatabase
    from neo4j.exceptions import DriverError, Neo4jError

    graph: Any = GraphDatabase  # the driver's own type hints are partial
    auth = (engine.username, engine.password)
    try:
        # The second limit also ends the wait for a server that takes the call and stays silent.
        with graph.driver(engine.uri, auth=auth, connection_timeout=5, connection_acquisition_timeout=5) as driver:
            driver.verify_connectivity()
    except (DriverError, Neo4jError, OSError):
        return False
    return True


def _no_answer(places: Places, settings: Settings) -> EngineFailed:
    return EngineFailed(
        f"An embedded engine holds {places.root} but did not answer within {settings.engine_start_seconds:g} s.",
        f"Wait and try again; its log is {places.log}.",
    )


@contextmanager
def usable(folder: Path) -> Generator[None]:
    """Say in our words what is wrong with a data folder. Raises DiskFull or DataFolderUnusable."""
    try:
        yield
    except OSError as wrong:
        if wrong.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"The disk of {folder} is full.", ELSEWHERE) from wrong
        raise DataFolderUnusable(
            f"The data folder {folder} cannot be used: {wrong.strerror or wrong}.",
            "Set KB_HOME to a folder that this user may write.",
        ) from wrong
