"""Registered trials: which there are for a condition or a therapy, and which were completed and never reported.

The names that a registry prints are matched with the vocabulary here, not when an entry is loaded: exactly, by any
name, synonym or abbreviation. So a synonym that is added later finds older entries, and the graph holds what the
registry said. Registered trials count in no answer: those rest on findings.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kb.errors import UsageError
from kb.evidence.evidence import Kind
from kb.questions.paging import Page, PageRequest, page_of
from kb.questions.questions import Questions
from kb.questions.vocabulary import Catalogue
from schema.citation import Citation
from schema.registration import Registration
from schema.study import Study
from schema.terms import CitationType, PublicationLinkKind, RecruitmentStatus

UNDER_WAY = (
    RecruitmentStatus.NOT_YET_RECRUITING,
    RecruitmentStatus.RECRUITING,
    RecruitmentStatus.ENROLLING_BY_INVITATION,
    RecruitmentStatus.ACTIVE_NOT_RECRUITING,
)

#: Reports of a plan, not of a result.
UNREPORTED = (CitationType.REGISTRATION, CitationType.PROTOCOL)


async def registered_trials(
    questions: Questions,
    page: PageRequest,
    *,
    condition: str | None = None,
    therapy: str | None = None,
    status: RecruitmentStatus | None = None,
    without_results: bool = False,
    on: str | None = None,
    as_of: int | None = None,
) -> Page[Study]:
    """Return registered trials, those completed longest ago first.

    ``condition`` and ``therapy`` (any name) take in narrower ones. ``without_results`` keeps the trials that were
    completed more than a year before ``on`` (a date, else today) and have reported nothing (:func:`unreported`).
    Raises NotFound with near names, and UsageError for a date that is none.
    """
    day = _day(on)
    number = await questions.number(as_of)
    catalogue = await questions.catalogue(number)
    found = [one for one in await _registered(questions, number) if status in (None, _status(one))]
    if condition is not None:
        found = _about(catalogue, "Condition", condition, found)
    if therapy is not None:
        found = _about(catalogue, "Therapy", therapy, found)
    if without_results:
        ids = {id_ for one in found for id_ in one.citations}
        citations = await questions.get_many("Citation", ids, as_of=number)
        reports = {id_: one for id_, one in citations.items() if isinstance(one, Citation)}
        found = [
            one for one in found if unreported(one, [reports[id_] for id_ in one.citations if id_ in reports], day)
        ]
    return page_of(found, _completed_first, page)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A registered trial that has not ended, with the ids of what it is about."""

    study: str
    therapies: frozenset[str]
    conditions: frozenset[str]


async def trials_under_way(questions: Questions, number: int) -> list[UnderWay]:
    """Return the registered trials of a release that are to start, recruit or go on, by id."""
    catalogue = await questions.catalogue(number)
    return [
        UnderWay(
            one.id,
            frozenset(_subjects(catalogue, "Therapy", one)),
            frozenset(_subjects(catalogue, "Condition", one)),
        )
        for one in sorted(await _registered(questions, number), key=lambda study: study.id)
        if _status(one) in UNDER_WAY
    ]


async def _registered(questions: Questions, number: int) -> list[Study]:
    """The studies that have an entry in a registry."""
    rows = await questions.store.read("registered_studies")
    found = await questions.get_many("Study", [row["id"] for row in rows], as_of=number)
    return [one for one in found.values() if isinstance(one, Study) and one.registration is not None]


def unreported(study: Study, reports: Sequence[Citation], on: date) -> bool:
    """Return whether a trial was completed more than 12 months before ``on`` and has reported nothing.

    Nothing: no results in the registry, none sent to it, no publication that it calls a result, and no report of ours.
    What is not known does not accuse: a trial without status, primary completion or word on results is not among them,
    and a date without a day is taken for its last. Twelve months after primary completion is when results are due by
    42 U.S.C. 282(j)(3)(E).
    """
    entry = study.registration
    if entry is None or entry.status is not RecruitmentStatus.COMPLETED or entry.results_posted is not False:
        return False
    if entry.results_sent_on is not None:
        return False
    if any(publication.kind is PublicationLinkKind.RESULT for publication in entry.publications):
        return False
    if any(report.type not in UNREPORTED for report in reports) or entry.primary_completion is None:
        return False
    year, month, day = _last_day(entry.primary_completion.date)
    return (year + 1, month, day) < (on.year, on.month, on.day)


def _about(catalogue: Catalogue, kind: Kind, name: str, studies: Sequence[Study]) -> list[Study]:
    wanted = catalogue.vocabulary.tree(kind).narrower(catalogue.get(kind, name).id)
    return [one for one in studies if _subjects(catalogue, kind, one) & wanted]


def _subjects(catalogue: Catalogue, kind: Kind, study: Study) -> set[str]:
    """Return what a study is about by its own record, and by the names that the registry prints."""
    entry: Registration | None = study.registration
    if kind == "Condition":
        known, printed = study.conditions, list(entry.conditions) if entry else []
    else:
        treated = entry.interventions if entry else ()
        known, printed = study.therapies, [name for one in treated for name in (one.name, *one.other_names)]
    named = (catalogue.find(kind, text) for text in printed)
    return {*known, *(one.id for one in named if one is not None)}


def _status(study: Study) -> RecruitmentStatus | None:
    return study.registration.status if study.registration else None


def _completed_first(study: Study) -> tuple[str, str]:
    completion = study.registration.primary_completion if study.registration else None
    return completion.date if completion else "9999", study.id


def _last_day(partial: str) -> tuple[int, int, int]:
    year, month, day = (*map(int, partial.split("-")), 0, 0)[:3]
    month = month or 12
    return year, month, day or calendar.monthrange(year, month)[1]


def _day(text: str | None) -> date:
    try:
        return date.today() if text is None else date.fromisoformat(text)  # noqa: DTZ011 (the reader's own day)
    except ValueError:
        raise UsageError(f"{text!r} is no date.", "Write it as 2026-11-28.") from None
