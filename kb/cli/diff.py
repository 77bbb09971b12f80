"""``kb diff``: what changed between two releases, and why."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, with_store
from kb.cli.replaced import tell_replaced
from kb.cli.tables import print_json, print_table, words

if TYPE_CHECKING:
    from kb.questions.changes import AnswerChange
    from kb.store import Store
    from schema.summary import Summary

#: Reasons printed for one answer; ``--json`` has more.
REASONS = 8


def diff(
    since: Annotated[int, typer.Argument(min=0, help="The earlier release; 0 is the time before the first.")],
    until: Annotated[int | None, typer.Argument(min=1, help="The later release; else the newest.")] = None,
    therapy: Annotated[str | None, typer.Option("--therapy", "-t", help="A therapy by any name.")] = None,
    condition: Annotated[str | None, typer.Option("--condition", "-c", help="A condition by any name.")] = None,
    as_json: Json = False,
) -> None:
    """Say which answers two releases give differently, before → after, and why."""

    async def work(store: "Store") -> dict[str, Any]:
        from kb.questions import Questions
        from kb.questions.changes import read_changes, record_counts
        from kb.questions.paging import EVERYTHING

        questions = Questions(store)
        end = await questions.number(until)
        found = await read_changes(
            questions, EVERYTHING, since=since, until=end or None, therapy=therapy, condition=condition
        )
        await tell_replaced(questions, condition=condition, therapy=therapy, as_of=end or None)
        vocabulary = (await questions.catalogue(end or None)).vocabulary
        names = {("therapy", id): one.name for id, one in vocabulary.therapies.items()}
        names |= {("condition", id): one.name for id, one in vocabulary.conditions.items()}
        names |= {(label.lower(), id): one.name for (label, id), one in vocabulary.replaced.entries.items()}
        return {
            "end": end,
            "changes": list(found.items),
            "names": names,
            "counts": await record_counts(questions, since, end),
        }

    told = with_store(work)
    found: list[AnswerChange] = told["changes"]
    if as_json:
        records = {label: {"new": new, "changed": changed} for label, (new, changed) in told["counts"].items()}
        answers = [change_json(one) for one in found]
        print_json({"since": since, "until": told["end"], "records": records, **_counts(found), "changes": answers})
        return
    _print(since, told["end"], found, told["names"], told["counts"])


def change_json(one: "AnswerChange") -> dict[str, Any]:
    """Return one changed answer as the JSON contract has it."""
    return {
        "therapy": one.therapy,
        "condition": one.condition,
        "before": _state_json(one.before),
        "after": _state_json(one.after),
        "onlyWording": one.only_wording,
        "reasonCount": one.reason_count,
        "reasons": [{"kind": why.kind, "label": why.label, "id": why.record, "what": why.what} for why in one.reasons],
    }


def _state_json(summary: "Summary | None") -> dict[str, Any] | None:
    if summary is None:
        return None
    return {
        "release": summary.first,
        "direction": summary.direction,
        "certainty": summary.certainty,
        "sentence": summary.sentence,
        "harms": summary.harms_sentence,
        "participants": summary.participant_count,
        "studies": summary.carrying,
        "retractedStudies": summary.retracted_studies,
    }


def _counts(found: "list[AnswerChange]") -> dict[str, Any]:
    return {
        "answers": {
            "new": sum(one.before is None for one in found),
            "changed": sum(one.before is not None and one.after is not None for one in found),
            "gone": sum(one.after is None for one in found),
            "onlyWording": sum(one.only_wording for one in found),
        }
    }


def _print(
    since: int,
    until: int,
    found: "list[AnswerChange]",
    names: dict[tuple[str, str], str],
    counts: dict[str, tuple[int, int]],
) -> None:
    answers = _counts(found)["answers"]
    typer.echo(
        f"Release {since} → {until}: {answers['new']:,} answers new, {answers['changed']:,} changed "
        f"({answers['onlyWording']:,} of them in wording only), {answers['gone']:,} gone."
    )
    if counts:
        rows = [[label, f"{new:,}", f"{changed:,}"] for label, (new, changed) in counts.items()]
        print_table("Records of all kinds", ["record", "new", "changed"], rows, numeric=["new", "changed"])
    for one in found:
        therapy = names.get(("therapy", one.therapy), one.therapy)
        typer.echo(f"{therapy} for {names.get(('condition', one.condition), one.condition)}")
        typer.echo(f"  before: {_said(one.before)}")
        typer.echo(f"  after:  {_said(one.after)}")
        if one.only_wording:
            typer.echo("  Only the wording differs: the evidence is the same.")
        for why in one.reasons[:REASONS]:
            typer.echo(f"  why:    {words(why.kind)}: {why.what}")
        if one.reason_count > REASONS:
            typer.echo(f"          and {one.reason_count - REASONS} more (--json lists them)")
    if not found:
        typer.echo("No answer differs.")


def _said(summary: "Summary | None") -> str:
    if summary is None:
        return "no answer"
    count = summary.study_count
    studies = f"{count} {'study' if count == 1 else 'studies'}"
    return f"{summary.sentence} ({words(summary.direction)}, {words(summary.certainty)} certainty, {studies})"
