"""Doses in the API: shown with studies and findings, and asked for."""

from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.graphql.dose import DoseInput
from kb.questions import Questions
from kb.releases import publish
from kb.store import Store
from schema.dose import Dose, Span
from schema.terms import Waveform
from tests.api.conftest import ask, calling, data
from tests.samples import SAMPLE, load, study, with_changed


def test_every_field_of_a_dose_can_be_asked_for() -> None:
    assert set(DoseInput.__annotations__) == set(Dose.model_fields)


QUERY = """
query Given($dose: DoseInput!) {
  studies(therapy: "PRP", dose: $dose) { totalCount nodes { slug dose { waveform sessions { low high } } } }
  evidence(therapy: "PRP", condition: "OA") {
    nodes { findings(dose: $dose) { totalCount nodes { study { slug } dose { waveform } } } }
  }
}
"""


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"waveform": "BURST"}, ["author2trial"]),
        ({"sessions": {"least": 6, "most": 8}, "waveform": "BURST"}, ["author2trial"]),
        ({"sessions": {"least": 7}}, []),
    ],
)
async def test_studies_and_findings_are_filtered_by_dose(store: Store, asked: dict[str, Any], found: list[str]) -> None:
    given = Dose(waveform=Waveform.BURST, sessions=Span(low=6, high=8))
    await load(store, with_changed(SAMPLE, study(2, "prp", "knee-osteoarthritis", dose=given)))
    await publish(store, who="tester")
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as client:
        answer = await data(client, QUERY, dose=asked)
    assert [each["slug"] for each in answer["studies"]["nodes"]] == found
    findings = answer["evidence"]["nodes"][0]["findings"]
    assert [each["study"]["slug"] for each in findings["nodes"]] == found
    assert findings["totalCount"] == len(found)
    for each in answer["studies"]["nodes"]:
        assert each["dose"] == {"waveform": "BURST", "sessions": {"low": 6, "high": 8}}


async def test_limits_with_nothing_between_them_are_refused_in_words(client: httpx2.AsyncClient) -> None:
    query = '{ studies(therapy: "PRP", dose: {sessions: {least: 8, most: 3}}) { totalCount } }'
    (error,) = (await ask(client, query))["errors"]
    assert error["message"].startswith("Nothing is at least 8 and at most 3.")
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
