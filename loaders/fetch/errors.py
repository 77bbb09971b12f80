"""What can go wrong when a source is asked over the network, in words for the person who must act.

FetchError      what happened at which source, and a hint: what to do about it
├── Unreachable the source cannot be reached: no network, no such name, no answer in time
├── Refused     the source does not want to answer: too many requests, no rights, an error of its own
├── NotThere    the source knows nothing of what was asked for
└── Unreadable  the answer is not what the source promises: an HTML page, a reply cut short
"""

#: HTTP status of a source that does not understand what it was asked, and of one that was asked too often.
BAD_REQUEST, TOO_MANY = 400, 429


class FetchError(Exception):
    """The root: catch this to catch everything that asking a source raises."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Unreachable(FetchError):
    """The source cannot be reached."""


class Refused(FetchError):
    """The source does not want to answer; ``status`` is its HTTP status, where it gave one."""

    def __init__(self, message: str, hint: str, status: int | None = None) -> None:
        super().__init__(message, hint)
        self.status = status


class NotThere(FetchError):
    """The source knows nothing of what was asked for."""


class Unreadable(FetchError):
    """The answer is not what the source promises."""
