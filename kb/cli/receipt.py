"""``kb receipt``: what an answer showed, and whether it still stands."""

from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, with_store
from kb.cli.tables import print_json

if TYPE_CHECKING:
    from api.graphql.receipt import Checked
    from kb.store import Store

#: Seconds that asking again may take.
PATIENCE = 60.0

#: Places told of what is shown otherwise beside the answers.
TOLD = 10


def receipt(
    id: Annotated[str, typer.Argument(help='The receipt of a GraphQL answer: "receipt" of its "extensions".')],
    as_json: Json = False,
) -> None:
    """Say what an answer showed, and whether it still stands."""

    async def work(store: "Store") -> "tuple[Checked, dict[tuple[str, str], str]]":
        from api.graphql.receipt import check_receipt
        from kb.questions import Questions

        questions = Questions(store)
        found = await check_receipt(questions, id, monotonic() + PATIENCE)
        vocabulary = (await questions.catalogue(found.newest or None)).vocabulary
        names = {("therapy", one.id): one.name for one in vocabulary.therapies.values()}
        names |= {("condition", one.id): one.name for one in vocabulary.conditions.values()}
        names |= {(label.lower(), id): one.name for (label, id), one in vocabulary.replaced.entries.items()}
        return found, names

    found, names = with_store(work)
    if as_json:
        print_json(receipt_json(found))
        return
    shown = found.receipt
    typer.echo(f"Given {shown.given}, of release {shown.release}. Data: SHA-256 {shown.data_hash}.")
    typer.echo(f"Asked, with the variables {shown.variables}:")
    typer.echo(shown.query)
    if found.intact:
        typer.echo(f"Intact: release {shown.release} still says the same.")
    else:
        typer.echo(f"Not intact: asked again, release {shown.release} does not give this data. Do not rely on it.")
    if found.stands:
        typer.echo(f"It still stands: release {found.newest}, the newest, says the same.")
        return
    typer.echo(f"It no longer stands: release {found.newest}, the newest, says something else.")
    for one in () if found.changes else found.differing[:TOLD]:
        typer.echo(f"  {one.place or 'all of it'}")
        typer.echo(f"    before: {one.before or 'nothing'}")
        typer.echo(f"    after:  {one.after or 'nothing'}")
    if not found.changes and len(found.differing) > TOLD:
        typer.echo("  More places differ: --json names them.")
    for one in found.changes:
        therapy = names.get(("therapy", one.therapy), one.therapy)
        typer.echo(f"  {therapy} for {names.get(('condition', one.condition), one.condition)}")
        typer.echo(f"    before: {one.before.sentence if one.before else 'no answer'}")
        typer.echo(f"    after:  {one.after.sentence if one.after else 'no answer'}")
        for reason in one.reasons:
            typer.echo(f"    why:    {reason.what}")


def receipt_json(found: "Checked") -> dict[str, Any]:
    """Return a checked receipt as the JSON contract has it."""
    shown = found.receipt
    return {
        "receipt": shown.id,
        "given": shown.given,
        "release": shown.release,
        "query": shown.query,
        "variables": shown.variables,
        "operationName": shown.operation_name,
        "dataHash": shown.data_hash,
        "intact": found.intact,
        "stands": found.stands,
        "newest": found.newest,
        "differing": [{"place": one.place, "before": one.before, "after": one.after} for one in found.differing],
        "changed": [{"therapy": one.therapy, "condition": one.condition} for one in found.changes],
    }
