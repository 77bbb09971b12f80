"""Webhooks: addresses that are told what each release changed; signed, retried, at least once, in order.

The message is signed as Standard Webhooks has it (standardwebhooks.com): ``webhook-id``, ``webhook-timestamp`` and
``webhook-signature``, which is ``v1,`` and the base64 of HMAC-SHA256 over ``id.timestamp.body``. A release stays
pending for an address until that answers 2xx; its id is the same at every try, so that a receiver knows it again. One
that answers 410 is gone for good: it is told nothing any more.

Secrets are not in the graph: each is derived from one key in the data folder and the webhook's id. A machine that
shares the graph and not the key cannot sign, and says so.
"""

import asyncio
import os
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from hmac import new as hmac
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Any

import orjson

from kb.engine.share import usable
from kb.errors import ConfigurationError, InputProblem, NotFound
from kb.ingest.apply import now
from kb.questions import Page, PageRequest, Questions
from kb.questions.changes import AnswerChange, read_changes
from kb.questions.paging import LARGEST_PAGE
from kb.questions.reasons import TOLD
from kb.questions.records import all_nodes
from kb.store import Store
from schema.release import Release
from schema.summary import Summary
from schema.webhook import Webhook

KEY_FILE = "webhook.key"

#: Tries of one delivery in one run, and seconds before the second one, twice as long before each further one.
TRIES = 3
PAUSE = 1.0

#: What a receiver answers that wants nothing any more (Standard Webhooks: "disable the endpoint").
GONE = 410

#: Posts a body with headers and returns the HTTP status (0 where there was no answer) and what happened in words.
Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[tuple[int, str]]]
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a run did for one webhook, as that is now: releases that were taken, and how many are still pending."""

    webhook: Webhook
    taken: Sequence[int]
    pending: int


def signing_key(home: Path, *, make: bool) -> bytes:
    """Return the key of this data folder. ``make``: make it where there is none.

    Raises ConfigurationError for a key that is not there or not whole, DataFolderUnusable and DiskFull.
    """
    path = home / KEY_FILE
    with usable(home):
        if make and not path.exists():
            _make_key(path)
        try:
            key = path.read_bytes()
        except FileNotFoundError:
            raise ConfigurationError(
                f"The key that signs webhooks is not in the data folder ({KEY_FILE}).",
                "Run this where the webhooks were added, or copy the file from there.",
            ) from None
    if len(key) != 32:
        raise ConfigurationError(
            f"{KEY_FILE} in the data folder is not whole.", "Delete it, remove the webhooks, and add them again."
        )
    return key


def _make_key(path: Path) -> None:
    """Write a key, whole or not at all; that of another process that was quicker stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    unfinished.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            # Unlike a new name, a second name does not replace what is there.
            path.hardlink_to(unfinished)
    finally:
        unfinished.unlink(missing_ok=True)


def secret_of(key: bytes, id: str) -> str:
    """Return the secret of a webhook as its receiver needs it: ``whsec_`` and base64."""
    return "whsec_" + b64encode(hmac(key, id.encode(), sha256).digest()).decode()


def signature(key: bytes, id: str, message_id: str, timestamp: str, body: bytes) -> str:
    """Return the header ``webhook-signature``."""
    secret = hmac(key, id.encode(), sha256).digest()
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac(secret, signed, sha256).digest()).decode()


async def add_webhook(
    store: Store, url: str, *, therapy: str | None = None, condition: str | None = None, who: str
) -> Webhook:
    """Add an address for releases to come. Raises NotFound for a name, InputProblem where it is there already."""
    questions = Questions(store)
    about = await questions.therapy(name=therapy) if therapy is not None else None
    place = await questions.condition(name=condition) if condition is not None else None
    made = Webhook(
        id=f"wh-{token_hex(6)}",
        url=url,
        therapy=about.id if about else None,
        condition=place.id if place else None,
        who=who,
        # Finer than elsewhere, so that those of one second stand in their order.
        created=datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        delivered=await questions.number(),
    )
    for one in await webhooks(store):
        same = (one.url, one.therapy, one.condition) == (made.url, made.therapy, made.condition)
        if same and one.ended is None:
            raise InputProblem(f"This is already the webhook {one.id}.", "Remove that one first for a new secret.")
    await store.write("keep_webhook", id=made.id, properties=made.properties())
    return made


async def remove_webhook(store: Store, id: str) -> None:
    """Remove an address. Raises NotFound."""
    known = [one.id for one in await webhooks(store)]
    if id not in known:
        raise NotFound(id, known[:5], "No webhook")
    await store.write("remove_webhook", id=id)


async def webhooks(store: Store) -> list[Webhook]:
    """Return all addresses, the oldest first."""
    nodes = await all_nodes(store, "Webhook")
    found = [Webhook.from_properties(node) for node in nodes]
    return sorted(found, key=lambda one: (one.created, one.id))


