"""What if it were retracted? Asked through the API, of the release and of nothing that waits."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.graphql.node import global_id
from api.http.limits import Limits
from kb.duplicates import merge_two
from kb.questions import Questions
from kb.releases import publish, publish_retractions
from kb.store import Store
from schema.citation import Retraction
from schema.page import Page, Reference, Statement
from schema.terms import RetractionState, Strength, StudyDesign
from tests.api.conftest import ask, calling, data
from tests.samples import SAMPLE, citation, finding, load, study, trial

QUERY = """
query Impact($citation: ID!, $state: RetractionState! = RETRACTED, $asOf: Int) {
  impact(citation: $citation, state: $state, asOf: $asOf) {
    citation { key retraction { state } }
    state
    studies { slug }
    findings { study { slug } }
    reviews { slug }
    changed {
      therapy { slug }
      condition { slug }
      before { direction certainty sentence studyCount retractedStudies }
      after { direction certainty sentence studyCount retractedStudies }
    }
    pages { page { slug title } references { printed citation { key } } statements { claim therapies { slug } } }
  }
}
"""

OTHERS = (
    citation(9),
    study(
        9,
        "prp",
        "knee-osteoarthritis",
        design=StudyDesign.SYSTEMATIC_REVIEW,
        participants=None,
        includes=("author1trial",),
    ),
    Page(id="knees", title="What helps knees"),
    Statement(
        id="knees-prp", page="knees", position=1, claim="PRP works", strength=Strength.ASSERTS, therapies=("prp",)
    ),
    Reference(id="knees-1", page="knees", position=1, printed="Author1, 2011", citation="pmid:900001"),
)


@asynccontextmanager
async def site(store: Store) -> AsyncGenerator[httpx2.AsyncClient]:
    # How long it may take is not what is asked here: a server's first queries have no plans yet.
    app = create_app(questions=Questions(store), limits=Limits(seconds=60))
    async with app.router.lifespan_context(app), calling(app) as client:
        yield client


async def test_from_a_citation_to_the_pages_that_lean_on_it(store: Store) -> None:
    await load(store, [*SAMPLE, *OTHERS])
    await publish(store, who="tester")
    async with site(store) as client:
        found = (await data(client, QUERY, citation="pmid:900001"))["impact"]
        same = (await data(client, QUERY, citation=global_id("Citation", "pmid:900001")))["impact"]
    assert same == found
    assert (found["citation"], found["state"]) == (
        {"key": "pmid:900001", "retraction": {"state": "NONE_FOUND"}},
        "RETRACTED",
    )
    assert found["studies"] == [{"slug": "author1trial"}]
    assert found["findings"] == [{"study": {"slug": "author1trial"}}]
    assert found["reviews"] == [{"slug": "author9trial"}]
    changed = {(one["therapy"]["slug"], one["condition"]["slug"]): one for one in found["changed"]}
    answer = changed["prp", "knee-osteoarthritis"]
    assert (answer["before"]["studyCount"], answer["after"]["studyCount"]) == (2, 1)
    assert answer["after"]["retractedStudies"] == ["author1trial"]
    assert answer["before"]["sentence"] != answer["after"]["sentence"]
    assert found["pages"] == [
        {
            "page": {"slug": "knees", "title": "What helps knees"},
            "references": [{"printed": "Author1, 2011", "citation": {"key": "pmid:900001"}}],
            "statements": [{"claim": "PRP works", "therapies": [{"slug": "prp"}]}],
        }
    ]


async def test_a_draft_changes_nothing_of_it_and_a_release_does(store: Store) -> None:
    await load(store, [*SAMPLE, *OTHERS])
    await publish(store, who="tester")
    async with site(store) as client:
        before = await data(client, QUERY, citation="pmid:900001")
        # One finding is moved away, one arrives, the review lets go of the trial, and the mark itself waits.
        moved = finding(1, "tens", "hip-osteoarthritis", id=finding(1, "prp", "knee-osteoarthritis").id)
        mark = citation(1, retraction=Retraction(state=RetractionState.RETRACTED))
        lost = study(9, "prp", "knee-osteoarthritis", design=StudyDesign.SYSTEMATIC_REVIEW)
        await load(store, [moved, lost, mark, *trial(4, "prp", "knee-osteoarthritis")], name="drafts")
        assert await data(client, QUERY, citation="pmid:900001") == before
        await publish_retractions(store, who="tester")
        after = (await data(client, QUERY, citation="pmid:900001"))["impact"]
        assert (after["citation"]["retraction"]["state"], after["changed"]) == ("RETRACTED", [])
        back = (await data(client, QUERY, citation="pmid:900001", state="REINSTATED"))["impact"]
        changed = {(one["therapy"]["slug"], one["condition"]["slug"]): one for one in back["changed"]}
        answer = changed["prp", "knee-osteoarthritis"]
        assert (answer["before"]["studyCount"], answer["after"]["studyCount"]) == (1, 2)
        # The earlier release says what it said.
        assert await data(client, QUERY, citation="pmid:900001", asOf=1) == before


async def test_a_merged_citation_leads_to_the_one_that_was_kept(store: Store) -> None:
    await load(store, SAMPLE)
    await publish(store, who="tester")
    await merge_two(store, "pmid:900003", "pmid:900002", who="tester")
    await publish(store, who="tester")
    async with site(store) as client:
        found = (await data(client, QUERY, citation="pmid:900002"))["impact"]
    assert found["citation"]["key"] == "pmid:900003"
    assert {one["slug"] for one in found["studies"]} == {"author2trial", "author3trial"}


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"citation": "pmid:123"}, "NOT_FOUND"),
        ({"citation": global_id("Study", "author1trial")}, "BAD_USER_INPUT"),
        ({"citation": "pmid:900001", "asOf": 9}, "NOT_FOUND"),
    ],
)
async def test_what_cannot_be_asked_is_told(client: httpx2.AsyncClient, variables: dict[str, Any], code: str) -> None:
    (error,) = (await ask(client, QUERY, **variables))["errors"]
    assert error["extensions"]["code"] == code


async def test_it_carries_a_receipt_that_holds(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, QUERY, citation="pmid:900001")
    query = "query Receipt($id: ID!) { receipt(id: $id) { intact stands } }"
    found = await data(client, query, id=answer["extensions"]["receipt"])
    assert found["receipt"] == {"intact": True, "stands": True}
