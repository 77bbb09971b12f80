"""Roll-up (rule 1): a question about a condition or a therapy takes in every narrower one.

The vocabulary is a directed graph, not a tree: knee osteoarthritis is both an osteoarthritis and a knee pain. A cycle
is an error of the vocabulary; the closures end all the same, and :meth:`Hierarchy.cycles` says where it is.
"""

from collections import deque
from collections.abc import Iterable, Mapping


class Hierarchy:
    """The broader and narrower relation between ids of one kind. Never changes once built."""

    __slots__ = ("_down", "_downs", "_up", "_ups")

    def __init__(self, broader: Mapping[str, Iterable[str]]) -> None:
        """Take each id with its direct parents; a parent need not have an entry of its own."""
        self._up: dict[str, tuple[str, ...]] = {}
        self._down: dict[str, list[str]] = {}
        for child in sorted(broader):
            self._up[child] = parents = tuple(sorted(set(broader[child])))
            for parent in parents:
                self._down.setdefault(parent, []).append(child)
        self._ups: dict[str, frozenset[str]] = {}
        self._downs: dict[str, frozenset[str]] = {}

    def narrower(self, id: str) -> frozenset[str]:
        """Return the id and everything below it; an unknown id stands alone."""
        if id not in self._downs:
            self._downs[id] = _closure(id, self._down)
        return self._downs[id]

    def broader(self, id: str) -> frozenset[str]:
        """Return the id and everything above it; an unknown id stands alone."""
        if id not in self._ups:
            self._ups[id] = _closure(id, self._up)
        return self._ups[id]

    def parents(self, id: str) -> tuple[str, ...]:
        """Return the ids directly above, in order."""
        return self._up.get(id, ())

    def children(self, id: str) -> tuple[str, ...]:
        """Return the ids directly below, in order."""
        return tuple(self._down.get(id, ()))

    def cycles(self) -> list[tuple[str, ...]]:
        """Return one path for each knot of ids that are above and below each other: ``(a, b)`` for a → b → a."""
        found: list[tuple[str, ...]] = []
        seen: set[str] = set()
        for id in sorted(self._up):
            if id in seen:
                continue
            knot = self.broader(id) & self.narrower(id)
            seen |= knot
            if len(knot) > 1 or id in self._up[id]:
                found.append(self._path_back(id))
        return found

    def _path_back(self, start: str) -> tuple[str, ...]:
        paths: deque[tuple[str, ...]] = deque([(start,)])
        seen: set[str] = set()
        while paths:
            path = paths.popleft()
            for parent in self._up.get(path[-1], ()):
                if parent == start:
                    return path
                if parent not in seen:
                    seen.add(parent)
                    paths.append((*path, parent))
        return (start,)


def _closure(start: str, steps: Mapping[str, Iterable[str]]) -> frozenset[str]:
    seen = {start}
    waiting = [start]
    while waiting:
        for id in steps.get(waiting.pop(), ()):
            if id not in seen:
                seen.add(id)
                waiting.append(id)
    return frozenset(seen)
