"""Fixtures for tests that start, share and kill engines in data folders of their own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from kb.engine import find_engine, stop_engine
from kb.settings import Settings

Client = Callable[..., "subprocess.Popen[bytes]"]


def until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether the condition comes true in time; looks often."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def alive(pid: int) -> bool:
    """Whether a process is there that is not just waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def settings(tmp_path: Path) -> Generator[Settings]:
    """Settings of an empty data folder; an engine that is left running there is stopped."""
    settings = Settings(home=tmp_path / "home", neo4j_uri=None, engine_heap="256m", query_seconds=1)
    yield settings
    if find_engine(settings) is not None:
        stop_engine(settings)


@pytest.fixture
def client(settings: Settings) -> Generator[Client]:
    """Start tests.kb.client with an action on the data folder; killed at the end of the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(action: str, **environment: str) -> subprocess.Popen[bytes]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("NEO4J_", "KB_"))}
        kept |= {"KB_HOME": str(settings.home), "KB_ENGINE_HEAP": settings.engine_heap}
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.kb.client", action],
                env=kept | environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def pid_from(process: "subprocess.Popen[bytes]") -> int:
    """The engine's pid, as a client says it once it is connected."""
    assert process.stdout is not None
    return int(process.stdout.readline())
