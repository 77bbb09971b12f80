"""What was merged into something else, over HTTP: asked for by its old name, by its id, in an earlier release."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.graphql.node import global_id
from kb.questions import Questions
from kb.releases import publish
from kb.settings import Settings
from kb.store import Store, open_store
from schema.records import GRAPH_NAMES
from tests.api.conftest import ask, calling, data
from tests.api.test_feeds import fetched, texts
from tests.api.test_pages import page, text
from tests.conftest import QUERIES, TEST_NAMES
from tests.kb.releases.test_replaced import MERGED, TWO_NAMES
from tests.samples import load

TOLD = "Gonarthrosis was merged into Knee osteoarthritis."
SHOWN = """query Shown($condition: String!) {
  evidence(condition: $condition, therapy: "PRP") { nodes { condition { slug } studyCount sentence } }
}"""


@pytest.fixture(scope="module")
async def receipt() -> list[str]:
    """The receipt of an answer for the condition before it was merged, once it was given."""
    return []


@pytest.fixture(scope="module")
async def merged(engine_settings: Settings, receipt: list[str]) -> AsyncGenerator[Store]:
    """Two releases: two names of one condition, then one merged into the other. Tests only read."""
    async with open_store(
        engine_settings, allowed_names=GRAPH_NAMES | TEST_NAMES, folders=(QUERIES,), tied=True
    ) as store:
        while (await store.write("wipe"))[0]["removed"]:
            pass
        await store.ensure_schema()
        await load(store, TWO_NAMES)
        await publish(store, who="tester")
        app = create_app(questions=Questions(store))
        async with app.router.lifespan_context(app), calling(app) as first:
            receipt.append((await ask(first, SHOWN, condition="gonarthrosis"))["extensions"]["receipt"])
        await load(store, [MERGED], name="merge")
        await publish(store, who="tester")
        yield store


@pytest.fixture(scope="module")
async def client(merged: Store) -> AsyncGenerator[httpx2.AsyncClient]:
    """A client of the application over both releases."""
    app = create_app(questions=Questions(merged))
    async with app.router.lifespan_context(app), calling(app) as found:
        yield found


async def condition(client: httpx2.AsyncClient, **asked: Any) -> dict[str, Any]:
    query = """query Q($id: ID, $name: String, $asOf: Int) { condition(id: $id, name: $name, asOf: $asOf) {
      slug replacedBy { slug } replaces { slug name } includes { slug } evidence { totalCount } } }"""
    return (await data(client, query, **asked))["condition"]


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "gonarthrosis"},
        {"name": "Gonitis"},
        {"id": "gonarthrosis"},
        {"id": global_id("Condition", "gonarthrosis")},
    ],
)
async def test_an_old_name_or_id_is_answered_by_what_took_its_place(
    client: httpx2.AsyncClient, asked: dict[str, str]
) -> None:
    found = await condition(client, **asked)
    assert found == await condition(client, name="knee-osteoarthritis")
    assert (found["slug"], found["replacedBy"]) == ("knee-osteoarthritis", None)
    assert found["replaces"] == [{"slug": "gonarthrosis", "name": "Gonarthrosis"}]
    assert found["includes"] == [{"slug": "medial-gonarthrosis"}]


async def test_the_old_node_says_what_took_its_place(client: httpx2.AsyncClient) -> None:
    query = """query N($id: ID!) { node(id: $id) { ... on Condition { slug replacedBy { slug } replaces { slug }
      includes { slug } evidence(therapy: "PRP") { nodes { studyCount } } } } }"""
    found = (await data(client, query, id=global_id("Condition", "gonarthrosis")))["node"]
    assert found == {
        "slug": "gonarthrosis",
        "replacedBy": {"slug": "knee-osteoarthritis"},
        "replaces": [],
        "includes": [{"slug": "medial-gonarthrosis"}],
        "evidence": {"nodes": [{"studyCount": 3}]},
    }


async def test_an_earlier_release_still_holds_both(client: httpx2.AsyncClient) -> None:
    found = await condition(client, name="gonitis", asOf=1)
    assert (found["slug"], found["replacedBy"], found["replaces"]) == ("gonarthrosis", None, [])
    query = '{ study(id: "author4trial", asOf: 1) { conditions { slug } } }'
    assert (await data(client, query))["study"]["conditions"] == [{"slug": "gonarthrosis"}]


async def test_studies_and_findings_name_what_took_its_place(client: httpx2.AsyncClient) -> None:
    there = [{"slug": "knee-osteoarthritis", "broader": [{"slug": "osteoarthritis"}]}]
    query = '{ study(id: "author4trial") { conditions { slug broader { slug } } } }'
    assert (await data(client, query))["study"]["conditions"] == there
    query = """{ evidence(condition: "gonitis", therapy: "PRP") { nodes { findings { nodes {
      conditions { slug broader { slug } } study { conditions { slug broader { slug } } } } } } } }"""
    (answer,) = (await data(client, query))["evidence"]["nodes"]
    assert len(answer["findings"]["nodes"]) == 3
    assert all(one["conditions"] == one["study"]["conditions"] == there for one in answer["findings"]["nodes"])
    query = "{ conditions(first: 100) { nodes { slug } } }"
    assert "gonarthrosis" not in {one["slug"] for one in (await data(client, query))["conditions"]["nodes"]}


async def test_a_receipt_of_the_old_answer_says_why_it_stands_no_longer(
    client: httpx2.AsyncClient, receipt: list[str]
) -> None:
    query = """query Check($id: ID!) { receipt(id: $id) { intact stands changes {
      condition { slug replacedBy { slug } } before { studyCount } after { studyCount } reasons { what } } } }"""
    found = (await data(client, query, id=receipt[0]))["receipt"]
    assert (found["intact"], found["stands"]) == (True, False)
    what = "the condition Gonarthrosis was merged into Knee osteoarthritis"
    assert {one["reasons"][0]["what"] for one in found["changes"]} == {what}
    said = {one["condition"]["slug"]: (one["before"], one["after"]) for one in found["changes"]}
    assert said == {
        "gonarthrosis": ({"studyCount": 1}, None),
        "knee-osteoarthritis": ({"studyCount": 2}, {"studyCount": 3}),
    }
    ended = next(one["condition"] for one in found["changes"] if one["after"] is None)
    assert ended["replacedBy"] == {"slug": "knee-osteoarthritis"}


async def test_the_start_page_says_so(client: httpx2.AsyncClient) -> None:
    found = await page(client, "/?condition=gonitis&therapy=PRP")
    assert TOLD in [text(one) for one in found.xpath("//p[@role='note']")]
    assert "in Knee osteoarthritis" in text(found)
    assert TOLD not in text(await page(client, "/?condition=gonitis&asOf=1"))
    assert TOLD not in text(await page(client, "/?condition=knee+arthritis"))


async def test_the_feed_of_the_old_one_leads_to_the_other_and_tells(client: httpx2.AsyncClient) -> None:
    moved = await client.get("/feed/condition/gonarthrosis.atom")
    assert (moved.status_code, moved.headers["location"]) == (308, "/feed/condition/knee-osteoarthritis.atom")
    root = await fetched(client, moved.headers["location"])
    assert f"No answer any more. {TOLD}" in texts(root, "//a:entry//h:dd")
