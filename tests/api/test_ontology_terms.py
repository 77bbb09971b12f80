"""Ontology terms over GraphQL."""

from collections.abc import AsyncGenerator

import httpx2
import pytest

from api.app import create_app
from kb.questions import Questions
from kb.releases import publish
from kb.store import Store
from schema.names import Xref
from schema.terms import MappingMatch
from tests.api.conftest import ask, calling, data
from tests.kb.ingest.test_current_terms import mapped, terms
from tests.samples import load


@pytest.fixture
async def client(store: Store) -> AsyncGenerator[httpx2.AsyncClient]:
    unloaded = Xref(curie="MESH:D000001", match=MappingMatch.RELATED)
    await load(store, mapped(Xref(curie="MAXO:9000001", match=MappingMatch.EXACT), unloaded))
    await load(store, terms(), name="maxo", form="obo")
    await publish(store, who="tester")
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as found:
        yield found


async def test_a_therapy_shows_the_terms_it_is_mapped_to(client: httpx2.AsyncClient) -> None:
    query = """
    { therapy(name: "PRP therapy") { slug xrefs { curie match } terms { curie name version synonyms { text scope }
      broader { curie name } } } }
    """
    prp = (await data(client, query))["therapy"]
    assert prp["slug"] == "prp"
    assert [one["curie"] for one in prp["xrefs"]] == ["MAXO:9000001", "MESH:D000001"]
    (term,) = prp["terms"]
    assert (term["curie"], term["version"]) == ("MAXO:9000001", "releases/2026-01-02")
    assert term["synonyms"][0] == {"text": "PRP therapy", "scope": "EXACT"}
    assert term["broader"] == [{"curie": "MAXO:9000009", "name": "therapy"}]


async def test_a_term_is_found_by_its_curie_in_any_spelling(client: httpx2.AsyncClient) -> None:
    query = "query($id: ID!) { ontologyTerm(id: $id) { curie obsolete replacedBy consider } }"
    found = (await data(client, query, id="maxo:9000002"))["ontologyTerm"]
    assert found == {"curie": "MAXO:9000002", "obsolete": True, "replacedBy": ["MAXO:9000001"], "consider": []}
    answer = await ask(client, query, id="MAXO:1234567")
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
