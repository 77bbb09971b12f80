"""The locks: every package pinned and hashed, from no place in particular, and what pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[1]
LOCKS = ["requirements.lock", "requirements-build.lock", "requirements-dev.lock", "requirements-bench.lock"]
PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[^ ;]+)(?: ; (?P<marker>.+?))? \\\n(?P<hashes>(?: .*\n)+)")
PROJECT: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))

EACH_LOCK = pytest.mark.parametrize("lock", LOCKS)


@EACH_LOCK
def test_a_lock_names_no_place(lock: str) -> None:
    text = text_of(lock)
    assert "://" not in text
    assert not re.search(
        r"^\s*(-|--|#|@)[a-z]", re.sub(r"^ +--hash=sha256:", "", text, flags=re.MULTILINE), re.MULTILINE
    )


@EACH_LOCK
def test_every_package_is_pinned_and_hashed_and_nothing_else_stands_there(lock: str) -> None:
    assert PIN.sub("", text_of(lock)) == ""
    for pin in PIN.finditer(text_of(lock)):
        lines = pin["hashes"].splitlines()
        assert lines
        assert all(re.fullmatch(r" +--hash=sha256:[0-9a-f]{64}( \\)?", line) for line in lines), pin["name"]


@pytest.mark.parametrize(
    ("lock", "groups"),
    [
        ("requirements.lock", []),
        ("requirements-build.lock", ["build"]),
        ("requirements-dev.lock", ["dev"]),
        ("requirements-bench.lock", ["dev", "bench"]),
    ],
)
def test_a_lock_satisfies_pyproject(lock: str, groups: list[str]) -> None:
    asked = [] if groups == ["build"] else list(PROJECT["project"]["dependencies"])
    for group in groups:
        asked += PROJECT["dependency-groups"][group]
    held = pins(lock)
    for requirement in map(Requirement, asked):
        versions = held.get(canonicalize_name(requirement.name), [])
        assert versions, f"{requirement} is not in {lock}: run `make lock`"
        assert all(requirement.specifier.contains(version, prereleases=True) for version in versions), (
            f"{lock} holds {requirement.name} {versions}, pyproject.toml asks for {requirement}: run `make lock`"
        )


@pytest.mark.parametrize("lock", LOCKS[2:])
def test_tests_and_benches_run_on_the_versions_that_users_get(lock: str) -> None:
    assert {name: pins(lock).get(name) for name in pins("requirements.lock")} == pins("requirements.lock")


def test_the_build_backend_is_the_locked_one() -> None:
    for requirement in map(Requirement, PROJECT["build-system"]["requires"]):
        assert canonicalize_name(requirement.name) in pins("requirements-build.lock")


def test_the_engine_is_asked_for_only_where_it_has_a_build() -> None:
    marked = {pin["name"]: pin["marker"] for pin in PIN.finditer(text_of("requirements.lock"))}
    for platform in ("sys_platform == 'linux'", "sys_platform == 'darwin'", "sys_platform == 'win32'"):
        assert platform in marked["arcadedb-embedded"]


def text_of(lock: str) -> str:
    """Return the text of a lock."""
    return (CHECKOUT / lock).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, list[str]]:
    """Return the pinned versions of each package of a lock; a package may have one for each range of Pythons."""
    found: dict[str, list[str]] = {}
    for pin in PIN.finditer(text_of(lock)):
        found.setdefault(canonicalize_name(pin["name"]), []).append(pin["version"])
    return found
