"""The type check is as strict as pyproject.toml says, in the rooms and not in the tests."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
PYRIGHT = Path(sys.executable).with_name("pyright")
UNTYPED = "def doubled(number):\n    return number * 2\n"


def test_an_untyped_function_is_refused_in_the_rooms_and_allowed_in_tests(tmp_path: Path) -> None:
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    rooms = ["api", "bench", "kb", "loaders", "schema"]
    for room in [*rooms, "tests"]:
        (tmp_path / room).mkdir()
        (tmp_path / room / "planted.py").write_text(UNTYPED)
    told = subprocess.run([PYRIGHT, "--outputjson"], cwd=tmp_path, capture_output=True)
    problems = json.loads(told.stdout)["generalDiagnostics"]
    assert sorted({Path(one["file"]).parent.name for one in problems}) == rooms
    assert {one["rule"] for one in problems} >= {"reportMissingParameterType", "reportUnknownParameterType"}
