"""Run ``kb`` as a user does: as a process, on real files."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[3]
FIXTURES = Path(__file__).parents[2] / "fixtures" / "cli"


@dataclass(frozen=True)
class Ran:
    """What a run printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document that was printed."""
        return json.loads(self.out)


def command(*arguments: str | Path) -> list[str]:
    """The command line of ``kb`` in this environment."""
    return [sys.executable, "-c", "from kb.cli import main; main()", *map(str, arguments)]


def kb(environment: dict[str, str], *arguments: str | Path, seconds: float = 120) -> Ran:
    """Run ``kb`` to its end, in a process that has other people's packages in place already."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        out.touch()
        err.touch()
        asked = {
            "arguments": [str(one) for one in arguments],
            "environment": environment,
            "folder": str(Path.cwd()),
            "out": str(out),
            "err": str(err),
        }
        code = _forked(json.dumps(asked), seconds)
        return Ran(code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


def _forked(asked: str, seconds: float) -> int:
    forks = _forks()
    assert forks.stdin is not None
    assert forks.stdout is not None
    forks.stdin.write(asked + "\n")
    forks.stdin.flush()
    if not select.select([forks.stdout], [], [], seconds)[0]:
        os.killpg(forks.pid, signal.SIGKILL)
        _forks.cache_clear()
        raise subprocess.TimeoutExpired(asked, seconds)
    return int(forks.stdout.readline())


@cache
def _forks() -> "subprocess.Popen[str]":
    """The process that forks; it ends with this one, which holds its standard input."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.kb.cli.forks"],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
