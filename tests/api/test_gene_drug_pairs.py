"""Gene-drug pairs over GraphQL."""

from api.app import create_app
from kb.questions import Questions
from kb.releases import publish
from kb.store import Store
from tests.api.conftest import calling, data
from tests.kb.ingest.test_medicines import CODEINE, CURATED, OPIOIDS
from tests.samples import SAMPLE, load

QUERY = """
{
  geneDrugPairs(gene: "CYP2D6") { totalCount nodes { gene drug level removed therapy { slug } guideline { pmid } } }
  therapy(name: "opioids") { geneDrugPairs { nodes { slug gene } } }
}
"""


async def test_pairs_are_asked_for_by_gene_and_on_a_therapy(store: Store) -> None:
    await load(store, [*SAMPLE, OPIOIDS, CODEINE, CURATED])
    await publish(store, who="tester")
    app = create_app(questions=Questions(store))
    async with app.router.lifespan_context(app), calling(app) as client:
        found = await data(client, QUERY)
    (pair,) = found["geneDrugPairs"]["nodes"]
    assert pair == {
        "gene": "CYP2D6",
        "drug": "invented codeine",
        "level": "B",
        "removed": None,
        "therapy": {"slug": "codeine"},
        "guideline": {"pmid": "900001"},
    }
    assert found["therapy"]["geneDrugPairs"]["nodes"] == [{"slug": CURATED.id, "gene": "CYP2D6"}]
