"""The start page: what this is, what it holds, and one question answered from the graph."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.pages.deadline import AWAY, deadline
from api.pages.examples import examples
from api.pages.rests_on import RestsOn, read_rests_on
from api.pages.templates import templates
from kb.errors import NotFound, StoreUnavailable, TreatiseError, UnknownRelease, UsageError
from kb.questions import Page, PageRequest, Questions
from kb.questions.studies import listed, studies_naming
from kb.questions.summaries import read_evidence
from schema.condition import Condition
from schema.summary import Summary
from schema.therapy import Therapy

#: The question that is shown to whoever asks none.
CONDITION = "osteoarthritis"

#: Answers on one page.
ANSWERS = 50

#: Characters of a name that is asked for.
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    therapy: str
    condition: str
    summary: Summary


@dataclass(frozen=True, slots=True)
class Answered:
    """What the form asked, and what was found."""

    release: int
    newest: int
    therapies: int
    conditions: int
    condition: Condition | None
    therapy: Therapy | None
    #: Of names that belong to something that was merged into what answers: a sentence each.
    merged: tuple[str, ...]
    includes: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    #: Where the next page begins; None on the last one.
    next: str | None
    #: What the answer rests on, where a condition and a therapy are asked for.
    rests_on: RestsOn | None
    #: Where there is none: the names of studies that name both all the same.
    unanswered: str


async def start(request: Request) -> Response:
    """The page; with ``condition``, ``therapy`` and ``asOf`` (a release) in its URL it answers another question.

    ``after`` pages on through long answers. A condition and a therapy together show what their answer rests on.
    """
    condition = request.query_params.get("condition", "").strip()[:LONGEST_NAME]
    therapy = request.query_params.get("therapy", "").strip()[:LONGEST_NAME]
    as_of = request.query_params.get("asOf", "").strip()[:LONGEST_NAME]
    if not condition and not therapy:
        condition = CONDITION
    after = request.query_params.get("after") or None
    shown: dict[str, Any] = {"asked_condition": condition, "asked_therapy": therapy, "as_of": as_of, "after": after}
    shown["examples"] = examples()
    status, headers = 200, {"Cache-Control": "no-cache"}
    try:
        questions = request.app.state.graph.questions()
        page = PageRequest(first=ANSWERS, after=after)
        async with deadline(request.app.state.limits.page_seconds):
            shown["answered"] = await _answer(questions, condition, therapy, _number(as_of), page)
    except UnknownRelease as wrong:
        shown["wrong"], status = str(wrong), 404
    except NotFound as wrong:
        shown["not_found"], status = wrong, 404
    except StoreUnavailable:
        shown["unavailable"], status, headers = True, 503, AWAY
    except TreatiseError as wrong:
        shown["wrong"], status = str(wrong), 400
    return templates.TemplateResponse(request, "start.html", shown, status_code=status, headers=headers)


def _number(as_of: str) -> int | None:
    """The release asked for; None for the newest. Raises UsageError."""
    if not as_of:
        return None
    if not (as_of.isascii() and as_of.isdigit()):
        raise UsageError(f"{as_of!r} is no release.", "Give its number, or leave it empty for the newest.")
    return int(as_of)


async def _answer(
    questions: Questions, condition: str, therapy: str, as_of: int | None, wanted: PageRequest
) -> Answered:
    newest = await questions.number()
    number = await questions.number(as_of)
    counts = await _counts(questions, number)
    if number == 0:
        return Answered(0, 0, *counts, None, None, (), (), (), 0, None, None, "")
    named = await questions.condition(name=condition, as_of=number) if condition else None
    about = await questions.therapy(name=therapy, as_of=number) if therapy else None
    catalogue = await questions.catalogue(number)
    replaced = (catalogue.replaced("Condition", condition), catalogue.replaced("Therapy", therapy))
    merged = tuple(sentence for sentence in replaced if sentence is not None)
    page: Page[Summary] = await read_evidence(
        questions, wanted, condition=condition or None, therapy=therapy or None, as_of=number
    )
    therapies = await questions.get_many("Therapy", {each.therapy for each in page.items}, as_of=number)
    conditions = await questions.get_many("Condition", {each.condition for each in page.items}, as_of=number)
    rows = tuple(Row(_name(therapies, each.therapy), _name(conditions, each.condition), each) for each in page.items)
    narrower = await questions.narrower("Condition", named.id, as_of=number) if named else []
    includes = tuple(each.name for each in narrower)
    cursor = page.cursors[-1] if page.has_next and page.cursors else None
    rests_on = await read_rests_on(questions, page.items[0], number) if named and about and page.items else None
    naming = [] if page.items or not (named and about) else await studies_naming(questions, about.id, named.id, number)
    told = (page.total, cursor, rests_on, listed(naming))
    return Answered(number, newest, *counts, named, about, merged, includes, rows, *told)


async def _counts(questions: Questions, number: int) -> tuple[int, int]:
    none = PageRequest(first=0)
    therapies = await questions.therapies(none, as_of=number)
    conditions = await questions.conditions(none, as_of=number)
    return therapies.total, conditions.total


def _name(records: dict[str, Any], id: str) -> str:
    return records[id].name if id in records else id
