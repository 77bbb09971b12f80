"""A batch of citations, and those of the graph that may be the same: which are surely one, and which perhaps."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from kb.matching.facts import Facts
from kb.matching.keys import keys_of
from kb.matching.links import Links, components, ordered
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
    #: Its match keys.
    keys: Mapping[str, str]
    #: Whether it stands in the graph already.
    known: bool

    @classmethod
    def of(cls, citation: str, facts: Facts, *, known: bool) -> "Candidate":
        """Make a candidate of which no match keys were made before."""
        return cls(citation, facts, keys_of(facts), known)


@dataclass(frozen=True, slots=True)
class Absorbed:
    """A record without identifiers that was merged into a citation of the graph; it might be of another one."""

    id: str
    citation: str
    facts: Facts


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


def group(
    candidates: Sequence[Candidate],
    kept_apart: Callable[[str, str], bool] = _never,
    absorbed: Sequence[Absorbed] = (),
) -> Grouping:
    """Match candidates with each other, but those of the graph only with those that come in.

    ``kept_apart``: whether a person decided that two citations are two. A sure match stands only if nothing else that
    would be merged with it speaks against it: a record that fits two papers of which each is known to be another one
    is left to a person. So the order of the candidates decides nothing; the id that is kept is the one of the graph,
    else the one made from the best identifier. A match of two whose place in print is unknown (SOLE) stands only if no
    other citation fits either of them; where one comes in later that fits what was merged (``absorbed``), a person is
    asked.
    """
    members: dict[str, list[Candidate]] = {}
    for one in candidates:
        members.setdefault(one.citation, []).append(one)
    links = _links(candidates, kept_apart)
    sure = links.sure | links.alone(there={one.citation for one in candidates if one.known})
    unsure = {pair: reason for pair, reason in (links.sole | links.unsure).items() if pair not in sure}
    unsure |= _fitting(absorbed, candidates, links.sure | links.sole | links.unsure)
    made = Grouping()
    for together in components(list(members), sure):
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
        pair = ordered(made.joined.get(one, one), made.joined.get(other, other))
        if pair[0] != pair[1] and not kept_apart(*pair):
            found.setdefault(pair, reason)
    made.unsure = [Pair(one, other, reason) for (one, other), reason in sorted(found.items())]
    return made


def _also(pair: tuple[str, str], reason: str, known: Sequence[str], together: Sequence[str]) -> str:
    if len(together) == 2:
        return f"{reason}; both are in the graph" if len(known) == 2 else reason
    others = ", ".join(sorted(set(together) - set(pair)))
    return f"{reason}; but {others} fits too, and not all of them are one"


def _links(candidates: Sequence[Candidate], kept_apart: Callable[[str, str], bool]) -> Links:
    links = Links()
    for one, other in _worth_comparing(candidates):
        pair = ordered(one.citation, other.citation)
        if not kept_apart(*pair):
            links.add(pair, compare(one.facts, other.facts))
    return links


def _fitting(
    absorbed: Sequence[Absorbed], candidates: Sequence[Candidate], linked: Collection[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Return the pairs of an arriving citation and one that it is not, but with which a record was merged that fits."""
    arriving: dict[tuple[str, str], list[Candidate]] = {}
    for one in candidates if absorbed else ():
        if not one.known:
            for key in one.keys.items():
                arriving.setdefault(key, []).append(one)
    found: dict[tuple[str, str], str] = {}
    for record in absorbed:
        for key in keys_of(record.facts).items():
            for one in arriving.get(key, ())[:BLOCK]:
                pair = ordered(one.citation, record.citation)
                if one.citation == record.citation or pair in linked or pair in found:
                    continue
                verdict = compare(one.facts, record.facts)
                if verdict.answer in (Answer.SAME, Answer.SOLE):
                    found[pair] = (
                        f"{record.id}, which was merged into {record.citation}, fits {one.citation} as well: "
                        f"{verdict.reason}"
                    )
    return found


def _worth_comparing(candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    """Yield the pairs that share a key, each once, of which at least one comes in."""
    blocks: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(candidates):
        for key in one.keys.items():
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


def _best(id_: str) -> tuple[int, str]:
    return PREFIXES.index(id_.partition(":")[0]), id_
