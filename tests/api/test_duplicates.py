"""Possible duplicates in the API: read only, with the citations that the release holds."""

from typing import Any

import httpx2
import pytest

from api.app import create_app
from kb.duplicates import keep_apart
from kb.questions import Questions
from kb.releases import publish
from kb.store import Store
from tests.api.conftest import calling, data
from tests.kb.ingest.test_matching import PAPER, UNSURE
from tests.samples import load

QUERY = """query Pairs($state: DuplicateState! = OPEN) {
  possibleDuplicates(state: $state, first: 5) {
    totalCount
    nodes { id one other state reason decidedBy citations { key title } }
    pageInfo { hasNextPage }
  }
}"""


NODE = "query N($id: ID!) { node(id: $id) { ... on PossibleDuplicate { one } } }"


async def pairs(client: httpx2.AsyncClient, **variables: Any) -> Any:
    return (await data(client, QUERY, **variables))["possibleDuplicates"]


@pytest.mark.usefixtures("kb_env")
async def test_open_and_decided_pairs_are_listed(store: Store) -> None:
    await load(store, [PAPER], form="pubmed")
    await publish(store, who="tester")
    await load(store, [UNSURE], name="export.ris", form="ris")
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as client:
        found = await pairs(client)
        assert found["totalCount"] == 1
        (pair,) = found["nodes"]
        assert (pair["one"], pair["other"], pair["state"]) == (UNSURE.id, PAPER.id, "OPEN")
        assert [one["key"] for one in pair["citations"]] == [PAPER.id], "the other one is not published yet"
        node = await data(
            client, "query N($id: ID!) { node(id: $id) { ... on PossibleDuplicate { one } } }", id=pair["id"]
        )
        assert node["node"] == {"one": UNSURE.id}
        await keep_apart(store, PAPER.id, UNSURE.id, who="ada")
        assert (await pairs(client))["totalCount"] == 0, "a decision waits for no release"
        await publish(store, who="tester")
        (pair,) = (await pairs(client, state="DIFFERENT"))["nodes"]
        assert pair["decidedBy"] == "ada"
        assert {one["key"] for one in pair["citations"]} == {PAPER.id, UNSURE.id}
