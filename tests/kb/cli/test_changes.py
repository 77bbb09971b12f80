"""``kb diff`` and ``kb receipt``: what changed between releases, and whether what was shown still stands."""

import json
import re
from pathlib import Path

import pytest

from api.app import create_app
from kb.questions import PageRequest, Questions
from kb.questions.changes import read_changes
from kb.releases import publish
from kb.releases.webhooks import message
from kb.store import Store
from schema.citation import Retraction
from schema.records import GRAPH_NAMES
from schema.terms import RetractionState
from schema.webhook import Webhook
from tests.api.conftest import ask, calling
from tests.conftest import TEST_NAMES
from tests.kb.cli.command import FIXTURES, kb
from tests.samples import SAMPLE, citation, load

Environment = dict[str, str]


@pytest.fixture
def allowed_names() -> frozenset[str]:
    return GRAPH_NAMES | TEST_NAMES


@pytest.fixture
def edited(kb_env: Environment, tmp_path: Path) -> Environment:
    """Two releases: in the second the effect of the one trial is another one."""
    assert kb(kb_env, "load", FIXTURES).code == 0
    assert kb(kb_env, "publish").code == 0
    text = (FIXTURES / "studies.yaml").read_text(encoding="utf-8")
    edit = tmp_path / "studies.yaml"
    edit.write_text(
        text.replace("estimate: -0.3, ci_low: -0.9, ci_high: 0.3", "estimate: -1.3, ci_low: -1.9, ci_high: -0.7")
        .replace("direction: NO_DIFFERENCE", "direction: BENEFIT"),
        encoding="utf-8",
    )  # fmt: skip
    assert kb(kb_env, "load", edit).code == 0
    return kb_env


def test_two_releases_are_compared_before_and_after_and_why(edited: Environment) -> None:
    assert kb(edited, "publish").code == 0
    shown = kb(edited, "diff", "1", "2")
    assert shown.code == 0, shown.err
    assert "Release 1 → 2: 0 answers new, 2 changed (0 of them in wording only), 0 gone." in shown.out
    assert "Platelet-rich plasma for Osteoarthritis" in shown.out
    assert "finding changed: invented2020knee, knee pain, 6 months: MD -0.3 (-0.9 to 0.3)" in shown.out
    assert re.search(r"before: .*no difference", shown.out)
    document = kb(edited, "diff", "1", "--json").json
    assert (document["since"], document["until"]) == (1, 2)
    assert document["answers"] == {"new": 0, "changed": 2, "gone": 0, "onlyWording": 0}
    assert document["records"] == {"Finding": {"new": 0, "changed": 1}}
    change = document["changes"][0]
    assert (change["before"]["release"], change["after"]["release"]) == (1, 2)
    assert [one["kind"] for one in change["reasons"]] == ["FINDING_CHANGED"]
    assert "No answer differs." in kb(edited, "diff", "1", "2", "--therapy", "TENS").out
    assert "kb diff 1 2" in kb(edited, "releases").out
    missing = kb(edited, "diff", "1", "9")
    assert (missing.code, "Releases 1 to 2 exist." in missing.err) == (1, True)
    asked = kb(edited, "evidence", "-c", "OA", "--as-of", "9")
    assert (asked.code, "Releases 1 to 2 exist." in asked.err) == (1, True), asked


async def test_a_retracted_study_is_counted_in_no_answer_that_is_told(store: Store, kb_env: Environment) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    await load(store, [citation(2, retraction=Retraction(state=RetractionState.RETRACTED))], name="notice")
    await publish(store, who="tester")
    asked = ("diff", "1", "2", "--therapy", "PRP", "--condition", "knee arthritis")
    counts = re.findall(r"(before|after): .*certainty, (\d+ stud\w+)\)", kb(kb_env, *asked).out)
    assert counts == [("before", "2 studies"), ("after", "1 study")]
    (change,) = kb(kb_env, *asked, "--json").json["changes"]
    assert (change["after"]["studies"], change["after"]["retractedStudies"]) == (["author1trial"], ["author2trial"])
    page = await read_changes(Questions(store), PageRequest(), since=1, therapy="PRP", condition="knee arthritis")
    release = await Questions(store).release()
    assert release is not None
    told = message(Webhook(id="wh-1", url="http://kb.test", who="tester", created="", delivered=1), release, page, ())
    assert json.loads(told)["data"]["changes"][0]["after"]["studies"] == ["author1trial"]
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as client:
        query = '{ changes(since: 1, therapy: "PRP") { nodes { after { studyCount studies retractedStudies } } } }'
        shown = (await ask(client, query))["data"]["changes"]["nodes"][0]["after"]
    assert shown == {"studyCount": 1, "studies": ["author1trial"], "retractedStudies": ["author2trial"]}


async def test_a_receipt_of_something_beside_the_answers_says_what_differs(store: Store, kb_env: Environment) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as client:
        given = (await ask(client, '{ citation(pmid: "900001") { title } }'))["extensions"]["receipt"]
    await load(store, [citation(1, title="Corrected")], name="edit")
    await publish(store, who="tester")
    found = kb(kb_env, "receipt", given).out
    assert found.endswith(
        "It no longer stands: release 2, the newest, says something else.\n"
        '  citation.title\n    before: "Invented trial number 1"\n    after:  "Corrected"\n'
    )


async def test_a_receipt_is_checked_at_the_command_line(edited: Environment, store: Store) -> None:
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as client:
        query = 'query Shown { evidence(condition: "OA") { nodes { sentence } } }'
        given = (await ask(client, query))["extensions"]["receipt"]
    found = kb(edited, "receipt", given)
    assert found.code == 0, found.err
    assert "It still stands: release 1, the newest, says the same." in found.out
    assert kb(edited, "publish").code == 0
    found = kb(edited, "receipt", given)
    assert "Intact: release 1 still says the same." in found.out
    assert "It no longer stands: release 2" in found.out
    assert "why:    invented2020knee, knee pain" in found.out
    document = kb(edited, "receipt", given, "--json").json
    assert (document["intact"], document["stands"], document["release"]) == (True, False, 1)
    assert document["changed"] == [{"therapy": "prp", "condition": "osteoarthritis"}]
    assert document["differing"][0]["place"] == "evidence.nodes[0].sentence"
    never = kb(edited, "receipt", "f" * 64)
    assert (never.code, "It was never given here" in never.err) == (1, True)
