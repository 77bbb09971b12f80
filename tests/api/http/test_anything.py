"""Whatever is sent, the answer is JSON with a status of ours, and shows nothing of our inside."""

import asyncio
import json
from typing import Any

import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.conftest import an_endpoint, calling
from tests.api.http.test_limits import nothing_internal

#: 503 is the graph, which is away in this test; no other answer may be our fault.
STATUSES = {200, 400, 405, 406, 408, 413, 414, 415, 429, 503}

WORDS = st.sampled_from(
    ["{", "}", "(", ")", "...", "query", "fragment F on Query", "...F", "on Therapy", "$a", ":", "!", "@skip(if: true)",
     "a:", "therapy", "evidence", "nodes", "id", "name", "first:", "1", "-1", "1e400", "\"x\"", "null", "[", "]",
     "__typename", "__type(name: \"Study\")", "#\n", "\ufeff", "\u0000", "🏃"]
)  # fmt: skip
DOCUMENTS = st.lists(WORDS, max_size=40).map(" ".join)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | DOCUMENTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["query", "documentId", "operationName", "variables", "extensions"])
BODIES = st.dictionaries(KEYS, VALUES | DOCUMENTS, max_size=5) | st.fixed_dictionaries({"query": DOCUMENTS}) | VALUES
ACCEPTS = st.sampled_from(["application/json", "application/graphql-response+json", "*/*", "text/html"]) | st.text(
    st.characters(min_codepoint=33, max_codepoint=126), min_size=1
)
ENDPOINT = an_endpoint()


def check(response: httpx2.Response) -> None:
    assert response.status_code in STATUSES
    found = response.json()
    assert set(found) <= {"data", "errors", "extensions"}
    assert nothing_internal(found)
    if "errors" in found:
        assert all(error["extensions"]["code"] not in (None, "INTERNAL") for error in found["errors"])


def send(method: str, **sent: Any) -> httpx2.Response:
    async def sending() -> httpx2.Response:
        async with calling(ENDPOINT) as client:
            return await client.request(method, "/graphql", **sent)

    return asyncio.run(sending())


@given(body=BODIES, accept=ACCEPTS)
@settings(max_examples=200, deadline=None)
def test_any_json_body(body: Any, accept: str) -> None:
    headers = {"Content-Type": "application/json", "Accept": accept}
    check(send("POST", content=json.dumps(body).encode(), headers=headers))


@given(content=st.binary())
@settings(max_examples=50, deadline=None)
def test_any_bytes(content: bytes) -> None:
    check(send("POST", content=content, headers={"Content-Type": "application/json"}))


@given(parameters=st.lists(st.tuples(KEYS, st.text() | DOCUMENTS), max_size=4))
@settings(max_examples=100, deadline=None)
def test_any_address(parameters: list[tuple[str, str]]) -> None:
    check(send("GET", params=parameters, headers={"Accept": "application/json"}))
