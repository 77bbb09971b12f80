"""Summaries: our answers, as a release holds them, and the versions that each has been through."""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from operator import itemgetter

from kb.errors import UsageError
from kb.questions.paging import Page, PageRequest, page_of
from kb.questions.questions import Questions, by_name
from kb.questions.vocabulary import Catalogue
from kb.store import portions
from schema.outcome import Outcome
from schema.summary import Summary
from schema.terms import Certainty, Direction, OutcomeDomain
from schema.therapy import Therapy

#: Answers read at once, some 25 KB each.
AT_ONCE = 200

#: Best first.
CERTAINTIES = (Certainty.HIGH, Certainty.MODERATE, Certainty.LOW, Certainty.VERY_LOW)
DIRECTIONS = (Direction.BENEFIT, Direction.NO_DIFFERENCE, Direction.HARM, Direction.MIXED, Direction.UNCLEAR)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an answer: its summary's id, its pair (therapy, condition), and the releases that it stands in.

    ``hash`` is the same for equal answers; None for one that an earlier version of Treatise wrote.
    """

    id: str
    pair: tuple[str, str]
    first: int
    until: int
    hash: str | None


@dataclass(frozen=True, slots=True)
class EvidenceFilter:
    """Which answers are kept; all where nothing is said."""

    #: A domain, or an outcome's name: the answers with a line on it.
    outcome: str | None = None
    #: The answers that are so sure, and the surer ones.
    min_certainty: Certainty | None = None
    direction: Direction | None = None
    #: False: the answers that name the condition and the therapy themselves.
    include_narrower: bool = True


EVERY = EvidenceFilter()


async def read_evidence(
    questions: Questions,
    page: PageRequest,
    *,
    condition: str | None = None,
    therapy: str | None = None,
    kept: EvidenceFilter = EVERY,
    as_of: int | None = None,
) -> Page[Summary]:
    """Return the answers for a condition, a therapy or both, the surest first.

    Without a therapy, the list holds the therapies that studies name; groups of therapies (neuromodulation) answer when
    asked for by name. Raises UsageError when neither is given, NotFound for a name that finds nothing.
    """
    number = await questions.number(as_of)
    catalogue = await questions.catalogue(number)
    found = await answers_of(questions, condition, therapy, number)
    if therapy is None:
        found = [one for one in found if one.names_therapy]
    if condition is None:
        found = [one for one in found if one.names_condition]
    domain = None if kept.outcome is None else _domain(catalogue, kept.outcome)
    return page_of([one for one in found if _admitted(one, kept, domain)], _rank, page)


async def answers_of(questions: Questions, condition: str | None, therapy: str | None, number: int) -> list[Summary]:
    """Return every answer of a condition, a therapy or both (any name) at a release, groups of them included."""
    catalogue = await questions.catalogue(number)
    wanted = None if therapy is None else catalogue.get("Therapy", therapy).id
    if condition is not None:
        asked = catalogue.get("Condition", condition).id
        rows = await questions.store.read("summaries_for_condition", condition=asked, release=number)
    elif wanted is not None:
        rows = await questions.store.read("summaries_for_therapy", therapy=wanted, release=number)
    else:
        raise UsageError("Evidence needs a condition or a therapy.", "Name at least one of them.")
    found = [Summary.from_properties(row["node"]) for row in rows]
    return [one for one in found if wanted is None or one.therapy == wanted]


async def every_answer(questions: Questions, number: int) -> AsyncGenerator[Summary]:
    """Yield every answer that a release holds, by condition and therapy, in bounded memory."""
    held = [row async for row in questions.store.stream("summaries_at", release=number)]
    ids = [row["id"] for row in sorted(held, key=itemgetter("condition", "therapy"))]
    for some in portions(ids, AT_ONCE):
        found = await read_summaries(questions, some)
        for id_ in some:
            yield found[id_]


async def read_versions(questions: Questions, since: int, until: int) -> list[Version]:
    """Return the versions of answers that began or ended after release ``since``, up to release ``until``."""
    rows = await questions.store.read("summary_versions_between", since=since, until=until)
    return [
        Version(row["id"], (row["therapy"], row["condition"]), row["first"], row["until"], row["hash"]) for row in rows
    ]


async def read_summaries(questions: Questions, ids: Iterable[str]) -> dict[str, Summary]:
    """Return versions of answers by id, whichever release they belong to."""
    return {node["id"]: Summary.from_properties(node) for node in await questions.store.nodes("Summary", ids)}


async def without_evidence(questions: Questions, condition: str, *, as_of: int | None = None) -> list[Therapy]:
    """Return the therapies on which no study has a result in this condition (or a narrower one), by name."""
    number = await questions.number(as_of)
    catalogue = await questions.catalogue(number)
    answered = {one.therapy for one in await answers_of(questions, condition, None, number)}
    therapies = catalogue.vocabulary.therapies
    return sorted((one for one in therapies.values() if one.id not in answered), key=by_name)


def _admitted(one: Summary, kept: EvidenceFilter, domain: OutcomeDomain | None) -> bool:
    """Whether an answer is kept; ``domain`` is that of the filter's outcome."""
    if one.indirect and not kept.include_narrower:
        return False
    if kept.min_certainty is not None and CERTAINTIES.index(one.certainty) > CERTAINTIES.index(kept.min_certainty):
        return False
    if domain is not None and all(line.domain is not domain for line in one.lines):
        return False
    return kept.direction in (None, one.direction)


def _rank(summary: Summary) -> tuple[int, int, int, str]:
    return (
        CERTAINTIES.index(summary.certainty),
        DIRECTIONS.index(summary.direction),
        -summary.study_count,
        summary.id,
    )


def _domain(catalogue: Catalogue, outcome: str) -> OutcomeDomain:
    if outcome in OutcomeDomain.__members__:
        return OutcomeDomain[outcome]
    found = catalogue.get("Outcome", outcome)
    assert isinstance(found, Outcome)
    return found.domain
