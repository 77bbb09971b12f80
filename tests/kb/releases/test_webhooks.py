"""Webhooks: what a receiver gets, what it can check, and what happens when it is down."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha256
from hmac import new as hmac
from pathlib import Path

import pytest

from kb.errors import ConfigurationError, DataFolderUnusable, InputProblem, NotFound
from kb.releases import publish
from kb.releases.webhooks import (
    Post,
    add_webhook,
    deliver,
    remove_webhook,
    secret_of,
    signing_key,
    webhooks,
)
from kb.store import Store
from loaders.fetch.errors import FetchError
from loaders.fetch.post import post
from tests.kb.releases.test_replaced import MERGED, TWO_NAMES
from tests.receiver import receiving
from tests.samples import SAMPLE, finding, load, trial

KEY = bytes(range(32))


async def posting(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    """The real thing, to this machine."""
    try:
        status = await post(url, body, headers, private=True)
    except FetchError as wrong:
        return 0, wrong.message
    return status, f"HTTP {status}"


async def run(store: Store, post: Post = posting) -> tuple[list[int], int, list[float]]:
    """Deliver to the one webhook: releases taken, releases pending, pauses made."""
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    (one,) = await deliver(store, post, KEY, pause=pause)
    return list(one.taken), one.pending, pauses


@pytest.fixture
async def first(store: Store) -> Store:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    return store


async def edit(store: Store, estimate: float) -> None:
    await load(store, [finding(1, "prp", "knee-osteoarthritis", estimate=estimate)], name=f"edit {estimate}")
    await publish(store, who="tester", message="An edit.")


async def test_a_receiver_can_check_what_it_gets(first: Store) -> None:
    with receiving() as receiver:
        made = await add_webhook(first, f"{receiver.address}/hook", therapy="PRP", who="tester")
        await edit(first, 2.5)
        assert await run(first) == ([2], 0, [])
        ((path, headers, body),) = receiver.got
    assert path == "/hook"
    assert headers["webhook-id"] == f"msg_{made.id}_2"
    secret = b64decode(secret_of(KEY, made.id).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    assert headers["webhook-signature"] == "v1," + b64encode(hmac(secret, signed, sha256).digest()).decode()
    told = json.loads(body)
    assert (told["type"], told["data"]["release"], told["data"]["message"]) == ("answers.changed", 2, "An edit.")
    assert (told["data"]["therapy"], told["data"]["merged"], told["data"]["total"]) == ("prp", [], 2)
    change = told["data"]["changes"][0]
    assert (change["therapy"], change["condition"]) == ("prp", "knee-osteoarthritis")
    assert change["before"]["sentence"] != change["after"]["sentence"]
    assert change["reasons"][0]["kind"] == "FINDING_CHANGED"


async def test_a_receiver_that_is_down_gets_everything_later_in_order(first: Store) -> None:
    with receiving() as receiver:
        await add_webhook(first, receiver.address, who="tester")
        await edit(first, 2.5)
        await edit(first, -3)
        receiver.answers = [500, 503, 429]
        assert await run(first) == ([], 2, [1.0, 2.0])
        (kept,) = await webhooks(first)
        assert (kept.delivered, kept.failed, kept.last_outcome) == (1, 1, "HTTP 429")
        assert await run(first) == ([2, 3], 0, [])
        assert await run(first) == ([], 0, [])
        ids = [headers["webhook-id"].rpartition("_")[2] for _, headers, _ in receiver.got]
        assert ids == ["2", "2", "2", "2", "3"]
        assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 2
    (kept,) = await webhooks(first)
    assert (kept.delivered, kept.failed, kept.last_outcome) == (3, 0, "HTTP 204")
    await edit(first, 1)
    taken, pending, pauses = await run(first)
    assert (taken, pending, pauses) == ([], 1, [1.0, 2.0])


async def test_a_webhook_for_what_was_merged_tells_of_what_took_its_place(store: Store) -> None:
    await load(store, TWO_NAMES)
    await publish(store, who="tester")
    with receiving() as receiver:
        await add_webhook(store, receiver.address, condition="gonitis", who="tester")
        await load(store, [MERGED], name="merge")
        await publish(store, who="tester")
        assert await run(store) == ([2], 0, [])
        await edit(store, 2.5)
        assert await run(store) == ([3], 0, [])
        merge, later = (json.loads(body)["data"] for _, _, body in receiver.got)
    assert merge["merged"] == later["merged"] == ["Gonarthrosis was merged into Knee osteoarthritis."]
    assert {one["condition"] for one in merge["changes"]} == {"gonarthrosis", "knee-osteoarthritis"}
    assert {one["condition"] for one in later["changes"]} == {"knee-osteoarthritis"}


async def test_a_refusal_is_not_repeated_at_once(first: Store) -> None:
    with receiving() as receiver:
        await add_webhook(first, receiver.address, who="tester")
        await edit(first, 2.5)
        receiver.answers = [403]
        assert await run(first) == ([], 1, [])
        assert len(receiver.got) == 1


async def test_a_receiver_that_is_gone_for_good_is_told_nothing_any_more(first: Store) -> None:
    with receiving() as receiver:
        await add_webhook(first, receiver.address, who="tester")
        receiver.answers = [410]
        await edit(first, 2.5)
        assert await run(first) == ([], 0, [])
        (ended,) = await webhooks(first)
        assert ended.ended is not None
        assert ended.last_outcome == "HTTP 410"
        await edit(first, 2.6)
        assert await deliver(first, posting, KEY) == []
        assert len(receiver.got) == 1
        # It may come back.
        await add_webhook(first, receiver.address, who="tester")
        await edit(first, 2.7)
        assert await run(first) == ([4], 0, [])


async def test_only_what_it_asked_for_is_told_and_only_from_then_on(first: Store) -> None:
    with receiving() as receiver:
        await add_webhook(first, receiver.address, therapy="TENS", condition="OA", who="tester")
        assert await run(first) == ([], 0, [])
        await edit(first, 2.5)
        assert await run(first) == ([], 0, [])
        await load(first, trial(4, "tens", "hip-osteoarthritis"), name="new")
        await publish(first, who="tester")
        assert await run(first) == ([3], 0, [])
        assert len(receiver.got) == 1
        changes = json.loads(receiver.got[0][2])["data"]["changes"]
        assert {(one["therapy"], one["condition"]) for one in changes} == {
            ("tens", "hip-osteoarthritis"),
            ("tens", "osteoarthritis"),
        }


async def test_webhooks_are_added_once_and_removed(first: Store) -> None:
    made = await add_webhook(first, "https://example.org/hook", who="tester")
    with pytest.raises(InputProblem, match=made.id):
        await add_webhook(first, "https://example.org/hook", who="tester")
    with pytest.raises(NotFound, match="Platelet-rich plasma"):
        await add_webhook(first, "https://example.org/hook", therapy="platelet-rich plasm", who="tester")
    other = await add_webhook(first, "https://example.org/hook", therapy="PRP", who="tester")
    await remove_webhook(first, made.id)
    assert [one.id for one in await webhooks(first)] == [other.id]
    with pytest.raises(NotFound, match=other.id):
        await remove_webhook(first, made.id)
    assert KEY.hex() not in str(await first.read("nodes_of_label", {"Label": "Webhook"}))


async def test_webhooks_of_one_second_are_listed_in_the_order_in_which_they_were_added(first: Store) -> None:
    made = [await add_webhook(first, f"https://example.org/{number}", who="tester") for number in range(8)]
    assert [one.url for one in await webhooks(first)] == [one.url for one in made]


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is not in the data folder"):
        signing_key(tmp_path, make=False)
    key = signing_key(tmp_path / "new", make=True)
    assert signing_key(tmp_path / "new", make=True) == signing_key(tmp_path / "new", make=False) == key
    file = tmp_path / "new" / "webhook.key"
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_bytes(b"short")
    with pytest.raises(ConfigurationError, match="not whole"):
        signing_key(tmp_path / "new", make=True)


def test_who_is_killed_while_the_key_is_made_leaves_none_and_the_next_one_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: int) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kb.releases.webhooks.token_bytes", killed)
        with pytest.raises(KeyboardInterrupt):
            signing_key(tmp_path, make=True)
    assert len(signing_key(tmp_path, make=True)) == 32
    assert [one.name for one in tmp_path.iterdir()] == ["webhook.key"]


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(DataFolderUnusable, match=r"home cannot be used.* KB_HOME"):
        signing_key(tmp_path / "home", make=True)
