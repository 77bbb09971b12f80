"""Registered trials over GraphQL."""

from collections.abc import AsyncGenerator

import httpx2
import pytest

from api.app import create_app
from kb.questions import Questions
from kb.releases import publish
from kb.store import Store
from tests.api.conftest import calling, data
from tests.kb.ingest.test_trials import registered
from tests.samples import SAMPLE, load

QUERY = """
query Trials($condition: String, $status: RecruitmentStatus, $withoutResults: Boolean! = false) {
  trials(condition: $condition, status: $status, withoutResults: $withoutResults, on: "2020-01-01") {
    totalCount
    nodes {
      slug design
      registration {
        number status whyStopped resultsPosted enrolment primaryCompletion { date actual }
        interventions { name otherNames } publications { kind pmid }
      }
      registeredIn { key type }
      citations { key }
    }
  }
}
"""


@pytest.fixture
async def registry(store: Store) -> AsyncGenerator[httpx2.AsyncClient]:
    await load(store, SAMPLE)
    await registered(store)
    await publish(store, who="tester")
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as found:
        yield found


async def test_trials_are_asked_for_with_their_registration(registry: httpx2.AsyncClient) -> None:
    found = (await data(registry, QUERY, condition="hip osteoarthritis"))["trials"]
    assert found["totalCount"] == 1
    (trial,) = found["nodes"]
    assert trial["registeredIn"] == {"key": "nct:NCT90000002", "type": "REGISTRATION"}
    entry = trial["registration"]
    assert (entry["status"], entry["whyStopped"], entry["resultsPosted"]) == ("TERMINATED", "no funds", True)
    assert entry["primaryCompletion"] == {"date": "2030-01", "actual": False}
    owing = (await data(registry, QUERY, withoutResults=True))["trials"]
    assert [one["slug"] for one in owing["nodes"]] == ["nct90000001"]
    assert (await data(registry, QUERY, status="RECRUITING"))["trials"]["totalCount"] == 0
