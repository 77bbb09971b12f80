"""What holds the citations of a batch together: for each pair of them the best that any two of their records say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kb.matching.verdict import Answer, Verdict

Two = tuple[str, str]


@dataclass
class Links:
    """Pairs of citations, in the order of their ids, with the reason."""

    sure: dict[Two, str] = field(default_factory=dict[Two, str])
    #: Sure if no other citation fits either of the two.
    sole: dict[Two, str] = field(default_factory=dict[Two, str])
    unsure: dict[Two, str] = field(default_factory=dict[Two, str])
    #: Those of which something says that they are two.
    disputed: set[Two] = field(default_factory=set[Two])

    def add(self, pair: Two, verdict: Verdict) -> None:
        """Note what two records of a pair of citations say."""
        kinds = {Answer.SAME: self.sure, Answer.SOLE: self.sole, Answer.UNSURE: self.unsure}
        if verdict.answer in kinds:
            kinds[verdict.answer].setdefault(pair, verdict.reason)
        if verdict.disputed:
            self.disputed.add(pair)

    def alone(self, there: set[str]) -> dict[Two, str]:
        """Return the pairs of ``sole`` that nothing else fits. ``there``: the citations that the graph holds.

        The others are told of their rivals.
        """
        fits: dict[str, set[str]] = {}
        for one, other in (*self.sure, *self.sole, *self.unsure):
            fits.setdefault(one, set()).add(other)
            fits.setdefault(other, set()).add(one)
        found: dict[Two, str] = {}
        for pair, reason in self.sole.items():
            rivals = sorted(set(self._rivals(pair, fits, there)))
            if rivals:
                self.sole[pair] = f"{reason}; but {', '.join(rivals)} fits too"
            else:
                found[pair] = f"{reason}, and no other citation fits"
        return found

    def _rivals(self, pair: Two, fits: dict[str, set[str]], there: set[str]) -> Iterator[str]:
        """Yield what fits one of two and is not the other one: two of the graph, or said to be two."""
        for one, other in (pair, pair[::-1]):
            for third in fits[one] - {other}:
                if {other, third} <= there or not self._perhaps_one(ordered(other, third)):
                    yield third

    def _perhaps_one(self, pair: Two) -> bool:
        return pair in self.sure or pair in self.sole or (pair in self.unsure and pair not in self.disputed)


def ordered(one: str, other: str) -> Two:
    """Return two ids as a pair."""
    return (one, other) if one <= other else (other, one)


def components(order: Iterable[str], links: Iterable[Two]) -> Iterator[list[str]]:
    """Yield the groups of more than one that links hold together, each in the given order."""
    root: dict[str, str] = {}

    def find(one: str) -> str:
        while root.get(one, one) != one:
            one = root[one]
        return one

    for one, other in links:
        root[find(one)] = find(other)
    groups: dict[str, list[str]] = {}
    for one in order:
        groups.setdefault(find(one), []).append(one)
    yield from (group for group in groups.values() if len(group) > 1)
