"""Paths into sources: folders are walked, formats are told by content."""

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import UsageError
from kb.ingest import Source
from loaders.registry import detect_format, unknown_format
from loaders.unpack import read_head
from schema.parsed import Parsed, Problem

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: Called with the number of bytes read since the last call.
Read = Callable[[int], None]


def files_of(paths: Sequence[Path]) -> list[Path]:
    """Return the files to load: those given, and those in the folders given, in order. Raises UsageError."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = [one for one in sorted(path.rglob("*")) if one.is_file() and not _hidden(one.relative_to(path))]
            if not inside:
                raise UsageError(f"The folder {path} holds no file.", "Name a file, or a folder with files.")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise UsageError(f"There is no file or folder {path}.", "Check the path.")
    return list(dict.fromkeys(found))


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def open_source(path: Path, read: Read = lambda _: None) -> Source:
    """Recognise one file. What cannot be read or recognised becomes a source that yields just that problem."""
    name = str(path)
    try:
        with path.open("rb") as stream:
            head = read_head(stream)
            stream.seek(0)
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        return _unreadable(name, f"cannot be read: {error.strerror or error}; check the file and its rights")
    form = detect_format(head, name)
    if form is None:
        return _unreadable(name, unknown_format(head))

    def parse() -> Iterator[Parsed | Problem]:
        with io.BufferedReader(_Counted(path, read)) as stream:
            yield from form.parse(stream, name)

    return Source(name, form.name, form.version, sha256, whole=form.whole, parse=parse)


class _Counted(io.FileIO):
    """A file that tells how much of it was read."""

    def __init__(self, path: Path, read: Read) -> None:
        super().__init__(path)
        self._tell_read = read

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        """Read into the buffer, and tell how much it was."""
        size = super().readinto(buffer)
        self._tell_read(size or 0)
        return size


def _unreadable(name: str, message: str) -> Source:
    return Source(name, None, "", "", whole=False, parse=lambda: iter([Problem(name, message)]))
