"""Streams that ``kb load`` reads through: kept for a second reading, and counted for the progress bar."""

import io
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: Called with the number of bytes read since the last call.
Read = Callable[[int], None]

#: Bytes of standard input or of a reply that are held in memory; the rest goes to a file.
IN_MEMORY = 8_000_000


class Kept:
    """What can be read only once, kept until ``held`` is closed, to be opened as often as needed."""

    def __init__(self, stream: BinaryIO, held: ExitStack) -> None:
        self._kept = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed with what holds it)
        held.callback(self._kept.close)
        shutil.copyfileobj(stream, self._kept)
        self.size = self._kept.tell()

    def open(self) -> BinaryIO:
        """Open it at its beginning; several may read it by turns."""
        return io.BufferedReader(_Again(cast(BinaryIO, self._kept)))


class _Again(io.RawIOBase):
    """A kept stream from its beginning, at a place of its own: several may read it by turns."""

    def __init__(self, kept: BinaryIO) -> None:
        super().__init__()
        self._kept = kept
        self._place = 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be sought in."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        self._kept.seek(self._place)
        self._place = self._kept.seek(offset, whence)
        return self._place

    def tell(self) -> int:
        """Return the place."""
        return self._place

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read into the buffer."""
        view = memoryview(buffer).cast("B")
        self._kept.seek(self._place)
        piece = self._kept.read(len(view))
        view[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)


class Counted(io.RawIOBase):
    """A stream that tells how much of it was read. Closing it leaves the stream to whoever opened it."""

    def __init__(self, stream: BinaryIO, read: Read) -> None:
        super().__init__()
        self._stream = stream
        self._tell_read = read

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        """Read into the buffer, and tell how much it was."""
        piece = self._stream.read(len(memoryview(buffer).cast("B")))
        memoryview(buffer).cast("B")[: len(piece)] = piece
        self._tell_read(len(piece))
        return len(piece)
