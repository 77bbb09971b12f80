"""The process of ``kb``: what it prints on, and how it ends.

Exit codes: 0 fine · 1 problems in the input, or in what was asked for · 2 wrong usage or settings · 3 the store or a
source is unavailable, or what was printed could not be written · 130 interrupted.
"""

import errno
import io
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import Interrupted, OutputLost, TreatiseError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class ReaderGone(Exception):
    """Whoever read our output has gone (head, less): nothing is wrong."""


def main() -> None:
    """Run ``kb``. Ends the process with the exit code of what happened."""
    _open_streams()
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    try:
        code = _run()
        sys.stdout.flush()
    except TreatiseError as error:
        _say(error.message, error.hint)
        code = error.exit_code
    except ReaderGone:
        code = 0
    except KeyboardInterrupt:
        _say("Interrupted.")
        code = Interrupted.exit_code
    sys.exit(code)


def _run() -> int:
    # Read here, where an interruption is heard: it takes a quarter of a second.
    from kb.cli.app import application

    try:
        application()()
    except SystemExit as ended:
        if ended.code == Interrupted.exit_code:  # without a word, before the command began
            raise KeyboardInterrupt from None
        return int(ended.code or 0)
    return 0


def _say(message: str, hint: str | None = None) -> None:
    sys.stderr.write(f"kb: {message}\n" + (f"    {hint}\n" if hint else ""))
    sys.stderr.flush()


def _open_streams() -> None:
    """Make all three usable: one that was closed is an empty one, and what a file or pipe gets is UTF-8 everywhere."""
    if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison] - so it is where it was closed
        sys.stdin = Path(os.devnull).open()  # noqa: SIM115 - for as long as the process lives
    for name, told in (("stdout", True), ("stderr", False)):
        stream: io.TextIOWrapper | None = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115
        elif stream.isatty():
            stream.reconfigure(errors="backslashreplace")
        else:
            stream.flush()
            raw = io.BufferedWriter(_Output(stream.fileno(), told=told))
            setattr(sys, name, io.TextIOWrapper(raw, "utf-8", "backslashreplace", write_through=not told))


class _Output(io.FileIO):
    """A file or a pipe that is printed on. When it takes no more, that is told once, or never, and the rest is dropped.

    ``told``: whether it is told. A message that nobody can be given must not end what it is about.
    """

    def __init__(self, number: int, *, told: bool) -> None:
        super().__init__(number, "w", closefd=False)
        self._told = told
        self._lost = False

    def write(self, piece: "ReadableBuffer", /) -> int:
        """Write a piece of what is printed. Raises ReaderGone and OutputLost."""
        size = memoryview(piece).nbytes
        if self._lost:
            return size
        try:
            return super().write(piece)
        except OSError as wrong:
            self._lost = True
            if not self._told:
                return size
            # Not as an OSError: the packages that print would end the process in their own ways.
            if wrong.errno == errno.EPIPE or (sys.platform == "win32" and wrong.errno == errno.EINVAL):
                raise ReaderGone from None
            raise OutputLost(
                f"What was to be printed could not be written: {wrong.strerror or wrong}.",
                "What was done stays done. Make room or print elsewhere, and run it again.",
            ) from None
