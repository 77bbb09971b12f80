"""Receipts and kept answers: what was shown can be cited, checked later, and is never stale."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.http.limits import Limits
from kb.questions import Questions
from kb.questions.receipts import Receipts, make_receipt
from kb.questions.vocabulary import Catalogue
from kb.releases import publish
from kb.settings import Settings
from kb.store import Store, open_store
from schema.records import GRAPH_NAMES
from tests.api.conftest import ask, calling, data, running
from tests.conftest import QUERIES, TEST_NAMES
from tests.samples import HIP, SAMPLE, citation, finding, load

ASKED = """
query Answers($condition: String!) {
  evidence(condition: $condition) { nodes { therapy { name } direction sentence } } # a comment
}
"""
CHECK = """
query Check($id: ID!) { receipt(id: $id) {
  key query variables operationName release dataHash given intact stands newest
  differing { place before after }
  changes { therapy { name } condition { name } before { release direction studies } after { release direction }
    onlyWording reasonCount reasons { kind what record { id } } }
} }
"""


@asynccontextmanager
async def serving(store: Store, limits: Limits | None = None) -> AsyncGenerator[httpx2.AsyncClient]:
    app = create_app(questions=Questions(store), limits=limits)
    async with app.router.lifespan_context(app), calling(app) as client:
        yield client


async def receipt(client: httpx2.AsyncClient, query: str = ASKED, **variables: Any) -> str:
    return (await ask(client, query, **variables))["extensions"]["receipt"]


@pytest.fixture
def allowed_names() -> frozenset[str]:
    return GRAPH_NAMES | TEST_NAMES


@pytest.fixture
async def first(store: Store) -> Store:
    """The sample in one release."""
    await load(store, SAMPLE)
    await publish(store, who="tester")
    return store


async def edit(store: Store, estimate: float = 2.5) -> None:
    await load(store, [finding(1, "prp", "knee-osteoarthritis", estimate=estimate)], name="edit")
    await publish(store, who="tester")


async def test_an_answer_still_stands_or_what_changed_is_told(first: Store) -> None:
    async with serving(first) as client:
        given = await receipt(client, condition="OA")
        found = (await data(client, CHECK, id=given))["receipt"]
        assert (found["key"], found["release"], found["operationName"]) == (given, 1, "Answers")
        assert found["variables"] == '{"condition":"OA"}'
        assert "comment" not in found["query"]
        assert (found["intact"], found["stands"], found["newest"], found["changes"]) == (True, True, 1, [])
        await edit(first)
        found = (await data(client, CHECK, id=given))["receipt"]
        assert (found["intact"], found["stands"], found["newest"]) == (True, False, 2)
        (change,) = found["changes"]
        assert (change["therapy"]["name"], change["condition"]["name"]) == ("Platelet-rich plasma", "Osteoarthritis")
        assert change["before"] == {"release": 1, "direction": "BENEFIT", "studies": ["author1trial", "author2trial"]}
        assert [why["kind"] for why in change["reasons"]] == ["FINDING_CHANGED"]
        assert change["reasons"][0]["record"]["id"]
        unchanged = await receipt(client, condition="hip osteoarthritis")
        assert (await data(client, CHECK, id=unchanged))["receipt"]["stands"]


async def test_what_is_shown_otherwise_beside_the_answers_is_told(first: Store) -> None:
    query = """{ study(id: "author1trial") { name therapies { name } citations { pmid title } } }"""
    async with serving(first) as client:
        given = await receipt(client, query)
        await load(first, [citation(1, title="Corrected")], name="edit")
        await publish(first, who="tester")
        found = (await data(client, CHECK, id=given))["receipt"]
        assert (found["intact"], found["stands"], found["changes"]) == (True, False, [])
        place, before = "study.citations[0].title", '"Invented trial number 1"'
        assert found["differing"] == [{"place": place, "before": before, "after": '"Corrected"'}]


async def test_a_receipt_of_another_release_survives_a_restart(first: Store) -> None:
    async with serving(first) as client:
        given = await receipt(client, condition="OA")
    await edit(first)
    async with serving(first) as client:
        found = (await data(client, CHECK, id=given))["receipt"]
        assert (found["release"], found["intact"], found["stands"]) == (1, True, False)
        dated = await receipt(
            client, ASKED.replace("condition: $condition", "condition: $condition, asOf: 1"), condition="OA"
        )
        assert (await data(client, CHECK, id=dated))["receipt"]["stands"]


async def test_the_same_question_has_the_same_receipt_however_it_is_written(first: Store) -> None:
    async with serving(first) as client:
        given = await receipt(client, condition="OA")
        spaced = ASKED.replace("# a comment", "").replace("{ therapy", "{   therapy")
        assert await receipt(client, spaced, condition="OA", other=3) == given
        assert await receipt(client, condition="osteoarthritis") != given
    async with serving(first, Limits(kept_bytes=0)) as client:
        assert await receipt(client, condition="OA") == given
    rows = await first.read("nodes_of_label", {"Label": "Receipt"})
    assert len(rows) == 2


async def test_what_is_no_answer_has_no_receipt(first: Store) -> None:
    async with serving(first) as client:
        assert "extensions" not in await ask(client, "{ __typename }")
        wrong = await ask(client, '{ therapy(name: "PRPP") { name } }')
        assert wrong["extensions"] == {"release": 1}
        given = await receipt(client, condition="OA")
        checked = await ask(client, CHECK, id=given)
        assert checked["extensions"] == {"release": 1}
        query = "query Two($id: ID!) { a: receipt(id: $id) { key } b: receipt(id: $id) { key } }"
        (twice,) = (await ask(client, query, id=given))["errors"]
        assert twice["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "query",
    [
        '{ evidence(condition: "OA") { nodes { sentence until } } }',
        '{ evidence(condition: "OA", asOf: 1) { nodes { sentence until } } }',
        '{ citation(pmid: "900001") { title checks { verdict } } }',
        "{ possibleDuplicates { totalCount } }",
        "{ trials(withoutResults: true) { totalCount } }",
    ],
)
async def test_what_may_differ_without_its_release_having_changed_has_no_receipt(first: Store, query: str) -> None:
    """Else the receipt would say later that the release does not give the same data any more."""
    async with serving(first) as client:
        answer = await ask(client, query)
        assert ("errors" in answer, answer["extensions"]) == (False, {"release": 1})


async def test_an_answer_that_was_replaced_already_stays_what_it_was(first: Store) -> None:
    query = '{ evidence(condition: "OA", therapy: "PRP", asOf: 1) { nodes { since until } } }'
    await edit(first)
    async with serving(first) as client:
        given = await receipt(client, query)
        await edit(first, 3.5)
        assert (await data(client, CHECK, id=given))["receipt"]["intact"]


async def test_a_receipt_that_was_never_given(first: Store) -> None:
    async with serving(first) as client:
        (error,) = (await ask(client, CHECK, id="0" * 64))["errors"]
        assert error["extensions"]["code"] == "NOT_FOUND"
        assert "It was never given here, or is forgotten" in error["message"]


async def test_a_receipt_whose_data_is_not_what_we_say_is_not_intact(first: Store) -> None:
    questions = Questions(first)
    forged = make_receipt(
        "{ therapies { totalCount } }", {}, None, 1, {"therapies": {"totalCount": 9}}, "2026-01-01T00:00:00Z"
    )
    unknown = make_receipt("{ nothing }", {}, None, 1, {"nothing": 1}, "2026-01-01T00:00:01Z")
    for one in (forged, unknown):
        questions.receipts.remember(one)
    await questions.receipts.close()
    async with serving(first) as client:
        for one in (forged, unknown):
            found = (await data(client, CHECK, id=one.id))["receipt"]
            assert (found["intact"], found["stands"], found["changes"]) == (False, False, [])


async def test_only_the_newest_receipts_are_kept(first: Store) -> None:
    receipts = Receipts(first, kept=3)
    made = [make_receipt("{ a }", {}, None, 1, {"a": at}, f"2026-01-01T00:00:0{at}Z") for at in range(5)]
    for one in made:
        receipts.remember(one)
    assert (await receipts.find(made[0].id)) == made[0]
    await receipts.close()
    kept = {row["node"]["id"] for row in await first.read("nodes_of_label", {"Label": "Receipt"})}
    assert kept == {one.id for one in made[2:]}


async def test_releases_are_listed_as_they_were(first: Store) -> None:
    query = "{ releases { totalCount } release { number } changes(since: 0) { totalCount } }"
    async with serving(first) as client:
        given = await receipt(client, query)
        await edit(first)
        found = (await data(client, CHECK, id=given))["receipt"]
        assert (found["intact"], found["stands"]) == (True, False)


async def test_a_new_release_is_seen_at_once_and_an_old_answer_is_found_in_memory(first: Store) -> None:
    async with serving(first) as client:
        before = await ask(client, ASKED, condition="OA")
        assert await ask(client, ASKED, condition="OA") == before
        await edit(first)
        after = await ask(client, ASKED, condition="OA")
        assert after["extensions"]["release"] == 2
        assert after["data"] != before["data"]


async def test_an_answer_is_kept_and_an_error_is_not(first: Store) -> None:
    looked: list[int | None] = []

    class Counting(Questions):
        async def catalogue(self, as_of: int | None = None) -> Catalogue:
            looked.append(as_of)
            return await super().catalogue(as_of)

    worked_out: list[bool] = []
    app = create_app(questions=Counting(first))
    async with app.router.lifespan_context(app), calling(app) as client:
        for condition in ("OA", "OA", "nowhere", "nowhere"):
            looked.clear()
            await ask(client, ASKED, condition=condition)
            worked_out.append(bool(looked))
        looked.clear()
        plain = await client.post("/graphql", json={"query": ASKED, "variables": {"condition": "OA"}})
        other = await client.post(
            "/graphql",
            json={"query": ASKED, "variables": {"condition": "OA"}},
            headers={"Accept": "application/graphql-response+json"},
        )
    assert (worked_out, looked) == ([True, False, True, True], [])
    assert plain.content == other.content
    assert other.headers["content-type"].startswith("application/graphql-response+json")


async def test_an_unknown_release_names_those_there_are(first: Store) -> None:
    await edit(first)
    async with serving(first) as client:
        for field in (
            'evidence(condition: "OA", asOf: 7) { totalCount }',
            'therapy(name: "PRP", asOf: 7) { name }',
            'condition(name: "OA", asOf: 7) { name }',
            'study(id: "author1trial", asOf: 7) { name }',
            'finding(id: "a:b", asOf: 7) { locus }',
            'citation(pmid: "900001", asOf: 7) { title }',
            'therapies(search: "p", asOf: 7) { totalCount }',
            'conditions(search: "p", asOf: 7) { totalCount }',
            "studies(asOf: 7) { totalCount }",
            'gaps(condition: "OA", asOf: 7) { totalCount }',
            "changes(since: 7) { totalCount }",
            "changes(since: 1, until: 7) { totalCount }",
            "release(number: 7) { number }",
        ):
            (error,) = (await ask(client, f"{{ {field} }}"))["errors"]
            assert error["extensions"]["code"] == "NOT_FOUND", field
            assert error["extensions"]["releases"] == {"first": 1, "newest": 2}
            assert error["message"] == "No release is called '7'. Releases 1 to 2 exist."


async def test_changes_are_asked_by_therapy_and_condition_and_page_on(first: Store) -> None:
    renamed = HIP.model_copy(update={"name": "Osteoarthritis of the hip"})
    await load(first, [renamed, finding(1, "prp", "knee-osteoarthritis", estimate=2.5)], name="edit")
    await publish(first, who="tester")
    query = """query Changes($therapy: String, $after: String) {
      changes(since: 1, therapy: $therapy, condition: "OA", first: 1, after: $after) {
        totalCount pageInfo { endCursor hasNextPage } nodes { therapy { slug } condition { slug name } } } }"""
    async with serving(first) as client:
        page = (await data(client, query, therapy="PRP"))["changes"]
        assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (2, True)
        assert page["nodes"][0]["condition"]["slug"] == "knee-osteoarthritis"
        page = (await data(client, query, therapy="PRP", after=page["pageInfo"]["endCursor"]))["changes"]
        assert [one["condition"]["slug"] for one in page["nodes"]] == ["osteoarthritis"]
        query = "query Then($id: ID!) { finding(id: $id, asOf: 1) { effect { estimate } } }"
        found = await data(client, query, id=finding(1, "prp", "x").id)
        assert found["finding"]["effect"]["estimate"] == -1.5


async def test_a_real_server_keeps_its_receipts(embedded_settings: Settings) -> None:
    names = GRAPH_NAMES | TEST_NAMES
    async with open_store(embedded_settings, allowed_names=names, folders=(QUERIES,), tied=True) as store:
        while (await store.write("wipe"))[0]["removed"]:
            pass
        await store.ensure_schema()
        await load(store, SAMPLE)
        await publish(store, who="tester")
        given: list[str] = []
        for _ in range(2):
            with running(lambda: create_app(embedded_settings)) as address:
                async with httpx2.AsyncClient(base_url=address) as client:
                    given.append(await receipt(client, condition="OA"))
                    assert (await data(client, CHECK, id=given[0]))["receipt"]["intact"]
        assert given[0] == given[1]
        assert len(await store.read("nodes_of_label", {"Label": "Receipt"})) == 1
