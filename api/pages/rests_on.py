"""What one answer rests on: its lines with their results, and the studies with their reports and harms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.evidence.harms import harms_of
from kb.export.numbers import printed
from kb.questions import Questions
from schema.citation import Citation
from schema.effect import Arm
from schema.finding import Finding
from schema.record import Record
from schema.study import Study
from schema.summary import Line, Summary

#: Results and studies that one page shows; GraphQL gives the others.
RESULTS = 100
STUDIES = 100


@dataclass(frozen=True, slots=True)
class ResultShown:
    """One result, and the numbers of its arms in words: of those that have any."""

    finding: Finding
    arms: Sequence[str]


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line of the answer with its results, those that were counted first."""

    line: Line
    results: Sequence[ResultShown]


@dataclass(frozen=True, slots=True)
class StudyShown:
    """One study, its reports, and what it tells of harms, in words. ``retracted``: it carries no weight here."""

    study: Study
    reports: Sequence[Citation]
    harms: Sequence[str]
    retracted: bool


@dataclass(frozen=True, slots=True)
class RestsOn:
    """All of it; ``more_results`` and ``more_studies`` are left out. ``names`` of studies, and ``reports``, by id."""

    lines: Sequence[LineShown]
    studies: Sequence[StudyShown]
    names: Mapping[str, str]
    reports: Mapping[str, Citation]
    more_results: int
    more_studies: int


async def read_rests_on(questions: Questions, summary: Summary, number: int) -> RestsOn:
    """Return what an answer of a release rests on."""

    async def held(label: str, ids: Iterable[str]) -> dict[str, Record]:
        return await questions.get_many(label, ids, as_of=number)

    wanted, room = list[tuple[Line, Sequence[str]]](), RESULTS
    for line in summary.lines:
        wanted.append((line, line.findings[:room]))
        room -= len(wanted[-1][1])
    findings = await held("Finding", (id for _, ids in wanted for id in ids))
    ids = (*summary.carrying, *summary.retracted_studies)
    studies = await held("Study", ids[:STUDIES])
    shown = [one for id in ids[:STUDIES] if isinstance(one := studies.get(id), Study)]
    read = {one.citation for one in findings.values() if isinstance(one, Finding)}
    citations = await held("Citation", read.union(*(one.citations for one in shown)))
    reports = {id: one for id, one in citations.items() if isinstance(one, Citation)}
    return RestsOn(
        lines=[
            LineShown(line, [_result(one) for id in ids if isinstance(one := findings.get(id), Finding)])
            for line, ids in wanted
        ],
        studies=[_study(one, reports, retracted=one.id in summary.retracted_studies) for one in shown],
        names={one.id: one.name for one in shown},
        reports=reports,
        more_results=sum(len(line.findings) - len(ids) for line, ids in wanted),
        more_studies=max(0, len(ids) - STUDIES),
    )


def _result(finding: Finding) -> ResultShown:
    return ResultShown(finding, [words for arm in finding.arms if (words := _arm(arm)) is not None])


def _arm(arm: Arm) -> str | None:
    told: list[str] = []
    if arm.events is not None:
        told.append(f"{arm.events}" if arm.n is None else f"{arm.events} of {arm.n}")
    if arm.percent is not None:
        told.append(f"{printed(arm.percent)} %")
    if arm.mean is not None:
        told.append(f"mean {printed(arm.mean)}" + ("" if arm.sd is None else f" (SD {printed(arm.sd)})"))
    if arm.median is not None:
        told.append(f"median {printed(arm.median)}")
    if arm.n is not None and arm.events is None:
        told.append(f"{arm.n} people")
    return f"{arm.name}: {', '.join(told)}" if told else None


def _study(study: Study, reports: Mapping[str, Citation], *, retracted: bool) -> StudyShown:
    told = [reports[id] for id in study.citations if id in reports]
    return StudyShown(study, told, harms_of(study, reports), retracted)
