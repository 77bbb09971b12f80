"""A result that its source holds no longer is evidence nowhere, but in the releases that counted it."""

from api.app import create_app
from kb.questions import Questions
from kb.releases import publish
from kb.store import Store
from tests.api.conftest import calling, data
from tests.kb.ingest.test_withdrawing import CORRECTED, FIRST, entry, first

PAIR = "condition=knee-osteoarthritis&therapy=prp"
QUERY = """query Shown($as: Int, $id: ID!) {
  condition(id: "knee-osteoarthritis", asOf: $as) { evidence(first: 5) { nodes {
    findings(first: 5) { totalCount nodes { key withdrawn } } lines { findings { key withdrawn } } } } }
  finding(id: $id, asOf: $as) { key withdrawn } }"""
IMPACT = "query Touched($id: ID!) { impact(citation: $id) { findings { key } } }"


async def test_it_is_shown_as_of_the_release_that_counted_it_and_marked_where_it_is_asked_for(store: Store) -> None:
    await first(store)
    await entry(store, CORRECTED)
    await publish(store, who="tester")
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as client:
        for release, counted, withdrawn in ((1, FIRST, False), (2, CORRECTED, True)):
            found = await data(client, QUERY, id=FIRST.id, **{"as": release})
            (answer,) = found["condition"]["evidence"]["nodes"]
            held = {"key": counted.id, "withdrawn": False}
            assert answer["findings"] == {"totalCount": 1, "nodes": [held]}
            assert [line["findings"] for line in answer["lines"]] == [[held]]
            assert found["finding"] == {"key": FIRST.id, "withdrawn": withdrawn}
            page = (await client.get(f"/?{PAIR}&asOf={release}")).text
            assert ("3 months" in page, "6 months" in page) == (not withdrawn, withdrawn)
        touched = await data(client, IMPACT, id=FIRST.citation)
        assert touched["impact"]["findings"] == [{"key": CORRECTED.id}]
