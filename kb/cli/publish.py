"""``kb publish``: the next release, of all that waits or of marks of retraction alone."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, settings, with_store
from kb.cli.tables import counted, print_json, words
from kb.errors import TreatiseError

if TYPE_CHECKING:
    from kb.releases import Published
    from kb.releases.webhooks import Delivered


def publish(
    message: Annotated[str | None, typer.Option("--message", "-m", help="What this release brings.")] = None,
    only_retractions: Annotated[
        bool,
        typer.Option(
            "--only-retractions",
            help="Publish what became of published citations (retraction, concern, correction, reinstatement) and "
            "nothing else: every other draft waits on.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Publish what is approved and pending as the next release."""
    published = publish_retractions(message) if only_retractions else publish_pending(message)
    told = tell()
    if as_json:
        marks = {"retractions": published_json(published)["retractions"]} if only_retractions else {}
        print_json(
            {
                "release": published.release.number if published.release else None,
                "records": published.records,
                "summariesDerived": published.summaries_derived,
                "summariesChanged": published.summaries_changed,
                **marks,
                "webhooks": {"taken": sum(len(one.taken) for one in told), "pending": sum(one.pending for one in told)},
            }
        )
    elif only_retractions:
        print_retractions(published)
    elif published.release is None:
        typer.echo("Nothing is pending: the newest release holds everything that is approved.")
    else:
        typer.echo(
            f"Release {published.release.number}: {published.records:,} records, {published.summaries_derived:,} "
            f"answers derived, {published.summaries_changed:,} of them new or changed."
        )


def publish_pending(message: str | None) -> "Published":
    """Publish all that waits, and return what was done."""
    from kb.releases import publish as publish_release

    return with_store(lambda store: publish_release(store, who=settings().user, message=message))


def publish_retractions(message: str | None = None) -> "Published":
    """Publish marks of retraction alone, and return what was done."""
    from kb.releases import publish_retractions as publish_release

    return with_store(lambda store: publish_release(store, who=settings().user, message=message))


def tell() -> "list[Delivered]":
    """Tell the webhooks. A receiver that is down, or a key that is missing, does not undo the release."""
    from kb.cli.webhooks import deliver_pending, print_pending

    try:
        found = deliver_pending()
    except TreatiseError as wrong:
        typer.echo(f"Webhooks were not told: {wrong}", err=True)
        return []
    print_pending(found)
    return found


def published_json(published: "Published") -> dict[str, Any]:
    """Return a release of retractions alone, as the JSON contract has it."""
    return {
        "release": published.release.number if published.release else None,
        "summariesChanged": published.summaries_changed,
        "retractions": [
            {"key": one.citation.id, "state": one.citation.retraction.state, "before": one.before.state}
            for one in published.marks
        ],
    }


def print_retractions(published: "Published") -> None:
    """Print a release of retractions alone."""
    if published.release is None:
        typer.echo("Nothing was published: no citation stands differently from what is published of it.")
        return
    typer.echo(
        f"Release {published.release.number}: {counted(len(published.marks), 'mark')} and nothing else that waits, "
        f"{published.summaries_changed:,} answers changed."
    )
    for one in published.marks:
        state, before = one.citation.retraction.state, one.before.state
        typer.echo(f"  {one.citation.id}: {words(before)} → {words(state)}")
