"""``kb trials``: registered trials, and those that were completed and never reported."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, with_store
from kb.cli.replaced import tell_replaced
from kb.cli.tables import number, print_json, print_table, words

if TYPE_CHECKING:
    from kb.store import Store
    from schema.registration import RegisteredDate
    from schema.study import Study


def trials(
    condition: Annotated[str | None, typer.Option("--condition", help="Any name; narrower ones are included.")] = None,
    therapy: Annotated[str | None, typer.Option("--therapy", help="Any name; narrower ones are included.")] = None,
    status: Annotated[str | None, typer.Option("--status", help="Such as RECRUITING or COMPLETED.")] = None,
    without_results: Annotated[
        bool, typer.Option("--without-results", help="Completed more than a year ago, and nothing reported.")
    ] = False,
    on: Annotated[str | None, typer.Option("--on", help="The day to count the year from, as 2026-11-28.")] = None,
    as_of: Annotated[int | None, typer.Option("--as-of", help="The number of a release; else the newest.")] = None,
    as_json: Json = False,
) -> None:
    """List registered trials, those completed longest ago first."""

    async def ask(store: "Store") -> "tuple[int, list[Study]]":
        from kb.errors import Unfinished, UsageError
        from kb.questions import Questions
        from kb.questions.paging import EVERYTHING
        from kb.questions.trials import registered_trials
        from schema.terms import RecruitmentStatus

        wanted = None if status is None else status.upper().replace(" ", "_").replace("-", "_")
        if wanted is not None and wanted not in RecruitmentStatus.__members__:
            raise UsageError(f"There is no status {status}.", f"Use one of {', '.join(RecruitmentStatus.__members__)}.")
        questions = Questions(store)
        release = await questions.number(as_of)
        if release == 0:
            raise Unfinished("Nothing is published yet.", "Load records with kb load, then run kb publish.")
        found = await registered_trials(
            questions,
            EVERYTHING,
            condition=condition,
            therapy=therapy,
            status=RecruitmentStatus[wanted] if wanted else None,
            without_results=without_results,
            on=on,
            as_of=release,
        )
        await tell_replaced(questions, condition=condition, therapy=therapy, as_of=release)
        return release, list(found.items)

    release, found = with_store(ask)
    if as_json:
        print_json({"release": release, "trials": [_json(one) for one in found]})
        return
    what = "Completed trials without results" if without_results else "Registered trials"
    columns = ["number", "title", "status", "primary completion", "people", "results"]
    print_table(
        f"{what}, as of release {release}: {len(found):,}",
        columns,
        [_row(one) for one in found],
        numeric=["people"],
        wide="title",
        whole=["number"],
    )


def _row(study: "Study") -> list[str]:
    from schema.terms import PublicationLinkKind

    entry = study.registration
    assert entry is not None
    results = {True: "posted", False: "none posted", None: "–"}[entry.results_posted]
    if entry.results_sent_on:
        results += f", sent {entry.results_sent_on}"
    if naming := sum(one.kind is not PublicationLinkKind.BACKGROUND for one in entry.publications):
        results += f"; {naming:,} publications name it"
    people = number(entry.enrolment) + (" planned" if entry.enrolment_actual is False else "")
    return [
        entry.number,
        study.title or study.name,
        words(entry.status) if entry.status else "–",
        _date(entry.primary_completion),
        people,
        results,
    ]


def _date(found: "RegisteredDate | None") -> str:
    if found is None:
        return "–"
    return f"{found.date} (expected)" if found.actual is False else found.date


def _json(study: "Study") -> dict[str, Any]:
    entry = study.registration
    assert entry is not None
    return {
        "id": study.id,
        "number": entry.number,
        "title": study.title,
        "acronym": study.acronym,
        "design": study.design,
        "status": entry.status,
        "whyStopped": entry.why_stopped,
        "started": entry.started.date if entry.started else None,
        "primaryCompletion": entry.primary_completion.date if entry.primary_completion else None,
        "completed": entry.completed.date if entry.completed else None,
        "enrolment": entry.enrolment,
        "enrolmentActual": entry.enrolment_actual,
        "resultsPosted": entry.results_posted,
        "resultsPostedOn": entry.results_posted_on,
        "resultsSentOn": entry.results_sent_on,
        "sponsor": entry.sponsor,
        "countries": entry.countries,
        "conditions": entry.conditions,
        "interventions": [one.name for one in entry.interventions],
        "publications": [{"pmid": one.pmid, "kind": one.kind} for one in entry.publications],
    }
