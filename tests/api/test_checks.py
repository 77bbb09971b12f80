"""Checks in the API: what each source held against a citation, when, and whether that still stands."""

import pytest

from api.app import create_app
from kb.questions import Questions
from kb.releases import publish
from kb.store import Store
from kb.verification import Reply, verify
from schema.terms import BibliographicSource
from tests.api.conftest import calling, data
from tests.kb.verification.test_verify import answering
from tests.samples import citation, load

QUERY = """{ citation(pmid: "900001") { verification checks {
  source verdict stale lookedFor foundAs differences { field printed found }
} } }"""


@pytest.mark.usefixtures("kb_env")
async def test_a_citation_shows_its_checks(store: Store) -> None:
    paper = citation(1)
    await load(store, [paper])
    await publish(store, who="tester")
    replies = (
        Reply(BibliographicSource.PUBMED, "PMID 900001", (paper,)),
        Reply(BibliographicSource.CROSSREF, "DOI 10.5555/invented.1", (paper.model_copy(update={"year": 1999}),)),
    )
    await verify(store, [paper.id], answering(*replies), who="ada")
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as client:
        shown = (await data(client, QUERY))["citation"]
        assert shown["verification"] == "VERIFIED"
        pubmed, crossref = shown["checks"]
        assert (pubmed["source"], pubmed["verdict"], pubmed["differences"]) == ("PUBMED", "VERIFIED", [])
        assert crossref == {
            "source": "CROSSREF", "verdict": "MISMATCH", "stale": False, "lookedFor": "DOI 10.5555/invented.1",
            "foundAs": paper.id, "differences": [{"field": "year", "printed": "2011", "found": "1999"}],
        }  # fmt: skip
        await load(store, [paper.model_copy(update={"year": 1999})])
        await publish(store, who="tester")
        corrected = (await data(client, QUERY))["citation"]
        assert [one["stale"] for one in corrected["checks"]] == [True, True], "the citation was corrected since"
