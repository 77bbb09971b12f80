"""GraphQL over HTTP, rule by rule. The names in brackets are the audits of graphql-http 1.23 that ask the same."""

import json
from typing import Any

import httpx2
import pytest

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
TYPENAME = {"query": "{ __typename }"}
TYPE = "query Type($name: String!) { __type(name: $name) { name } }"
BOTH = pytest.mark.parametrize("accept", [JSON, GRAPHQL])


async def post(client: httpx2.AsyncClient, body: Any, accept: str | None = None, **headers: str) -> httpx2.Response:
    sent = {"Content-Type": JSON, **headers} | ({"Accept": accept} if accept else {})
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await client.post("/graphql", content=content, headers=sent)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (GRAPHQL, GRAPHQL),  # 22EB
        (JSON, JSON),  # 4655
        ("*/*", JSON),  # 47DE
        ("application/*", JSON),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0, */*", JSON),
        ("text/html, */*;q=0.1", JSON),
        ("APPLICATION/JSON; charset=utf-8", JSON),
    ],
)
async def test_the_client_gets_the_media_type_it_asks_for(
    endpoint: httpx2.AsyncClient, accept: str, media_type: str
) -> None:
    response = await post(endpoint, TYPENAME, accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.headers["vary"] == "Accept"
    assert response.json() == {"data": {"__typename": "Query"}}


async def test_without_accept_the_answer_is_plain_json(endpoint: httpx2.AsyncClient) -> None:  # 80D8
    del endpoint.headers["accept"]
    response = await post(endpoint, TYPENAME)
    assert response.headers["content-type"] == f"{JSON}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/html", "image/*", f"{JSON};q=0", "*/*;q=0", f"{JSON};q=nan"])
async def test_what_nobody_can_send_is_not_acceptable(endpoint: httpx2.AsyncClient, accept: str) -> None:
    response = await post(endpoint, TYPENAME, accept)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    "content_type", [JSON, f"{JSON}; charset=utf-8", f'{JSON};charset="UTF-8"', "Application/JSON"]
)
async def test_json_in_utf8_is_taken(endpoint: httpx2.AsyncClient, content_type: str) -> None:  # BF61 78D5 2C94 03D4
    body = {"query": '{ __type(name: "Run🏃Swim🏊") { name } }'}
    response = await post(endpoint, json.dumps(body, ensure_ascii=False).encode(), **{"Content-Type": content_type})
    assert (response.status_code, response.json()) == (200, {"data": {"__type": None}})


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "application/graphql",
        f"{JSON}; charset=utf-16",
        "",
    ],
)
async def test_any_other_content_type_is_refused(endpoint: httpx2.AsyncClient, content_type: str) -> None:  # 9ABE
    response = await post(endpoint, TYPENAME, **{"Content-Type": content_type})
    assert response.status_code == 415


async def test_a_compressed_body_is_refused(endpoint: httpx2.AsyncClient) -> None:
    assert (await post(endpoint, TYPENAME, **{"Content-Encoding": "gzip"})).status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        b"",  # A5BF
        b'{ "not a JSON',  # BCF8 B7N8 B6DC
        b"[]",
        b'[{"query": "{ __typename }"}]',
        b'"x"',
        b"1",
        b"null",
        b"\xff\xfe{\x00}\x00",
        b'{"query": "\xff"}',
        b"[" * 50_000,
        b'{"a":' * 15_000,
        b'{"query": 1' + b"1" * 5_000 + b"}",
        b"NaN",
        {},
        {"qeury": "{ __typename }"},  # 8764 3E3A 423L
        {"query": None},
        *({"query": wrong} for wrong in ({"obj": "ect"}, 0, False, ["array"])),  # LKJ
        *({**TYPENAME, "operationName": wrong} for wrong in ({"obj": "ect"}, 0, False, ["array"])),  # 6C0
        *({**TYPENAME, "variables": wrong} for wrong in ("string", 0, False, ["array"])),  # 476
        *({**TYPENAME, "extensions": wrong} for wrong in ("string", 0, False, ["array"])),  # 58B
        {**TYPENAME, "documentId": "sha256:0"},
        {"documentId": 1},
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "0"}}},
        {"extensions": {"persistedQuery": "x"}},
        {**TYPENAME, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
    ],
)
@BOTH
async def test_a_malformed_request_is_400_under_both_media_types(
    endpoint: httpx2.AsyncClient, body: Any, accept: str
) -> None:
    response = await post(endpoint, body, accept)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("parameter", ["variables", "operationName", "extensions", "documentId"])
@BOTH
async def test_null_is_the_same_as_absent(endpoint: httpx2.AsyncClient, parameter: str, accept: str) -> None:
    response = await post(endpoint, {**TYPENAME, parameter: None}, accept)  # 94B 022
    assert (response.status_code, response.json()) == (200, {"data": {"__typename": "Query"}})


