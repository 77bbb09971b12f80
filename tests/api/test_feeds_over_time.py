"""Atom feeds as releases come."""

import pytest

from api.app import create_app
from kb.questions import Questions
from kb.releases import publish
from kb.store import Store
from schema.records import GRAPH_NAMES
from tests.api.conftest import calling
from tests.api.test_feeds import fetched, texts
from tests.conftest import TEST_NAMES
from tests.kb.releases.test_replaced import MERGED, TWO_NAMES
from tests.samples import SAMPLE, load, trial


@pytest.fixture
def allowed_names() -> frozenset[str]:
    return GRAPH_NAMES | TEST_NAMES


async def test_ids_stay_when_a_release_comes(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester", message="<script>&\x01")
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as client:
        before = await fetched(client, "/feed/condition/osteoarthritis.atom")
        assert "<script>&" in texts(before, "//h:p")
        await load(store, trial(4, "prp", "knee-osteoarthritis"), name="new")
        await publish(store, who="tester")
        after = await fetched(client, "/feed/condition/osteoarthritis.atom")
    assert texts(after, "/a:feed/a:id") == texts(before, "/a:feed/a:id")
    assert texts(after, "//a:entry/a:id")[1:] == texts(before, "//a:entry/a:id")


async def test_the_feed_of_what_was_merged_is_that_of_what_took_its_place(store: Store) -> None:
    await load(store, TWO_NAMES)
    await publish(store, who="tester")
    await load(store, [MERGED], name="merge")
    await publish(store, who="tester")
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as client:
        for name in (MERGED.id, MERGED.name, *MERGED.synonyms):
            answer = await client.get(f"/feed/condition/{name}.atom")
            place = "/feed/condition/knee-osteoarthritis.atom"
            assert (answer.status_code, answer.headers["location"]) == (308, place)


async def test_before_the_first_release_there_is_no_feed(store: Store) -> None:
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as client:
        missing = await client.get("/feed/releases.atom")
    assert missing.status_code == 404
    assert "Nothing is published yet" in missing.text
