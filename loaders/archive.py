"""Archives: the files in a zip, within bounds, so that a small one cannot fill the disk or the memory."""

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, cast

from schema.parsed import Problem

#: A file of more than 100 MB that is packed this much is a bomb, and so is an archive with more in it than this.
LARGEST_RATIO = 200
#: An archive inside an archive is opened up to this size; one that lies deeper is not.
SUSPICIOUS = 100_000_000
LARGEST = 20_000_000_000
MOST_FILES = 100_000

ZIP = b"PK\x03\x04"

#: Opens something to read, each time from its beginning.
Opened = Callable[[], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive: ``export.zip!list.ris``."""

    name: str
    size: int
    open: Opened


def is_zip(head: bytes) -> bool:
    """Tell by the first bytes whether this is a zip archive."""
    return head.startswith(ZIP)


def members(name: str, opened: Opened) -> Iterator[Member | Problem]:
    """Yield the files of a zip archive in order, or a Problem for one (or the whole) that cannot be read.

    ``opened`` opens the archive anew each time; its stream can be sought in.
    """
    try:
        with opened() as stream, zipfile.ZipFile(stream) as archive:
            listed = [one for one in archive.infolist() if not one.is_dir()]
            packed = stream.seek(0, io.SEEK_END)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield Problem(name, f"is no whole zip archive ({error}); get it again, or unpack it yourself")
        return
    size = sum(one.file_size for one in listed if not _is_bomb(one))
    if len(listed) > MOST_FILES or size > LARGEST or (size > SUSPICIOUS and size > LARGEST_RATIO * packed):
        told = f"{len(listed):,} files that unpack to {size:,} bytes, {size // max(1, packed):,} times its size"
        yield Problem(name, f"holds {told}; it was not opened, unpack it yourself if you trust it")
        return
    for one in sorted(listed, key=lambda info: info.filename):
        inside = f"{name}!{one.filename}"
        # Some programs write paths from where they stood: ./list.ris.
        parts = [part for part in one.filename.split("/") if part not in (".", "..")]
        if any(part.startswith((".", "__MACOSX")) for part in parts):
            continue
        if one.flag_bits & 0x1:
            yield Problem(inside, "is locked with a password; unpack it yourself")
        elif _is_bomb(one):
            yield Problem(
                inside, f"unpacks to {one.file_size:,} bytes, over {LARGEST_RATIO} times its size; not opened"
            )
        else:
            yield Member(inside, one.file_size, partial(_Inside, opened, one))


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > SUSPICIOUS and info.file_size > LARGEST_RATIO * max(1, info.compress_size)


class _Inside(AbstractContextManager[BinaryIO]):
    """One file of an archive, open with its archive; the archive's own sizes are not trusted beyond what is read."""

    def __init__(self, opened: Opened, info: zipfile.ZipInfo) -> None:
        with ExitStack() as held:
            archive = held.enter_context(zipfile.ZipFile(held.enter_context(opened())))
            self._stream = held.enter_context(archive.open(info))
            self._held = held.pop_all()

    def __enter__(self) -> BinaryIO:
        return cast(BinaryIO, self._stream)

    def __exit__(self, *_: object) -> None:
        self._held.close()
