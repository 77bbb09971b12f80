"""``kb webhooks``: added, told after a release, tried again, removed."""

import json
from pathlib import Path

from tests.engines import free_port
from tests.kb.cli.command import FIXTURES, kb
from tests.receiver import receiving

Environment = dict[str, str]


def test_from_an_address_to_a_message(kb_env: Environment, tmp_path: Path) -> None:
    assert kb(kb_env, "load", FIXTURES).code == 0
    assert kb(kb_env, "publish").code == 0
    with receiving() as receiver:
        refused = kb(kb_env, "webhooks", "add", receiver.address)
        assert (refused.code, "is not https" in refused.err) == (1, True)
        inside = kb_env | {"KB_WEBHOOKS_PRIVATE": "true"}
        added = kb(inside, "webhooks", "add", receiver.address, "--therapy", "PRP", "--json")
        assert added.code == 0, added.err
        assert added.json["secret"].startswith("whsec_")
        down = kb(inside, "webhooks", "add", f"http://127.0.0.1:{free_port()}/", "--condition", "OA")
        assert "Its secret, shown only now: whsec_" in down.out

        text = (FIXTURES / "studies.yaml").read_text(encoding="utf-8")
        edited = tmp_path / "studies.yaml"
        edited.write_text(text.replace("participants: 200", "participants: 220"), encoding="utf-8")
        assert kb(inside, "load", edited).code == 0
        published = kb(inside, "publish", "--json")
        assert published.code == 0, published.err
        assert published.json["webhooks"] == {"taken": 1, "pending": 1}
        (warning,) = [line for line in published.err.splitlines() if "was not told" in line]
        assert warning.endswith(". It stays pending: kb webhooks deliver tries again.")
        assert ".." not in warning
        ((_, _, body),) = receiver.got
        assert json.loads(body)["data"]["changes"][0]["reasons"][0]["kind"] == "STUDY_CHANGED"

    listed = kb(inside, "webhooks", "list", "--json").json["webhooks"]
    assert [(one["condition"], one["pending"]) for one in listed] == [(None, 0), ("osteoarthritis", 1)]
    assert "secret" not in json.dumps(listed)
    again = kb(inside, "webhooks", "deliver")
    assert (again.code, "1 pending: 127.0.0.1 cannot be reached" in again.out) == (1, True)
    guarded = kb(kb_env, "webhooks", "deliver", "--json").json["webhooks"]
    (of_condition,) = [one["id"] for one in listed if one["condition"]]
    assert "is not https" in {one["id"]: one["lastOutcome"] for one in guarded}[of_condition]
    for one in listed:
        assert kb(inside, "webhooks", "remove", one["id"]).code == 0
    assert "There is no webhook" in kb(inside, "webhooks", "list").out


def test_an_address_that_is_gone_for_good_is_told_of_and_waits_for_nothing(kb_env: Environment) -> None:
    inside = kb_env | {"KB_WEBHOOKS_PRIVATE": "true"}
    with receiving() as receiver:
        id = kb(inside, "webhooks", "add", receiver.address, "--json").json["id"]
        receiver.answers = [410]
        assert kb(inside, "load", FIXTURES).code == 0
        published = kb(inside, "publish", "--json")
        assert (published.code, published.json["webhooks"]) == (0, {"taken": 0, "pending": 0})
    told = f"Webhook {id} was not told; its receiver is gone for good (HTTP 410), and is told nothing any more."
    assert told in published.err
    (one,) = kb(inside, "webhooks", "list", "--json").json["webhooks"]
    assert (one["pending"], one["ended"] is not None) == (0, True)
    assert "HTTP 410: ended" in kb(inside, "webhooks", "list").out
    again = kb(inside, "webhooks", "deliver")
    assert (again.code, again.out) == (0, "There is no webhook to tell.\n")