async def deliver(
    store: Store, post: Post, key: bytes, *, tries: int = TRIES, pause: Pause = asyncio.sleep
) -> list[Delivered]:
    """Send every address what is pending for it, in the order of the releases. What fails stays pending.

    Those that had ended before are passed over.
    """
    questions = Questions(store)
    newest = await questions.number()
    told = [one for one in await webhooks(store) if one.ended is None]
    found = await asyncio.gather(
        *(_deliver(store, questions, one, newest, _Sender(post, key, tries, pause)) for one in told)
    )
    return list(found)


def pending(webhook: Webhook, newest: int) -> int:
    """Return how many releases wait for an address; ``newest`` is the newest one."""
    return newest - webhook.delivered if webhook.ended is None else 0


async def _deliver(store: Store, questions: Questions, webhook: Webhook, newest: int, sender: "_Sender") -> Delivered:
    taken: list[int] = []
    for number in range(webhook.delivered + 1, newest + 1):
        release = await questions.release(number)
        assert release is not None
        try:
            page = await read_changes(
                questions,
                PageRequest(LARGEST_PAGE),
                since=number - 1,
                until=number,
                therapy=webhook.therapy,
                condition=webhook.condition,
            )
        except NotFound as wrong:
            webhook = await _noted(store, webhook, failed=webhook.failed + 1, last_outcome=str(wrong).rstrip("."))
            break
        if page.total:
            catalogue = await questions.catalogue(number)
            told = (
                catalogue.replaced("Therapy", webhook.therapy or ""),
                catalogue.replaced("Condition", webhook.condition or ""),
            )
            merged = [sentence for sentence in told if sentence is not None]
            status, outcome = await sender.send(webhook, release, message(webhook, release, page, merged))
            if not 200 <= status < 300:
                ended = {"ended": now()} if status == GONE else {}
                webhook = await _noted(store, webhook, failed=webhook.failed + 1, last_outcome=outcome, **ended)
                break
            taken.append(number)
            webhook = await _noted(store, webhook, delivered=number, failed=0, last_outcome=outcome)
        else:
            webhook = await _noted(store, webhook, delivered=number)
    return Delivered(webhook, taken, pending(webhook, newest))


async def _noted(store: Store, webhook: Webhook, **changed: Any) -> Webhook:
    changed["last_tried"] = now()
    await store.write("note_delivery", id=webhook.id, properties=changed)
    return webhook.model_copy(update=changed)


class _Sender:
    """Signs and sends, and tries again while the address does not answer or says that it is not its fault."""

    def __init__(self, post: Post, key: bytes, tries: int, pause: Pause) -> None:
        self._post, self._key, self._tries, self._pause = post, key, tries, pause

    async def send(self, webhook: Webhook, release: Release, body: bytes) -> tuple[int, str]:
        id = f"msg_{webhook.id}_{release.number}"
        status, outcome = 0, ""
        for attempt in range(self._tries):
            if attempt:
                await self._pause(PAUSE * 2 ** (attempt - 1))
            # The time of the try: a receiver refuses what is older than some minutes.
            timestamp = str(int(datetime.now(UTC).timestamp()))
            headers = {
                "content-type": "application/json",
                "webhook-id": id,
                "webhook-timestamp": timestamp,
                "webhook-signature": signature(self._key, webhook.id, id, timestamp, body),
            }
            status, outcome = await self._post(webhook.url, body, headers)
            # What the receiver calls a mistake of ours (4xx) stays one however often it is sent.
            if status and status not in (408, 429) and status < 500:
                break
        return status, outcome


def message(webhook: Webhook, release: Release, page: Page[AnswerChange], merged: Sequence[str]) -> bytes:
    """Return the body: the release, and at most 100 of its changes (``total`` counts all).

    ``merged``: sentences that tell whether what the webhook is about was merged into something else, which is told of.
    """
    return orjson.dumps(
        {
            "type": "answers.changed",
            "timestamp": release.published,
            "data": {
                "release": release.number,
                "message": release.message,
                "therapy": webhook.therapy,
                "condition": webhook.condition,
                "merged": merged,
                "total": page.total,
                "changes": [_told(one) for one in page.items],
            },
        }
    )


def _told(change: AnswerChange) -> dict[str, Any]:
    return {
        "therapy": change.therapy,
        "condition": change.condition,
        "before": _said(change.before),
        "after": _said(change.after),
        "onlyWording": change.only_wording,
        "reasons": [{"kind": one.kind, "id": one.record, "what": one.what} for one in change.reasons[: TOLD // 10]],
        "reasonCount": change.reason_count,
    }


def _said(summary: Summary | None) -> dict[str, Any] | None:
    if summary is None:
        return None
    return {
        "direction": summary.direction,
        "certainty": summary.certainty,
        "sentence": summary.sentence,
        "harms": summary.harms_sentence,
        "studies": summary.carrying,
    }
