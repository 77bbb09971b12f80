"""Names, ids, pages and the errors that help."""

import base64
from typing import Any

import httpx2
import pytest

from tests.api.conftest import ask, data
from tests.api.http.test_limits import nothing_internal


async def error_of(client: httpx2.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    answer = await ask(client, query, **variables)
    (error,) = answer["errors"]
    assert nothing_internal(answer)
    return error


@pytest.mark.parametrize("name", ["prp", "PRP", "Platelet-Rich Plasma", "platelet injection", "PLATELET RICH PLASMA"])
async def test_every_name_finds_the_therapy(client: httpx2.AsyncClient, name: str) -> None:
    assert (await data(client, "query Q($n: String) { therapy(name: $n) { slug } }", n=name)) == {
        "therapy": {"slug": "prp"}
    }


async def test_a_name_that_finds_nothing_gets_the_nearest(client: httpx2.AsyncClient) -> None:
    error = await error_of(client, '{ condition(name: "ostheoarthritis") { id } }')
    assert error["path"] == ["condition"]
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert error["extensions"]["nearest"][0] == "Osteoarthritis"
    assert "Did you mean 'Osteoarthritis'" in error["message"]


@pytest.mark.parametrize(
    "query",
    [
        "{ therapy { id } }",
        '{ therapy(id: "prp", name: "prp") { id } }',
        '{ therapy(name: "") { id } }',
        "{ evidence { totalCount } }",
        '{ citation(doi: "nonsense") { key } }',
        "{ citation { key } }",
        "{ therapies(first: -1) { totalCount } }",
        "{ therapies(first: 101) { totalCount } }",
        '{ therapies(after: "") { totalCount } }',
        '{ therapies(after: "x") { totalCount } }',
        '{ therapies(after: "WzFd") { totalCount } }',
        '{ therapies(after: "bnVsbA") { totalCount } }',
        '{ therapies(after: "W3siYSI6MX1d") { totalCount } }',
        '{ node(id: "") { id } }',
        '{ node(id: "prp") { id } }',
        '{ node(id: "////") { id } }',
        '{ therapy(id: "Q29uZGl0aW9uOm9zdGVvYXJ0aHJpdGlz") { id } }',
    ],
)
async def test_an_argument_that_cannot_be_used_is_told(client: httpx2.AsyncClient, query: str) -> None:
    assert (await error_of(client, query))["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "query",
    [
        '{ therapy(id: "nowhere") { id } }',
        '{ study(id: "nowhere") { id } }',
        '{ citation(pmid: "1") { key } }',
        '{ citation(id: "pmid:1") { key } }',
        "{ release(number: 99) { number } }",
        "{ release(number: -1) { number } }",
    ],
)
async def test_what_does_not_exist_is_not_found(client: httpx2.AsyncClient, query: str) -> None:
    assert (await error_of(client, query))["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("asked", "type_name"),
    [
        ('condition(name: "OA")', "Condition"),
        ('therapy(name: "PRP")', "Therapy"),
        ('study(id: "author1trial")', "Study"),
        ('citation(pmid: "PMID: 900001")', "Citation"),
        ("release(number: 1)", "Release"),
    ],
)
async def test_a_global_id_leads_back(client: httpx2.AsyncClient, asked: str, type_name: str) -> None:
    found = (await data(client, f"{{ found: {asked} {{ id }} }}"))["found"]
    assert base64.b64decode(found["id"]).decode().startswith(f"{type_name}:")
    again = await data(client, "query Q($id: ID!) { node(id: $id) { __typename id } }", id=found["id"])
    assert again == {"node": {"__typename": type_name, "id": found["id"]}}


async def test_evidence_findings_and_vocabulary_have_global_ids_too(client: httpx2.AsyncClient) -> None:
    query = """{ evidence(therapy: "prp", condition: "OA") { nodes { id findings { nodes {
        id outcomes { id } comparators { id } } } } } }"""
    (found,) = (await data(client, query))["evidence"]["nodes"]
    finding = found["findings"]["nodes"][0]
    ids = [found["id"], finding["id"], finding["outcomes"][0]["id"], finding["comparators"][0]["id"]]
    nodes = [
        (await data(client, "query Q($id: ID!) { node(id: $id) { __typename id } }", id=each))["node"] for each in ids
    ]
    assert [each["__typename"] for each in nodes] == ["Evidence", "Finding", "Outcome", "Comparator"]
    assert [each["id"] for each in nodes] == ids


async def test_an_unknown_node_is_null(client: httpx2.AsyncClient) -> None:
    for named in ("Therapy:nowhere", "Release:99", "Release:x", "Evidence:prp|osteoarthritis|1", "Evidence:x"):
        text = base64.b64encode(named.encode()).decode()
        assert (await data(client, "query Q($id: ID!) { node(id: $id) { id } }", id=text)) == {"node": None}


async def test_a_thing_is_found_by_global_and_by_plain_id(client: httpx2.AsyncClient) -> None:
    query = "query Q($id: ID) { therapy(id: $id) { id slug } }"
    plain = (await data(client, query, id="prp"))["therapy"]
    assert (await data(client, query, id=plain["id"]))["therapy"] == plain
    evidence = "query Q($id: String) { evidence(therapy: $id) { totalCount } }"
    assert (await data(client, evidence, id=plain["id"])) == (await data(client, evidence, id="prp"))


@pytest.mark.parametrize("given", ['pmid: "900001"', 'doi: "https://doi.org/10.5555/INVENTED.1"', 'id: "pmid:900001"'])
async def test_a_citation_is_found_by_every_identifier(client: httpx2.AsyncClient, given: str) -> None:
    query = f"{{ citation({given}) {{ key title authors {{ name }} verification }} }}"
    found = (await data(client, query))["citation"]
    assert found == {
        "key": "pmid:900001",
        "title": "Invented trial number 1",
        "authors": [{"name": "Author1 A"}],
        "verification": "VERIFIED",
    }


async def test_pages_follow_on_without_gap_or_overlap(client: httpx2.AsyncClient) -> None:
    query = """query Q($after: String) { therapies(first: 2, after: $after) { totalCount
        nodes { slug } edges { cursor node { slug } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    first = (await data(client, query))["therapies"]
    second = (await data(client, query, after=first["pageInfo"]["endCursor"]))["therapies"]
    assert [each["node"] for each in first["edges"]] == first["nodes"]
    assert first["edges"][-1]["cursor"] == first["pageInfo"]["endCursor"]
    assert (first["pageInfo"]["hasPreviousPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    slugs = [each["slug"] for page in (first, second) for each in page["nodes"]]
    assert slugs == ["prp", "regenerative-medicine", "tens"]
    assert first["totalCount"] == second["totalCount"] == 3


async def test_an_empty_page_counts_and_has_no_cursors(client: httpx2.AsyncClient) -> None:
    query = "{ therapies(first: 0) { totalCount nodes { slug } pageInfo { hasNextPage startCursor endCursor } } }"
    found = (await data(client, query))["therapies"]
    assert (found["totalCount"], found["nodes"]) == (3, [])
    assert found["pageInfo"] == {"hasNextPage": True, "startCursor": None, "endCursor": None}


async def test_lists_are_filtered(client: httpx2.AsyncClient) -> None:
    query = """{ kind: therapies(kind: DEVICE) { nodes { slug } }
        under: conditions(broader: "OA") { nodes { slug } } search: therapies(search: "plasma") { nodes { slug } } }"""
    found = await data(client, query)
    assert found["kind"]["nodes"] == [{"slug": "tens"}]
    assert {"slug": "knee-osteoarthritis"} in found["under"]["nodes"]
    assert found["search"]["nodes"] == [{"slug": "prp"}]


@pytest.mark.parametrize("text", ["腰痛", "%", "***"])
async def test_a_text_that_no_name_could_hold_finds_nothing(client: httpx2.AsyncClient, text: str) -> None:
    query = "query($text: String!) { therapies(search: $text) { totalCount } conditions(search: $text) { totalCount } }"
    found = await data(client, query, text=text)
    assert (found["therapies"]["totalCount"], found["conditions"]["totalCount"]) == (0, 0)


async def test_an_empty_search_keeps_every_name(client: httpx2.AsyncClient) -> None:
    assert (await data(client, '{ therapies(search: " ") { totalCount } }'))["therapies"]["totalCount"] == 3


async def test_releases_say_what_changed_and_why(client: httpx2.AsyncClient) -> None:
    query = "{ releases { nodes { number message who contentHash changes { therapy condition before after why } } } }"
    newest, first = (await data(client, query))["releases"]["nodes"]
    assert (newest["number"], newest["message"], first["number"]) == (2, "A retraction.", 1)
    assert {(each["therapy"], each["condition"]) for each in newest["changes"]} >= {("prp", "knee-osteoarthritis")}
    assert newest["contentHash"] != first["contentHash"]
    assert (await data(client, "{ release { number } }")) == {"release": {"number": 2}}
