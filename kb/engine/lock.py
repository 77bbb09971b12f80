"""File locks that the operating system releases when their holder dies, however it dies."""

import errno
import sys
import time
from pathlib import Path
from typing import IO


def try_lock(path: Path) -> IO[bytes] | None:
    """Take the lock and return the open file that holds it, or None if another holds it.

    Closing the file, or the end of the process, gives the lock back. The file itself is never
    removed: a removed lock file would let two holders lock two files of one name.
    Raises OSError where the file system has no locks.
    """
    return _try(path, shared=False)


def wait_lock(path: Path, seconds: float) -> IO[bytes] | None:
    """Like try_lock, but wait up to so many seconds for it."""
    until = time.monotonic() + seconds
    held = try_lock(path)
    while held is None and time.monotonic() < until:
        time.sleep(0.05)
        held = try_lock(path)
    return held


def is_locked(path: Path) -> bool:
    """Whether another process holds the lock at this moment."""
    if not path.exists():
        return False
    # Shared, so that two who ask at the same time do not see each other.
    held = _try(path, shared=True)
    if held is not None:
        held.close()
    return held is None


def _try(path: Path, shared: bool) -> IO[bytes] | None:
    file = path.open("a+b")
    try:
        _lock(file, shared)
    except OSError as refused:
        file.close()
        if refused.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return None
        raise
    return file


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes], shared: bool) -> None:  # noqa: ARG001 - there are none here
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes], shared: bool) -> None:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
