"""Archives: the files in a zip, within bounds, so that a small one cannot fill the disk or the memory."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from schema.parsed import Problem

#: A file of more than 100 MB that is packed this much is a bomb, and so is an archive with more in it than this.
LARGEST_RATIO = 200
SUSPICIOUS = 100_000_000
LARGEST = 20_000_000_000
MOST_FILES = 100_000

ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive: ``export.zip!list.ris``."""

    name: str
    size: int
    open: Callable[[], AbstractContextManager[BinaryIO]]


def is_zip(head: bytes) -> bool:
    """Tell by the first bytes whether this is a zip archive."""
    return head.startswith(ZIP)


def members(path: Path) -> Iterator[Member | Problem]:
    """Yield the files of a zip archive in order, or a Problem for one (or the whole) that cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            listed = [one for one in archive.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield Problem(str(path), f"is no whole zip archive ({error}); get it again, or unpack it yourself")
        return
    if len(listed) > MOST_FILES or sum(one.file_size for one in listed) > LARGEST:
        yield Problem(str(path), f"holds {len(listed):,} files of more than is read at once; unpack it yourself")
        return
    for one in sorted(listed, key=lambda info: info.filename):
        name = f"{path}!{one.filename}"
        if any(part.startswith((".", "__MACOSX")) for part in one.filename.split("/")):
            continue
        if one.flag_bits & 0x1:
            yield Problem(name, "is locked with a password; unpack it yourself")
        elif one.file_size > SUSPICIOUS and one.file_size > LARGEST_RATIO * max(1, one.compress_size):
            yield Problem(name, f"unpacks to {one.file_size:,} bytes, over {LARGEST_RATIO} times its size; not opened")
        elif one.filename.lower().endswith(".zip"):
            yield Problem(name, "is an archive inside an archive; unpack it yourself")
        else:
            yield Member(name, one.file_size, _opener(path, one))


def _opener(path: Path, info: zipfile.ZipInfo) -> Callable[[], AbstractContextManager[BinaryIO]]:
    def opened() -> AbstractContextManager[BinaryIO]:
        return _Inside(path, info)

    return opened


class _Inside(AbstractContextManager[BinaryIO]):
    """One file of an archive, open with its archive; the archive's own sizes are not trusted beyond what is read."""

    def __init__(self, path: Path, info: zipfile.ZipInfo) -> None:
        self._archive = zipfile.ZipFile(path)
        try:
            self._stream = self._archive.open(info)
        except Exception:
            self._archive.close()
            raise

    def __enter__(self) -> BinaryIO:
        return cast(BinaryIO, self._stream)

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._archive.close()
