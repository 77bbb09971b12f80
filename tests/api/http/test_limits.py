"""What is too deep, too wide, too long or too much is refused at once, with a code and the limit."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from api.http.limits import Limits
from tests.api.conftest import an_endpoint, calling

LIMITS = Limits()


def bomb(levels: int, inner: str = "__typename") -> str:
    """Fragments that spread each other twice, so that 28 of them hold 2 ** 28 fields."""
    chain = [f"fragment F{level} on Query {{ ...F{level + 1} ...F{level + 1} }}" for level in range(levels)]
    return " ".join(["{ ...F0 }", *chain, f"fragment F{levels} on Query {{ {inner} }}"])


def deep(levels: int) -> str:
    """A query of so many levels below the root."""
    return (
        '{ condition(name: "x") '
        + "{ evidence { nodes { condition " * (levels // 3)
        + "{ id }"
        + " } } }" * (levels // 3)
        + " }"
    )


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        (bomb(28), "fields"),
        (bomb(28, "a: __typename"), "aliases"),
        (bomb(28, "__typename @skip(if: false)"), "directives"),
        (bomb(100), "depth"),
        ("{ " + " ".join(f"a{n}: __typename" for n in range(101)) + " }", "aliases"),
        ("{ " + "__typename " * 500 + "}", "aliases"),
        ("{ __typename " + "@a " * 11 + "}", "directives"),
        (deep(15), "depth"),
        (deep(60), "depth"),
        ("{ " + "...{ " * 100 + "__typename" + " }" * 100 + " }", "depth"),
        ("{ evidence(first: 100) { nodes { findings(first: 100) { nodes { id key } } } } }", "cost"),
        (
            "{ evidence(first: 100) { nodes { lines { studies { citations { authors { name family } } } } } } }",
            "cost",
        ),
        ("{ " + " ".join(f'a{n}: impact(citation: "pmid:{n}") {{ state }}' for n in range(4)) + " }", "cost"),
        (" ".join(f"query Q{n} {{ __typename }}" for n in range(11)), "operations"),
    ],
)
async def test_a_document_over_a_limit_is_refused_with_the_limit(
    endpoint: httpx2.AsyncClient, query: str, limit: str
) -> None:
    response = await endpoint.post("/graphql", json={"query": query})
    errors = response.json()["errors"]
    assert limit in {error["extensions"].get("limit") for error in errors}
    assert {error["extensions"]["code"] for error in errors} == {"LIMIT_EXCEEDED"}
    assert "data" not in response.json()


async def test_a_variable_page_size_counts_when_it_is_known(endpoint: httpx2.AsyncClient) -> None:
    query = "query Q($n: Int) { evidence(first: $n) { nodes { findings(first: $n) { nodes { id key } } } } }"
    over = (await endpoint.post("/graphql", json={"query": query, "variables": {"n": 100}})).json()
    assert over["errors"][0]["extensions"] == {"code": "LIMIT_EXCEEDED", "limit": "cost", "allowed": LIMITS.cost}
    # Within the limit it reaches the graph, which is away in this test.
    assert (await endpoint.post("/graphql", json={"query": query, "variables": {"n": 5}})).status_code == 503


@pytest.mark.parametrize("query", ["#" * 20_001, "{ a } " + "#\n" * 101, "{ " + "a " * 1_500 + "}"])
async def test_a_document_that_is_too_long_is_refused(endpoint: httpx2.AsyncClient, query: str) -> None:
    found = (await endpoint.post("/graphql", json={"query": query})).json()
    assert [error["extensions"]["code"] for error in found["errors"]] == ["GRAPHQL_PARSE_FAILED"]


async def test_at_most_five_request_errors_are_told(endpoint: httpx2.AsyncClient) -> None:
    query = "{ " + " ".join(f"unheardOf{n}" for n in range(20)) + " }"
    assert len((await endpoint.post("/graphql", json={"query": query})).json()["errors"]) == 5


@pytest.mark.parametrize(
    "query",
    ["{ conditoin { id } }", "{ evidence(minCertainty: HIHG) { totalCount } }", '{ condition(nmae: "x") { id } }'],
)
async def test_no_error_helps_to_guess_the_schema(endpoint: httpx2.AsyncClient, query: str) -> None:
    assert "did you mean" not in (await endpoint.post("/graphql", json={"query": query})).text.lower()


@pytest.mark.parametrize("text", ["x" * 201, "a\u0000b", "a\u001bb", "a\nb", "a\u0085b"])
async def test_texts_that_are_too_long_or_hold_control_characters_are_refused(
    endpoint: httpx2.AsyncClient, text: str
) -> None:
    literal = {"query": f"{{ condition(name: {json.dumps(text)}) {{ id }} }}"}
    variable = {"query": "query Q($n: String) { condition(name: $n) { id } }", "variables": {"n": text}}
    nested = {"query": "{ __typename }", "variables": {"unused": [{"deep": text}]}}
    for body in (literal, variable, nested):
        found = (await endpoint.post("/graphql", json=body)).json()
        assert found["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        assert "data" not in found


class TestIntrospection:
    """Off, but for the name of a type and for the document that GraphiQL asks with."""

    @pytest.mark.parametrize(
        "query",
        [
            "{ __schema { types { name } } }",
            '{ __type(name: "Study") { fields { name } } }',
            '{ __type(name: "Study") { ...F } } fragment F on __Type { enumValues { name } }',
            '{ __type(name: "Study") { ofType { possibleTypes { name } } } }',
        ],
    )
    async def test_members_of_the_schema_are_not_listed(self, endpoint: httpx2.AsyncClient, query: str) -> None:
        found = (await endpoint.post("/graphql", json={"query": query})).json()
        assert found["errors"][0]["extensions"]["code"] == "INTROSPECTION_DISABLED"

    async def test_the_registered_document_runs_by_its_hash(self, endpoint: httpx2.AsyncClient) -> None:
        from api.http.documents import INTROSPECTION, document_hash

        digest = document_hash(INTROSPECTION)
        for body in (
            {"documentId": f"sha256:{digest}"},
            {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}},
            {"query": INTROSPECTION, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}},
        ):
            found = (await endpoint.post("/graphql", json=body)).json()
            assert found["data"]["__schema"]["queryType"] == {"name": "Query", "kind": "OBJECT"}


class TestRegisteredDocuments:
    """Documents that we ship run by hash; what clients send is never kept under a hash."""

    async def test_any_accept_header_may_read_one_by_get(self) -> None:
        from api.http.documents import document_hash

        text = "query Ours { __typename }"
        async with calling(an_endpoint(registered=(text,))) as client:
            address = {"documentId": f"sha256:{document_hash(text)}"}
            response = await client.get("/graphql", params=address, headers={"Accept": "image/png, */*"})
            assert response.json() == {"data": {"__typename": "Query"}}

    async def test_a_sent_document_is_not_registered_by_sending_it(self, endpoint: httpx2.AsyncClient) -> None:
        from api.http.documents import document_hash

        text = "query Theirs { __typename }"
        persisted = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": document_hash(text)}}}
        assert "data" in (await endpoint.post("/graphql", json={"query": text, **persisted})).json()
        found = (await endpoint.post("/graphql", json=persisted)).json()
        assert found["errors"][0]["message"] == "PersistedQueryNotFound"

    async def test_others_can_be_turned_off(self) -> None:
        text = "query Ours { __typename }"
        async with calling(an_endpoint(registered=(text,), registered_only=True)) as client:
            assert "data" in (await client.post("/graphql", json={"query": text})).json()
            found = (await client.post("/graphql", json={"query": "{ __typename }"})).json()
            assert found["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_REGISTERED"


class TestBody:
    """The body is counted as it comes, and must come in time."""

    async def test_a_large_body_is_refused_whatever_its_length_header_says(self, endpoint: httpx2.AsyncClient) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(200):
                yield b" " * 1_000

        headers = {"Content-Type": "application/json"}
        assert (await endpoint.post("/graphql", content=chunks(), headers=headers)).status_code == 413
        assert (await endpoint.post("/graphql", content=b" " * 100_001, headers=headers)).status_code == 413

    async def test_a_body_that_does_not_arrive_is_given_up(self) -> None:
        async def never() -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.Event().wait()

        async with calling(an_endpoint(Limits(body_seconds=0.01))) as client:
            response = await client.post("/graphql", content=never(), headers={"Content-Type": "application/json"})
        assert response.status_code == 408


def nothing_internal(found: dict[str, Any]) -> bool:
    """Say whether an answer is free of what only we should see."""
    text = json.dumps(found)
    return not any(word in text for word in ("Traceback", "MATCH (", "neo4j", "bolt://", "kb/", ".py"))


async def test_while_the_graph_is_away_the_answer_is_503_and_says_so(endpoint: httpx2.AsyncClient) -> None:
    response = await endpoint.post("/graphql", json={"query": '{ condition(name: "OA") { id } }'})
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert response.json()["errors"][0]["extensions"] == {"code": "STORE_UNAVAILABLE"}
    assert nothing_internal(response.json())
