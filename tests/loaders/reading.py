"""What the tests of the citation formats share: a file read to the end, and the folders of files."""

import io
from pathlib import Path
from types import ModuleType

import pytest

from loaders.registry import detect_format
from loaders.unpack import read_head
from schema.citation import Citation
from schema.parsed import Parsed, Problem

FIXTURES = Path(__file__).parents[1] / "fixtures" / "biblio"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "biblio"


def read(form: ModuleType, content: bytes | str, name: str = "file") -> tuple[list[Citation], list[Problem]]:
    data = content.encode() if isinstance(content, str) else content
    records: list[Citation] = []
    problems: list[Problem] = []
    for found in form.parse(io.BytesIO(data), name):
        if isinstance(found, Parsed):
            assert isinstance(found.record, Citation)
            assert found.where.startswith(name)
            records.append(found.record)
        else:
            assert found.where.startswith(name)
            assert found.message
            problems.append(found)
    return records, problems


def fixture(form: ModuleType, name: str) -> tuple[list[Citation], list[Problem]]:
    return read(form, (FIXTURES / name).read_bytes(), name)


def shared(form: ModuleType, name: str) -> tuple[list[Citation], list[Problem]]:
    path = SHARED / name
    if not path.is_file():
        pytest.skip("the shared citation files are not here")
    return read(form, path.read_bytes(), path.name)


def format_of(content: bytes) -> str | None:
    found = detect_format(read_head(io.BytesIO(content)), "file")
    return found.name if found else None


def rejected(problems: list[Problem]) -> list[str]:
    return [problem.where for problem in problems if problem.rejected]


def warned(problems: list[Problem]) -> list[str]:
    return [f"{problem.where} {problem.message}" for problem in problems if not problem.rejected]
