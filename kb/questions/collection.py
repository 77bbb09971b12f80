"""Many answers with the names of what they rest on: of a condition, a therapy, or all that a release holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kb.errors import Unfinished
from kb.questions.questions import Questions
from kb.questions.summaries import answers_of, every_answer
from kb.store import portions
from schema.citation import Citation
from schema.condition import Condition
from schema.release import Release
from schema.study import Study
from schema.summary import Summary
from schema.therapy import Therapy

R = TypeVar("R", Study, Citation)

#: Studies and reports looked up at once.
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Chapter:
    """One condition with its answers, by therapy."""

    condition: Condition
    answers: Sequence[tuple[Therapy, Summary]]


@dataclass(frozen=True, slots=True)
class Collection:
    """Answers of one release by condition, and the studies and reports that they name."""

    release: Release
    chapters: Sequence[Chapter]
    studies: Mapping[str, Study]
    citations: Mapping[str, Citation]

    @property
    def answers(self) -> int:
        """How many answers it holds."""
        return sum(len(chapter.answers) for chapter in self.chapters)


async def read_collection(
    questions: Questions, *, condition: str | None = None, therapy: str | None = None, as_of: int | None = None
) -> Collection:
    """Return the answers of a condition, a therapy or both (any name of each); with neither, every answer held.

    Raises Unfinished before the first release, NotFound for a name that finds nothing.
    """
    number = await questions.number(as_of)
    release = await questions.release(number) if number else None
    if release is None:
        raise Unfinished("Nothing is published yet.", "Load records with kb load, then run kb publish.")
    if condition is None and therapy is None:
        answers = [summary async for summary in every_answer(questions, number)]
    else:
        answers = await answers_of(questions, condition, therapy, number)
    vocabulary = (await questions.catalogue(number)).vocabulary
    by_condition: dict[str, list[tuple[Therapy, Summary]]] = {}
    for one in answers:
        if one.condition in vocabulary.conditions and one.therapy in vocabulary.therapies:
            by_condition.setdefault(one.condition, []).append((vocabulary.therapies[one.therapy], one))
    chapters = [
        Chapter(vocabulary.conditions[id], sorted(found, key=lambda pair: pair[0].name.casefold()))
        for id, found in by_condition.items()
    ]
    return Collection(
        release,
        sorted(chapters, key=lambda chapter: chapter.condition.name.casefold()),
        await _held(questions, Study, {id for one in answers for id in one.studies}, number),
        await _held(questions, Citation, {id for one in answers for id in one.citations}, number),
    )


async def _held(questions: Questions, kind: type[R], ids: set[str], number: int) -> dict[str, R]:
    found: dict[str, R] = {}
    wanted = sorted(ids)
    for some in portions(wanted, AT_ONCE):
        records = await questions.get_many(kind.label, some, as_of=number)
        found |= {id: record for id, record in records.items() if isinstance(record, kind)}
    return found
