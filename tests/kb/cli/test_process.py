"""The process of ``kb``: where its output goes, and how it ends when that takes no more."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import clean_environment
from tests.kb.cli.command import FIXTURES, command, kb

Environment = dict[str, str]
FULL = Path("/dev/full")
needs_a_full_device = pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")


@needs_a_full_device
@pytest.mark.parametrize("asked", [["--help"], ["releases"], ["releases", "--json"]], ids=" ".join)
def test_output_that_cannot_be_written_is_told_in_a_line(kb_env: Environment, asked: list[str]) -> None:
    with FULL.open("w") as full:
        ran = subprocess.run(command(*asked), env=kb_env, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (
        3,
        "kb: What was to be printed could not be written: No space left on device.\n"
        "    What was done stays done. Make room or print elsewhere, and run it again.\n",
    )


@needs_a_full_device
def test_a_warning_that_cannot_be_written_ends_nothing(kb_env: Environment) -> None:
    with FULL.open("w") as full:
        loaded = subprocess.run(command("load", FIXTURES), env=kb_env, stdout=subprocess.PIPE, stderr=full, check=False)
        wrong = subprocess.run(command("load"), env=kb_env, stderr=full, check=False)
    assert (loaded.returncode, wrong.returncode) == (0, 2)


@pytest.mark.parametrize("place", ["missing/page.html", "folder"])
def test_a_file_that_cannot_be_written_is_told_in_a_line(kb_env: Environment, tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    page = tmp_path / "page.txt"
    page.write_text("Platelet-rich plasma helps in osteoarthritis.")
    assert kb(kb_env, "load", FIXTURES).code == kb(kb_env, "publish").code == 0
    ran = kb(kb_env, "audit", page, "--offline", "--format", "html", "--output", tmp_path / place)
    assert (ran.code, f"{tmp_path / place} could not be written: " in ran.err, "Traceback" in ran.err) == (
        3, True, False,
    ), ran.err  # fmt: skip
    assert {one.name for one in tmp_path.iterdir()} == {"folder", "page.txt"}


@pytest.mark.parametrize("asked", [["--help"], ["status"], ["status", "--json"]], ids=" ".join)
def test_a_reader_that_has_gone_is_no_failure(kb_env: Environment, asked: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(command(*asked), env=kb_env, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX closes them")
def test_streams_that_were_closed_are_empty_ones(kb_env: Environment) -> None:
    def closed(numbers: tuple[int, ...], *asked: str) -> int:
        return subprocess.run(
            command(*asked), env=kb_env, preexec_fn=lambda: [os.close(one) for one in numbers], check=False
        ).returncode

    assert closed((0, 1, 2), "load", str(FIXTURES)) == 0
    assert closed((0, 1, 2), "status") == 0
    assert kb(kb_env, "status", "--json").json["counts"]["Therapy"] == 2


def test_what_a_file_gets_is_utf_8_whatever_the_system_s_encoding(kb_env: Environment, tmp_path: Path) -> None:
    unknown = tmp_path / "unknown.bin"
    unknown.write_bytes(b"nothing that anybody reads")
    ascii_only = kb_env | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ran = subprocess.run(command("load", unknown), env=ascii_only, capture_output=True, check=False)
    # The dash stands for a format that is not known.
    assert (ran.returncode, " – " in ran.stdout.decode("utf-8")) == (1, True)


def test_who_interrupts_it_while_it_starts_is_told_so(tmp_path: Path) -> None:
    # A module of this name is read while the command starts, and is interrupted there.
    (tmp_path / "typer.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGINT)")
    environment = {**clean_environment(), "PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    ran = subprocess.run(command("status"), env=environment, capture_output=True, text=True, check=False)
    signal.signal(signal.SIGINT, before)
    assert (ran.returncode, ran.stderr) == (130, "kb: Interrupted.\n")
