"""Run ``kb`` as a user does: as a process, on real files."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    """Run ``kb`` to its end."""
    done = subprocess.run(
        command(*arguments), env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)
