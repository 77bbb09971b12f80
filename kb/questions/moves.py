"""Moves: which therapies and conditions have another place in their hierarchy than before, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.evidence.evidence import Kind, Vocabulary
from kb.questions.replacements import replacements


@dataclass(frozen=True, slots=True)
class Move:
    """An entry (label, id) that stands elsewhere in its hierarchy, came, or was merged, and what happened in words."""

    label: Kind
    id: str
    what: str


class Moves:
    """The moves between two vocabularies. Never changes once built."""

    __slots__ = ("_moved", "_now", "_then")

    def __init__(self, then: Vocabulary, now: Vocabulary) -> None:
        self._then, self._now = then, now
        self._moved: dict[str, frozenset[str]] = {}
        for label in ("Therapy", "Condition"):
            held_then, held_now = frozenset(then.of(label)), frozenset(now.of(label))
            tree_then, tree_now = then.tree(label), now.tree(label)
            both = held_then & held_now
            moved = (id for id in both if tree_then.parents(id) != tree_now.parents(id))
            self._moved[label] = frozenset((held_then ^ held_now) | set(moved)) if then is not now else frozenset()

    def under(self, label: Kind, top: str, named: Iterable[str]) -> list[Move]:
        """Return the moves that make other branches below ``top`` or let ``named`` fall into others.

        Whether all that an answer rests on comes from one of several narrower therapies (conditions) hangs on them,
        also where no study is of what moved. ``named``: the narrower ones that the answer rests on, then and now.
        """
        trees = self._then.tree(label), self._now.tree(label)
        wanted = frozenset(named)
        branches = [{branch: wanted & tree.narrower(branch) for branch in tree.children(top)} for tree in trees]
        if not self._moved[label] or branches[0] == branches[1]:
            return []
        apart = branches[0].keys() ^ branches[1].keys()
        below = (trees[0].narrower(top) | trees[1].narrower(top)) - {top}
        found: list[Move] = []
        for id in sorted(self._moved[label] & below):
            if id in apart or any(wanted & tree.narrower(id) for tree in trees):
                found += self._told(label, id)
        return list(dict.fromkeys(found))

    def _told(self, label: Kind, id: str) -> Iterator[Move]:
        then, now = self._then, self._now
        was, is_ = then.tree(label).parents(id), now.tree(label).parents(id)
        kind, name = label.lower(), self._name(label, id)
        if merged := [one for one in replacements(label, id, then, now) if one.id == id]:
            yield from (Move(label, id, one.what) for one in merged)
        elif id not in then.of(label):
            yield Move(label, id, f"the {kind} {name} is new, under {self._names(label, is_)}")
        elif _through(now, label, was) == set(is_) or _through(then, label, is_) == set(was):
            # It goes along with what it is under.
            for above in sorted({*was, *is_}):
                merged = [one for one in replacements(label, above, then, now) if one.id == above]
                yield from (Move(label, above, one.what) for one in merged)
        else:
            places = f"from {self._names(label, was)} to {self._names(label, is_)}"
            yield Move(label, id, f"the {kind} {name} moved {places}")

    def _names(self, label: Kind, ids: Iterable[str]) -> str:
        return " and ".join(self._name(label, id) for id in ids) or "the top"

    def _name(self, label: Kind, id: str) -> str:
        for vocabulary in (self._now, self._then):
            if (found := vocabulary.of(label).get(id)) is not None:
                return found.name
        return id


def _through(vocabulary: Vocabulary, label: Kind, ids: Iterable[str]) -> set[str]:
    return {vocabulary.replaced.current(label, id) for id in ids}
