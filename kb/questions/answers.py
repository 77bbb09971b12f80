"""The whole answer to "what is known about the therapies for this condition?", with what it rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.errors import Unfinished
from kb.questions.paging import EVERYTHING
from kb.questions.questions import Questions
from kb.questions.studies import Unanswered, studies_naming
from kb.questions.summaries import read_evidence, without_evidence
from kb.questions.vocabulary import Named
from schema.citation import Citation
from schema.condition import Condition
from schema.finding import Finding
from schema.record import Record
from schema.study import Study
from schema.summary import Summary
from schema.therapy import Therapy


@dataclass(frozen=True, slots=True)
class Answer:
    """One therapy's summary with its findings (leading ones first) and the reports behind them."""

    therapy: Therapy
    summary: Summary
    findings: Sequence[Finding]
    citations: Sequence[Citation]
    studies: Mapping[str, Study]


@dataclass(frozen=True, slots=True)
class Answers:
    """What a release knows about a condition: the answers, the surest first, and the therapies without any."""

    condition: Condition
    includes: Sequence[Named]
    release: int
    answers: Sequence[Answer]
    without_evidence: Sequence[Therapy]
    #: Where a therapy was asked for and there is no answer: the studies that name it and the condition all the same.
    unanswered: Sequence[Unanswered]


async def read_answers(questions: Questions, condition: str, therapy: str | None, as_of: int | None) -> Answers:
    """Ask for a condition, and one therapy if it is named.

    Raises NotFound with near names, and Unfinished before the first release.
    """
    number = await questions.number(as_of)
    if number == 0:
        raise Unfinished("Nothing is published yet.", "Load records with kb load, then run kb publish.")
    asked = await questions.condition(name=condition, as_of=number)
    only = None if therapy is None else (await questions.therapy(name=therapy, as_of=number)).id
    found = await read_evidence(questions, EVERYTHING, condition=asked.id, therapy=only, as_of=number)
    return Answers(
        condition=asked,
        includes=await questions.narrower("Condition", asked.id, as_of=number),
        release=number,
        answers=await _answers(questions, found.items, number),
        without_evidence=await without_evidence(questions, asked.id, as_of=number),
        unanswered=() if only is None or found.items else await studies_naming(questions, only, asked.id, number),
    )


async def _answers(questions: Questions, summaries: Sequence[Summary], number: int) -> list[Answer]:
    """Put to each summary what it rests on: one look-up for each kind of record, however many answers there are."""

    async def held(label: str, ids: Iterable[str]) -> dict[str, Record]:
        return await questions.get_many(label, ids, as_of=number)

    findings = await held("Finding", (id_ for one in summaries for id_ in one.findings))
    citations = await held("Citation", (id_ for one in summaries for id_ in one.citations))
    studies = await held("Study", (id_ for one in summaries for id_ in one.studies + one.retracted_studies))
    named = {id_: one for id_, one in studies.items() if isinstance(one, Study)}
    return [
        Answer(
            therapy=await questions.therapy(id=summary.therapy, as_of=number),
            summary=summary,
            findings=[one for id_ in summary.findings if isinstance(one := findings.get(id_), Finding)],
            citations=[one for id_ in summary.citations if isinstance(one := citations.get(id_), Citation)],
            studies=named,
        )
        for summary in summaries
    ]
