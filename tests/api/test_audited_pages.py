"""Patient-education pages over GraphQL: their claims and references, and which pages lean on an answer."""

from api.app import create_app
from kb.questions import Questions
from kb.releases import publish
from kb.store import Store
from schema.organization import Organization
from schema.page import Page, Reference, Statement
from schema.record import Record
from schema.terms import Strength, VerificationState
from tests.api.conftest import calling, data
from tests.samples import SAMPLE, load

RECORDS: tuple[Record, ...] = (
    Organization(id="clinic", name="A clinic"),
    Page(id="knees", title="What helps knees", url="https://clinic.example/knees", publisher="clinic"),
    Page(id="feet", title="All about feet"),
    *(
        Statement(
            id=f"knees-s{position}", page="knees", position=position, claim=f"claim {position}",
            strength=Strength.ASSERTS, therapies=(therapy,), conditions=(condition,),
        )
        for position, therapy, condition in (
            (2, "tens", "hip-osteoarthritis"), (1, "prp", "knee-osteoarthritis"), (3, "prp", "hip-osteoarthritis"),
        )
    ),
    Statement(id="feet-s1", page="feet", position=1, claim="feet hurt", strength=Strength.HEDGES),
    Reference(
        id="knees-r1", page="knees", position=1, printed="Author1 A. Invented trial number 1. 2011.",
        citation="pmid:900001", verification=VerificationState.VERIFIED, checked="2026-11",
    ),
    Reference(
        id="knees-r2", page="knees", position=2, printed="Ghost G. 2011.", verification=VerificationState.NOT_FOUND,
        verdict="not found in three indexes",
    ),
)  # fmt: skip

WHOLE = """{ page(id: "knees") {
  slug title url publisher { name }
  statements(first: 2) {
    totalCount pageInfo { hasNextPage }
    nodes { position claim strength therapies { slug } conditions { slug } page { slug } }
  }
  references { nodes { position printed verification verdict checked citation { pmid } } }
} }"""
LISTED = """query Pages($therapy: String, $condition: String) {
  pages(therapy: $therapy, condition: $condition) { nodes { slug } }
}"""


async def test_a_page_shows_its_claims_and_references_and_is_found_by_what_it_claims(store: Store) -> None:
    await load(store, [*SAMPLE, *RECORDS])
    await publish(store, who="tester")
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as client:
        page = (await data(client, WHOLE))["page"]
        assert (page["title"], page["publisher"]) == ("What helps knees", {"name": "A clinic"})
        assert (page["statements"]["totalCount"], page["statements"]["pageInfo"]["hasNextPage"]) == (3, True)
        assert page["statements"]["nodes"][0] == {
            "position": 1, "claim": "claim 1", "strength": "ASSERTS", "therapies": [{"slug": "prp"}],
            "conditions": [{"slug": "knee-osteoarthritis"}], "page": {"slug": "knees"},
        }  # fmt: skip
        real, ghost = page["references"]["nodes"]
        assert (real["verification"], real["citation"]) == ("VERIFIED", {"pmid": "900001"})
        assert (ghost["verification"], ghost["citation"]) == ("NOT_FOUND", None)

        async def listed(**asked: str) -> list[str]:
            return [one["slug"] for one in (await data(client, LISTED, **asked))["pages"]["nodes"]]

        assert await listed() == ["feet", "knees"]
        assert await listed(therapy="platelet injection") == ["knees"]
        # Of broader ones too; but one statement must be about both.
        assert await listed(therapy="regenerative medicine", condition="OA") == ["knees"]
        assert await listed(therapy="TENS", condition="knee arthritis") == []
