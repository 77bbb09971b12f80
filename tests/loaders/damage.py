"""What the tests of bad input share: good files of every format, and what must hold of whatever a loader makes of a bad
one. A new format joins by the fixture that is told to be of it.
"""

import io
from functools import cache
from pathlib import Path

from loaders.registry import FORMATS, Format, detect_format
from loaders.unpack import read_head
from schema.parsed import Parsed, Problem

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
SHARED = ROOT.parent / "shared" / "data"
#: Bytes of the largest file that is damaged: larger ones hold nothing that a smaller one does not.
LARGEST = 30_000

BY_NAME = {form.name: form for form in FORMATS}


@cache
def good_files() -> tuple[tuple[str, Path], ...]:
    """(format, file) of every file that a loader reads: our fixtures, the seeds, and the reference material if here."""
    paths = [path for folder in (FIXTURES, ROOT / "seeds", SHARED) for path in sorted(folder.rglob("*"))]
    found: list[tuple[str, Path]] = []
    for path in paths:
        if path.is_file() and path.stat().st_size <= LARGEST:
            with path.open("rb") as stream:
                form = detect_format(read_head(stream), path.name)
            if form is not None:
                found.append((form.name, path))
    return tuple(found)


def name_of(path: Path) -> str:
    """The file's place for people: ``shared/data/biblio/…``, ``tests/fixtures/…``."""
    return str(path.relative_to(ROOT.parent if path.is_relative_to(SHARED) else ROOT))


def examined(form: Format, content: bytes, name: str = "bad") -> tuple[list[Parsed], list[Problem]]:
    """Read to the end. Every record is whole, and every problem says where and what."""
    records: list[Parsed] = []
    problems: list[Problem] = []
    for found in form.parse(io.BytesIO(content), name):
        if isinstance(found, Parsed):
            records.append(found)
        else:
            problems.append(found)
    for one in records:
        kind = type(one.record)
        assert kind.model_validate_json(one.record.model_dump_json()) == one.record
        assert kind.from_properties(one.record.properties()) == one.record
        assert one.where
    for problem in problems:
        assert problem.where.startswith(name), problem
        assert problem.message.strip()
        problem.message.encode()
    return records, problems


def detected(content: bytes, name: str = "bad") -> Format | None:
    """The format that a load would choose."""
    return detect_format(read_head(io.BytesIO(content)), name)
