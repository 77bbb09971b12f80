"""``kb releases``: the releases, newest first."""

from typing import TYPE_CHECKING

import typer

from kb.cli.context import Json, with_store
from kb.cli.tables import print_json, print_table

if TYPE_CHECKING:
    from kb.store import Store
    from schema.release import Release


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
                        "rules": one.rules,
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
