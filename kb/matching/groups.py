"""A batch of citations, and those of the graph that may be the same: which are surely one, and which perhaps."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from kb.matching.facts import Facts
from kb.matching.keys import keys_of
from kb.matching.verdict import Answer, apart, compare

#: Citations that share a key and are still compared one by one; a title of more papers tells nothing.
BLOCK = 100

#: What ids are made from, the best first (schema.citation.citation_id).
PREFIXES = ("pmid", "doi", "pmcid", "nct", "local")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One record of a citation. Records with the same ``citation`` are one by their identifiers."""

    citation: str
    facts: Facts
    #: Whether it stands in the graph already.
    known: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two citations that may be one, in the order of their ids, and why that is not sure."""

    one: str
    other: str
    reason: str


@dataclass
class Grouping:
    """Which citations are surely another one, with the reason, and which pairs a person must look at."""

    joined: dict[str, str] = field(default_factory=dict[str, str])
    reasons: dict[str, str] = field(default_factory=dict[str, str])
    unsure: list[Pair] = field(default_factory=list[Pair])


def _never(*_: str) -> bool:
    return False


def group(candidates: Sequence[Candidate], kept_apart: Callable[[str, str], bool] = _never) -> Grouping:
    """Match candidates with each other, but those of the graph only with those that come in.

    ``kept_apart``: whether a person decided that two citations are two. A sure match stands only if nothing else that
    would be merged with it speaks against it: a record that fits two papers of which each is known to be another one
    is left to a person. So the order of the candidates decides nothing; the id that is kept is the one of the graph,
    else the one made from the best identifier. A match of two whose place in print is unknown (SOLE) stands only if no
    other citation fits either of them.
    """
    members: dict[str, list[Candidate]] = {}
    for one in candidates:
        members.setdefault(one.citation, []).append(one)
    sure: dict[tuple[str, str], str] = {}
    sole: dict[tuple[str, str], str] = {}
    unsure: dict[tuple[str, str], str] = {}
    disputed: set[tuple[str, str]] = set()
    for one, other in _worth_comparing(candidates):
        pair = _ordered(one.citation, other.citation)
        if kept_apart(*pair):
            continue
        verdict = compare(one.facts, other.facts)
        if verdict.answer is Answer.SAME:
            sure.setdefault(pair, verdict.reason)
        elif verdict.answer is Answer.SOLE:
            sole.setdefault(pair, verdict.reason)
        elif verdict.answer is Answer.UNSURE:
            unsure.setdefault(pair, verdict.reason)
            if verdict.disputed:
                disputed.add(pair)
    there = {one.citation for one in candidates if one.known}
    one_paper = sure.keys() | sole.keys() | (unsure.keys() - disputed)
    fits = _neighbours((*sure, *sole, *unsure))
    for pair, reason in sole.items():
        rivals = sorted(set(_rivals(pair, fits, one_paper, there)))
        if rivals:
            unsure.setdefault(pair, f"{reason}; but {', '.join(rivals)} fits too")
        else:
            sure.setdefault(pair, f"{reason}, and no other citation fits")
    made = Grouping()
    for together in _components(list(members), sure):
        known = [one for one in together if any(member.known for member in members[one])]
        contradicted = len(known) > 1 or any(
            kept_apart(a, b) or any(apart(x.facts, y.facts) for x, y in product(members[a], members[b]))
            for a, b in combinations(together, 2)
        )
        if contradicted:
            inside = {pair: reason for pair, reason in sure.items() if pair[0] in together}
            unsure |= {pair: _also(pair, reason, known, together) for pair, reason in inside.items()}
            continue
        kept = known[0] if known else min(together, key=_best)
        for one in together:
            if one != kept:
                made.joined[one] = kept
                made.reasons[one] = next(reason for pair, reason in sure.items() if one in pair)
    found: dict[tuple[str, str], str] = {}
    for (one, other), reason in unsure.items():
        pair = _ordered(made.joined.get(one, one), made.joined.get(other, other))
        if pair[0] != pair[1] and not kept_apart(*pair):
            found.setdefault(pair, reason)
    made.unsure = [Pair(one, other, reason) for (one, other), reason in sorted(found.items())]
    return made


def _also(pair: tuple[str, str], reason: str, known: Sequence[str], together: Sequence[str]) -> str:
    if len(together) == 2:
        return f"{reason}; both are in the graph" if len(known) == 2 else reason
    others = ", ".join(sorted(set(together) - set(pair)))
    return f"{reason}; but {others} fits too, and not all of them are one"


def _rivals(
    pair: tuple[str, str],
    fits: Mapping[str, set[str]],
    one_paper: Collection[tuple[str, str]],
    there: Collection[str],
) -> Iterator[str]:
    """Yield the citations that fit one of two and are not the other one: two of the graph, or known to differ."""
    for one, other in (pair, pair[::-1]):
        for third in fits[one] - {other}:
            if _ordered(other, third) not in one_paper or {other, third} <= there:
                yield third


def _neighbours(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def _worth_comparing(candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    """Yield the pairs that share a key, each once, of which at least one comes in."""
    blocks: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(candidates):
        for key in keys_of(one.facts).items():
            blocks.setdefault(key, []).append(place)
    seen: set[tuple[int, int]] = set()
    for places in blocks.values():
        if not 1 < len(places) <= BLOCK:
            continue
        for a, b in combinations(places, 2):
            one, other = candidates[a], candidates[b]
            if one.citation != other.citation and not (one.known and other.known) and (a, b) not in seen:
                seen.add((a, b))
                yield one, other


def _components(order: Iterable[str], links: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
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


def _best(id_: str) -> tuple[int, str]:
    return PREFIXES.index(id_.partition(":")[0]), id_


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)
