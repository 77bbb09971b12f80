"""Gaps in the API."""

import httpx2

from tests.api.conftest import data

QUERY = """
{ gaps(condition: "OA", first: 100) { totalCount nodes { therapy { slug } domain kind certainty studies { slug } } } }
"""


async def test_what_is_not_known_can_be_asked_for(client: httpx2.AsyncClient) -> None:
    found = (await data(client, QUERY))["gaps"]
    assert found["totalCount"] == len(found["nodes"]) > 0
    unsure = [each for each in found["nodes"] if each["kind"] == "LOW_CERTAINTY"]
    assert all(each["certainty"] in {"LOW", "VERY_LOW"} and each["studies"] for each in unsure)
    missing = [each for each in found["nodes"] if each["kind"] == "NOT_MEASURED"]
    assert {"PHYSICAL_FUNCTION", "DISPOSITION"} <= {each["domain"] for each in missing}
