"""`make env` tells what is wrong with the Python it was given, and what to do."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def make_env(tmp_path: Path) -> Run:
    """Run .ci/env in a copy of the checkout, with a Python that behaves as the given script says."""
    shutil.copytree(CHECKOUT / ".ci", tmp_path / ".ci")
    for file in (*CHECKOUT.glob("requirements*.lock"), CHECKOUT / "pyproject.toml"):
        shutil.copy(file, tmp_path)

    def run(python: str | None, kind: str = "runtime") -> subprocess.CompletedProcess[str]:
        interpreter = tmp_path / "python-given"
        if python is not None:
            interpreter.write_text(f"#!/bin/sh\n{python}\n")
            interpreter.chmod(0o755)
        environment = {**os.environ, "PYTHON": str(interpreter)}
        command = ["sh", tmp_path / ".ci" / "env", kind]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    return run


def test_a_missing_python_is_told(make_env: Run) -> None:
    told = make_env(None)
    assert told.returncode == 1
    assert "python-given on the PATH" in told.stderr
    assert "Install Python 3.11 or later, or name one: make env PYTHON=" in told.stderr


def test_an_old_python_is_told_with_its_version(make_env: Run) -> None:
    told = make_env('case "$1" in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac')
    assert told.returncode == 1
    assert "is Python 3.9.2, and Treatise needs Python 3.11 or later." in told.stderr
    assert "make env PYTHON=" in told.stderr


def test_a_python_without_venv_is_told_with_the_package_to_install(make_env: Run) -> None:
    told = make_env('case "$2" in *venv*) exit 1 ;; *) exit 0 ;; esac')
    assert told.returncode == 1
    assert "comes without its venv module" in told.stderr
    assert "apt-get install python3-venv" in told.stderr


def test_an_unknown_kind_is_told_with_the_known_ones(make_env: Run) -> None:
    told = make_env("exit 0", kind="everything")
    assert told.returncode == 1
    assert "use runtime, dev or bench" in told.stderr


def test_nothing_is_left_behind_that_looks_ready(make_env: Run, tmp_path: Path) -> None:
    make_env('case "$*" in *"-m venv"*) exit 1 ;; *) exit 0 ;; esac')
    assert not (tmp_path / ".venv" / "installed").exists()
