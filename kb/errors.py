"""Everything that can go wrong, in words for the person who must act.

    TreatiseError                what happened, and a hint: what to do about it
    ├── InputProblem        1    what was handed in cannot be used
    │   └── NotFound        1    a name finds nothing; carries the nearest names
    │       └── UnknownRelease   a release that does not exist; carries the newest
    ├── Unfinished          1    a job stopped part-way; what is done stays done
    ├── Interrupted       130    somebody ended it, with Ctrl-C
    ├── UsageError          2    the command was called wrongly
    ├── ConfigurationError  2    a setting is wrong
    ├── StoreUnavailable    3    the graph cannot be reached
    │   ├── WrongPassword        the server refuses the sign-in
    │   ├── StoreLost            the connection broke while in use
    │   ├── StoreBusy            the server is alive but cannot serve now
    │   ├── PlatformUnsupported  no embedded engine for this machine
    │   ├── DataFolderUnusable   the data folder cannot be made or written
    │   ├── DiskFull             no room left for the data
    │   └── EngineFailed         the embedded engine did not start, or stopped by itself
    ├── SourceUnavailable   3    a source of records cannot be asked: no network, or it refuses
    ├── OutputLost          3    what was to be printed could not be written
    └── StoreFault          3    the graph refused a statement; carries the server's code
        ├── ConstraintViolated   a unique key is already taken
        └── TooSlow              the statement ran into its time limit

The number is the exit code of the command line, inherited where none is shown.
`str(error)` is the message with its hint, without a stack trace, a query or a password.
"""

from collections.abc import Sequence
from typing import ClassVar


class TreatiseError(Exception):
    """The root: catch this to catch everything Treatise raises on purpose."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message


class InputProblem(TreatiseError):
    """What was handed in cannot be used as it is."""


class NotFound(InputProblem):
    """A name finds nothing, or an identifier.

    `nearest` holds the names that come close, best first, and is None for an identifier, to which nothing comes close;
    `kind` begins the message, as in "No therapy".
    """

    def __init__(self, name: str, nearest: Sequence[str] | None = None, kind: str = "Nothing") -> None:
        if nearest is None:
            message, hint = f"{kind} has the identifier '{name}'.", "Check how it is written, and whether it is loaded."
        else:
            message = f"{kind} is called '{name}'."
            hint = f"Did you mean {_either(nearest)}?" if nearest else "No name comes close to it."
        super().__init__(message, hint)
        self.name = name
        self.nearest = tuple(nearest or ())


class UnknownRelease(NotFound):
    """There is no release of that number. `newest` is the last one there is, 0 before the first."""

    def __init__(self, number: int, newest: int) -> None:
        super().__init__(str(number), [str(newest)] if newest else [], "No release")
        if newest == 0:
            self.hint = "Nothing is published yet."
        else:
            self.hint = f"Releases 1 to {newest} exist." if newest > 1 else "Release 1 is the only one."
        self.newest = newest


class Unfinished(TreatiseError):
    """A job stopped part-way. What is done stays done; running it again goes on from there."""


class Interrupted(TreatiseError):
    """Somebody ended it, with Ctrl-C. Nothing is left half-written."""

    exit_code = 130


class UsageError(TreatiseError):
    """The command was called wrongly."""

    exit_code = 2


class ConfigurationError(TreatiseError):
    """A setting is wrong; the message names its environment variable."""

    exit_code = 2


class SourceUnavailable(TreatiseError):
    """A source of records cannot be asked over the network."""

    exit_code = 3


class OutputLost(TreatiseError):
    """What was to be printed could not be written: the disk it goes to is full, for one."""

    exit_code = 3


class StoreUnavailable(TreatiseError):
    """The graph cannot be reached."""

    exit_code = 3


class WrongPassword(StoreUnavailable):
    """The server refuses the user name or the password."""


class StoreLost(StoreUnavailable):
    """The connection broke while in use.

    A read may be asked again; a write may or may not have been kept, and is safe to repeat
    because loading twice changes nothing.
    """


class StoreBusy(StoreUnavailable):
    """The server is alive but cannot serve this now: contention, memory, a change of leader."""


class PlatformUnsupported(StoreUnavailable):
    """There is no embedded engine for this machine; a Neo4j server is needed."""


class DataFolderUnusable(StoreUnavailable):
    """The data folder cannot be made, read or written."""


class DiskFull(StoreUnavailable):
    """No room is left on the disk that holds the data."""


class EngineFailed(StoreUnavailable):
    """The embedded engine did not start, did not answer, or stopped by itself."""


class StoreFault(TreatiseError):
    """The graph refused a statement. `code` is the server's own code, for a report."""

    exit_code = 3

    def __init__(self, message: str, hint: str | None = None, code: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


class ConstraintViolated(StoreFault):
    """A unique key is already taken, also after trying again."""


class TooSlow(StoreFault):
    """The statement ran into its time limit and was ended."""


def _either(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
