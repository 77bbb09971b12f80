"""Answers kept in memory by what was asked of which state of the data: a new state is a new key, nothing is flushed."""

from collections import OrderedDict
from typing import NamedTuple


class Key(NamedTuple):
    """What makes two requests the same: document, operation, variables (JSON, sorted), and the state that is read."""

    document: str
    operation: str | None
    variables: bytes
    state: int


class KeptAnswers:
    """The bodies that were asked for last, up to a number of bytes in all; 0 keeps none."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._held = 0
        self._bodies: OrderedDict[Key, bytes] = OrderedDict()

    def get(self, key: Key) -> bytes | None:
        """Return the body for a key."""
        body = self._bodies.get(key)
        if body is not None:
            self._bodies.move_to_end(key)
        return body

    def keep(self, key: Key, body: bytes) -> None:
        """Keep a body, and let go of those not asked for longest. One that takes an eighth of the room is not kept."""
        size = _size(key, body)
        if size > self._most // 8 or key in self._bodies:
            return
        self._bodies[key] = body
        self._held += size
        while self._held > self._most:
            self._held -= _size(*self._bodies.popitem(last=False))


def _size(key: Key, body: bytes) -> int:
    # 300: the entry itself, and the objects around the bytes.
    return len(body) + len(key.document) + len(key.variables) + 300
