"""Running: deadlines, load, hanging up, caching. A schema of three fields, so that time is ours to choose."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
)

from api.graphql.errors import present
from api.http.endpoint import GraphQLEndpoint
from api.http.execution import Answered
from api.http.limits import Limits
from tests.api.conftest import calling


class Bare:
    settled = True

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline

    async def state(self) -> int | None:
        return None

    async def extensions(self, answered: Answered | None) -> dict[str, Any]:
        return {}


def busy(*_: Any) -> bool:
    """Compute for a hundredth of a second without waiting for anything."""
    until = monotonic() + 0.01
    while monotonic() < until:
        pass
    return True


def endpoint(wait: Callable[..., Any], limits: Limits, text: str = "x") -> GraphQLEndpoint:
    item = GraphQLObjectType("Item", {"busy": GraphQLField(GraphQLBoolean, resolve=busy)})
    query = GraphQLObjectType(
        "Query",
        {
            "wait": GraphQLField(GraphQLBoolean, resolve=wait),
            "items": GraphQLField(GraphQLList(item), resolve=lambda *_: range(1_000)),
            "text": GraphQLField(GraphQLString, resolve=lambda *_: text),
            "fault": GraphQLField(GraphQLString, resolve=fault),
        },
    )
    return GraphQLEndpoint(GraphQLSchema(query), Bare, present, limits=limits)


def fault(*_: Any) -> str:
    raise RuntimeError("secret: bolt://10.0.0.1")


async def forever(*_: Any) -> bool:
    await asyncio.Event().wait()
    return True


@pytest.mark.parametrize("query", ["{ wait }", "{ items { busy } }"])
async def test_an_operation_ends_at_its_deadline_waiting_or_computing(query: str) -> None:
    async with calling(endpoint(forever, Limits(seconds=0.05))) as client:
        response = await client.post("/graphql", json={"query": query})
    assert response.status_code == 200
    assert response.json()["data"] is None
    assert response.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"


async def test_a_full_house_waits_and_then_says_when_to_come_back() -> None:
    entered, release = asyncio.Event(), asyncio.Event()

    async def wait(*_: Any) -> bool:
        entered.set()
        await release.wait()
        return True

    async with calling(endpoint(wait, Limits(running=1, waiting=1, wait_seconds=0.01))) as client:
        first = asyncio.ensure_future(client.post("/graphql", json={"query": "{ wait }"}))
        await entered.wait()
        others = await asyncio.gather(*(client.post("/graphql", json={"query": "{ wait }"}) for _ in range(3)))
        release.set()
        assert (await first).json() == {"data": {"wait": True}}
        assert {(each.status_code, each.headers["retry-after"]) for each in others} == {(429, "2")}
        assert (await client.post("/graphql", json={"query": "{ wait }"})).status_code == 200


async def test_a_client_that_hangs_up_ends_its_question() -> None:
    entered, ended = asyncio.Event(), asyncio.Event()

    async def wait(*_: Any) -> bool:
        entered.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return True

    messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    await messages.put({"type": "http.request", "body": b'{"query": "{ wait }"}'})
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    running = asyncio.ensure_future(endpoint(wait, Limits())(scope, messages.get, send))
    await entered.wait()
    await messages.put({"type": "http.disconnect"})
    await running
    assert ended.is_set()
    assert sent == []


async def test_what_we_did_not_foresee_is_hidden_and_logged_under_its_id(caplog: pytest.LogCaptureFixture) -> None:
    async with calling(endpoint(forever, Limits())) as client:
        response = await client.post("/graphql", json={"query": "{ fault }"})
    (error,) = response.json()["errors"]
    assert (error["message"], error["path"]) == ("Internal error.", ["fault"])
    assert "secret" not in response.text
    assert error["extensions"]["id"] in caplog.text
    assert "secret" in caplog.text


async def test_an_answer_that_is_too_large_is_not_sent() -> None:
    async with calling(endpoint(forever, Limits(answer_bytes=1_000), text="x" * 2_000)) as client:
        found = (await client.post("/graphql", json={"query": "{ text }"})).json()
    assert found["data"] is None
    assert found["errors"][0]["extensions"]["limit"] == "answer_bytes"


async def test_answers_to_get_can_be_kept_and_compared() -> None:
    async with calling(endpoint(forever, Limits())) as client:
        asked: dict[str, Any] = {"params": {"query": "{ text }"}, "headers": {"Accept": "application/json"}}
        first = await client.get("/graphql", **asked)
        assert first.headers["cache-control"] == "public, max-age=60"
        tag = first.headers["etag"]
        again = await client.get(
            "/graphql", params=asked["params"], headers={"Accept": "application/json", "If-None-Match": f"W/{tag}"}
        )
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        other = await client.get(
            "/graphql", params=asked["params"], headers={"Accept": "application/graphql-response+json"}
        )
        assert other.headers["etag"] != tag
        failed = await client.get(
            "/graphql", params={"query": "{ text fault }"}, headers={"Accept": "application/json"}
        )
        posted = await client.post("/graphql", json={"query": "{ text }"}, headers={"If-None-Match": tag})
    for kept_by_nobody in (failed, posted):
        assert kept_by_nobody.status_code == 200
        assert kept_by_nobody.headers["cache-control"] == "no-store"
        assert "etag" not in kept_by_nobody.headers


def test_an_error_raised_by_graphql_itself_keeps_its_words() -> None:
    told = present(GraphQLError("Argument 'first' has an invalid value."))
    assert told == {"message": "Argument 'first' has an invalid value.", "extensions": {"code": "BAD_USER_INPUT"}}
