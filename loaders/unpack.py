"""Unpack: the bytes of a source, gzip taken off where there is one."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

GZIP = b"\x1f\x8b"
#: Bytes in one piece: large enough to be cheap, small enough to hold only a few records.
PIECE = 32_768

# zlib: a gzip header is expected.
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
# XML packs to about a sixth: little is left over to be handed to zlib again.
_PACKED_PIECE = 8_192


class DamagedArchive(Exception):
    """A gzip file that breaks off or does not add up. The pieces yielded before it are good."""


def unpacked(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the source in pieces of at most :data:`PIECE` bytes, unpacked if it is gzip (several members too).

    The stream need not be seekable. Raises :class:`DamagedArchive` where the gzip data breaks.
    """
    first = _read(stream, PIECE)
    while first and len(first) < len(GZIP) and (more := _read(stream, PIECE)):
        first += more  # a pipe may hand over a byte at a time
    if first.startswith(GZIP):
        yield from _members(first, stream)
        return
    while first:
        yield first
        first = _read(stream, PIECE)


def read_head(stream: BinaryIO, size: int = 4096) -> bytes:
    """Return the first bytes, unpacked, to tell the format by; a seekable stream is put back to where it was."""
    start = stream.tell() if stream.seekable() else None
    head = b""
    try:
        for piece in unpacked(stream):
            head += piece
            if len(head) >= size:
                break
    except DamagedArchive:
        pass
    if start is not None:
        stream.seek(start)
    return head[:size]


def _read(stream: BinaryIO, size: int) -> bytes:
    return stream.read(size) or b""


def _members(packed: bytes, stream: BinaryIO) -> Iterator[bytes]:
    member = zlib.decompressobj(_GZIP_WINDOW)
    while packed:
        try:
            # The limit keeps a small file that unpacks to gigabytes from filling the memory.
            piece = member.decompress(packed, PIECE)
        except zlib.error as error:
            raise DamagedArchive(f"the gzip data is damaged ({error})") from None
        if piece:
            yield piece
        packed = member.unused_data.lstrip(b"\0") if member.eof else member.unconsumed_tail
        packed = packed or _read(stream, _PACKED_PIECE)
        if member.eof and packed:
            member = zlib.decompressobj(_GZIP_WINDOW)
    if not member.eof:
        raise DamagedArchive("the gzip data breaks off before its end")