@BOTH
async def test_good_parameters_are_used(endpoint: httpx2.AsyncClient, accept: str) -> None:
    named = {"query": "query Query { __typename }", "operationName": "Query"}  # 8161 B8B3
    assert (await post(endpoint, named, accept)).json() == {"data": {"__typename": "Query"}}
    mapped = {"query": TYPE, "variables": {"name": "Study"}}  # 2EA1 28B9
    assert (await post(endpoint, mapped, accept)).json() == {"data": {"__type": {"name": "Study"}}}
    extended = {**TYPENAME, "extensions": {"some": "value"}}  # 428F 1B7A
    assert (await post(endpoint, extended, accept)).json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),  # 572B 865D 556A D586
        ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ 8f31403dfe404bccbb0e835f2629c6a7 }"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ unheardOf }"}, "GRAPHQL_VALIDATION_FAILED"),  # FDE2 51FE 74FF 5E5B
        ({"query": "mutation { __typename }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "subscription { __typename }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query Q($id: ID!) { __typename }", "variables": {"id": None}}, "GRAPHQL_VALIDATION_FAILED"),
        (
            {"query": "query Q($id: ID!) { node(id: $id) { id } }", "variables": {"id": None}},
            "BAD_USER_INPUT",
        ),  # 7B9B 86EE
        ({"query": "query A { __typename } query B { __typename }"}, "BAD_USER_INPUT"),
        ({"query": "query A { __typename }", "operationName": "B"}, "BAD_USER_INPUT"),
        ({"query": "fragment F on Query { __typename }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"documentId": "sha256:" + "0" * 64}, "PERSISTED_QUERY_NOT_FOUND"),
    ],
)
async def test_a_request_error_has_no_data_and_its_status_follows_the_media_type(
    endpoint: httpx2.AsyncClient, body: dict[str, Any], code: str
) -> None:
    for accept, status in ((GRAPHQL, 400), (JSON, 200)):
        response = await post(endpoint, body, accept)
        assert response.status_code == status
        assert "data" not in response.json()
        assert response.json()["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_told_which_ones_go(endpoint: httpx2.AsyncClient, method: str) -> None:
    response = await endpoint.request(method, "/graphql", headers={"Accept": JSON})
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST")


class TestGet:
    """Reading by GET: for those who can set Accept, and for documents that we registered."""

    async def test_a_document_runs_for_who_names_a_json_media_type(self, endpoint: httpx2.AsyncClient) -> None:
        for accept in (JSON, GRAPHQL):  # D6D5 6A70
            asked = {"query": TYPE, "variables": json.dumps({"name": "Study"})}
            response = await endpoint.get("/graphql", params=asked, headers={"Accept": accept})
            assert response.json() == {"data": {"__type": {"name": "Study"}}}

    async def test_head_is_answered_as_get_is(self, endpoint: httpx2.AsyncClient) -> None:  # RFC 9110, 9.3.2
        for asked in (TYPENAME, {"query": "mutation { __typename }"}, {}):
            of_get, of_head = [
                await endpoint.request(method, "/graphql", params=asked, headers={"Accept": JSON})
                for method in ("GET", "HEAD")
            ]
            assert (of_head.status_code, of_head.headers) == (of_get.status_code, of_get.headers)

    @pytest.mark.parametrize("accept", ["*/*", "image/avif,image/webp,*/*;q=0.8", "text/html,*/*;q=0.8"])
    async def test_it_does_not_run_for_images_and_links(self, endpoint: httpx2.AsyncClient, accept: str) -> None:
        response = await endpoint.get("/graphql", params=TYPENAME, headers={"Accept": accept})  # 5A70
        assert response.status_code == 200
        assert response.json()["errors"][0]["extensions"]["code"] == "GET_NOT_ALLOWED"
        assert "data" not in response.json()

    @pytest.mark.parametrize("accept", [JSON, GRAPHQL, "*/*"])
    async def test_a_mutation_never_runs(self, endpoint: httpx2.AsyncClient, accept: str) -> None:  # 9C48
        response = await endpoint.get(
            "/graphql", params={"query": "mutation { __typename }"}, headers={"Accept": accept}
        )
        assert (response.status_code, response.headers["allow"]) == (405, "POST")

    @pytest.mark.parametrize(
        "query_string", ["query=%7B__typename%7D&variables=%5B", "query=a&query=b", "query=%FF", "", "variables=%7B%7D"]
    )
    async def test_malformed_parameters_are_400(self, endpoint: httpx2.AsyncClient, query_string: str) -> None:
        response = await endpoint.get(f"/graphql?{query_string}", headers={"Accept": JSON})
        assert response.status_code == 400

    async def test_a_long_address_is_refused(self, endpoint: httpx2.AsyncClient) -> None:
        response = await endpoint.get("/graphql", params={"query": "#" * 8_000}, headers={"Accept": JSON})
        assert response.status_code == 414
