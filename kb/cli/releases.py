"""``kb publish`` and ``kb releases``."""

from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.context import Json, settings, with_store
from kb.cli.tables import print_json, print_table
from kb.errors import TreatiseError

if TYPE_CHECKING:
    from kb.releases import Published
    from kb.releases.webhooks import Delivered
    from kb.store import Store
    from schema.release import Release


def publish(
    message: Annotated[str | None, typer.Option("--message", "-m", help="What this release brings.")] = None,
    as_json: Json = False,
) -> None:
    """Publish what is approved and pending as the next release."""
    published = publish_pending(message)
    release = published.release
    told = _tell()
    if as_json:
        print_json(
            {
                "release": release.number if release else None,
                "records": published.records,
                "summariesDerived": published.summaries_derived,
                "summariesChanged": published.summaries_changed,
                "webhooks": {"taken": sum(len(one.taken) for one in told), "pending": sum(one.pending for one in told)},
            }
        )
    elif release is None:
        typer.echo("Nothing is pending: the newest release holds everything that is approved.")
    else:
        typer.echo(
            f"Release {release.number}: {published.records:,} records, {published.summaries_derived:,} answers "
            f"derived, {published.summaries_changed:,} of them new or changed."
        )


def _tell() -> "list[Delivered]":
    """Tell the webhooks. A receiver that is down, or a key that is missing, does not undo the release."""
    from kb.cli.webhooks import deliver_pending, print_pending

    try:
        found = deliver_pending()
    except TreatiseError as wrong:
        typer.echo(f"Webhooks were not told: {wrong}", err=True)
        return []
    print_pending(found)
    return found


def publish_pending(message: str | None) -> "Published":
    """Publish, and return what was done."""
    from kb.releases import publish as publish_release

    return with_store(lambda store: publish_release(store, who=settings().user, message=message))


def releases(as_json: Json = False) -> None:
    """List the releases, newest first."""

    async def work(store: "Store") -> "list[Release]":
        from kb.questions import Questions
        from kb.questions.paging import EVERYTHING

        return list((await Questions(store).releases(EVERYTHING)).items)

    found = with_store(work)
    if as_json:
        print_json(
            {
                "releases": [
                    {
                        "number": one.number,
                        "published": one.published,
                        "who": one.who,
                        "message": one.message,
                        "records": one.records,
                        "summariesChanged": one.summaries_changed,
                        "contentHash": one.content_hash_of_release,
                    }
                    for one in found
                ]
            }
        )
    elif not found:
        typer.echo("There is no release yet. Load records and run kb publish.")
    else:
        rows = [
            [
                str(one.number),
                one.published,
                one.who,
                f"{one.records:,}",
                f"{one.summaries_changed:,}",
                one.message or "",
            ]
            for one in found
        ]
        numeric = ["release", "records", "answers changed"]
        print_table(
            "Releases", ["release", "published", "by", "records", "answers changed", "message"], rows, numeric=numeric
        )
        if len(found) > 1:
            typer.echo(f"What changed, and why: kb diff {found[1].number} {found[0].number}")
