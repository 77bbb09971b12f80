"""``kb webhooks``: addresses that are told when answers change."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, settings, with_store
from kb.cli.tables import print_json, print_table
from kb.errors import InputProblem

if TYPE_CHECKING:
    from kb.releases.webhooks import Delivered
    from kb.store import Store
    from schema.webhook import Webhook

webhooks = typer.Typer(
    name="webhooks", help="Tell addresses when answers change: signed, retried, at least once.", no_args_is_help=True
)


@webhooks.command()
def add(
    url: Annotated[str, typer.Argument(help="The https address to post to.")],
    therapy: Annotated[str | None, typer.Option("--therapy", "-t", help="Only this therapy, by any name.")] = None,
    condition: Annotated[str | None, typer.Option("--condition", "-c", help="Only this condition.")] = None,
    as_json: Json = False,
) -> None:
    """Add an address for the releases to come, and show its secret, once."""
    from kb.releases.webhooks import add_webhook, secret_of, signing_key
    from loaders.fetch.errors import Refused
    from loaders.fetch.post import check_address

    config = settings()
    try:
        check_address(url, private=config.webhooks_private)
    except Refused as wrong:
        raise InputProblem(wrong.message, wrong.hint) from wrong
    key = signing_key(config.home, make=True)
    made = with_store(lambda store: add_webhook(store, url, therapy=therapy, condition=condition, who=config.user))
    secret = secret_of(key, made.id)
    if as_json:
        print_json({**_webhook_json(made), "secret": secret})
        return
    typer.echo(f"{made.id} is told what changes{_about(made)} from release {made.delivered + 1} on.")
    typer.echo(f"Its secret, shown only now: {secret}")
    typer.echo("Each message carries webhook-id, webhook-timestamp and webhook-signature: `v1,` and the base64 of")
    typer.echo("HMAC-SHA256 with the decoded secret over `id.timestamp.body` (Standard Webhooks).")


@webhooks.command("list")
def list_(as_json: Json = False) -> None:
    """List the addresses, and what is pending for each."""

    async def work(store: "Store") -> "tuple[list[Webhook], int]":
        from kb.questions.records import current_release
        from kb.releases.webhooks import webhooks as read_webhooks

        return await read_webhooks(store), await current_release(store)

    from kb.releases.webhooks import pending

    found, newest = with_store(work)
    if as_json:
        print_json({"webhooks": [{**_webhook_json(one), "pending": pending(one, newest)} for one in found]})
        return
    if not found:
        typer.echo("There is no webhook. Add one with kb webhooks add URL.")
        return
    rows = [
        [
            one.id,
            one.url,
            one.therapy or "all",
            one.condition or "all",
            str(pending(one, newest)),
            f"{one.last_outcome}: ended" if one.ended else one.last_outcome or "–",
        ]
        for one in found
    ]
    columns = ["id", "address", "therapy", "condition", "pending", "last try"]
    print_table("Webhooks", columns, rows, numeric=["pending"], wide="address", whole=["id"])


@webhooks.command()
def remove(id: Annotated[str, typer.Argument(help="The id, as kb webhooks list shows it.")]) -> None:
    """Remove an address: it is told nothing any more."""
    from kb.releases.webhooks import remove_webhook

    with_store(lambda store: remove_webhook(store, id))
    typer.echo(f"{id} is removed.")


@webhooks.command()
def deliver(as_json: Json = False) -> None:
    """Send what is pending. Exit code 1 where some of it stays so."""
    found = deliver_pending()
    if as_json:
        print_json({"webhooks": [_delivered_json(one) for one in found]})
    else:
        print_delivered(found)
    if any(one.pending for one in found):
        raise typer.Exit(1)


def deliver_pending() -> "list[Delivered]":
    """Send every address what is pending for it; nothing where there is no address."""
    from kb.releases.webhooks import deliver as deliver_all
    from kb.releases.webhooks import signing_key
    from kb.releases.webhooks import webhooks as read_webhooks

    config = settings()

    async def post_it(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        from loaders.fetch.errors import FetchError
        from loaders.fetch.post import post

        try:
            status = await post(url, body, headers, private=config.webhooks_private)
        except FetchError as wrong:
            return 0, f"{wrong.message} {wrong.hint}".rstrip(".")
        return status, f"HTTP {status}"

    async def work(store: "Store") -> "list[Delivered]":
        if not await read_webhooks(store):
            return []
        return await deliver_all(store, post_it, signing_key(config.home, make=False))

    return with_store(work)


def print_delivered(found: "list[Delivered]") -> None:
    """Say for each address what was sent and what is pending."""
    for one in found:
        taken = ", ".join(str(number) for number in one.taken)
        said = f"took release {taken}" if taken else "had nothing new"
        if one.webhook.ended:
            said = f"{said if taken else 'took nothing'}; {_ended(one.webhook)}"
        elif one.pending:
            said = f"{said if taken else 'took nothing'}; {one.pending} pending: {one.webhook.last_outcome}"
        typer.echo(f"Webhook {one.webhook.id}: {said}.")
    if not found:
        typer.echo("There is no webhook to tell.")


def print_pending(found: "list[Delivered]") -> None:
    """Warn of what could not be sent."""
    for one in found:
        if one.webhook.ended:
            typer.echo(f"Webhook {one.webhook.id} was not told; {_ended(one.webhook)}.", err=True)
        elif one.pending:
            typer.echo(
                f"Webhook {one.webhook.id} was not told: {one.webhook.last_outcome}. "
                "It stays pending: kb webhooks deliver tries again.",
                err=True,
            )


def _delivered_json(one: "Delivered") -> dict[str, Any]:
    return {
        "id": one.webhook.id, "taken": one.taken, "pending": one.pending, "lastOutcome": one.webhook.last_outcome,
        "ended": one.webhook.ended,
    }  # fmt: skip


def _webhook_json(one: "Webhook") -> dict[str, Any]:
    return {
        "id": one.id,
        "url": one.url,
        "therapy": one.therapy,
        "condition": one.condition,
        "created": one.created,
        "delivered": one.delivered,
        "failed": one.failed,
        "lastOutcome": one.last_outcome,
        "ended": one.ended,
    }


def _ended(one: "Webhook") -> str:
    return f"its receiver is gone for good ({one.last_outcome}), and is told nothing any more"


def _about(one: "Webhook") -> str:
    parts = [f"of {one.therapy}" if one.therapy else "", f"in {one.condition}" if one.condition else ""]
    return "".join(f" {part}" for part in parts if part)
