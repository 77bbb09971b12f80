"""Gene-drug pairs are linked with what the vocabulary and the graph hold, and the rest is told."""

from kb.ingest import Action
from kb.questions import PageRequest, Questions
from kb.questions.pairs import gene_drug_pairs
from kb.releases import publish
from kb.store import Store
from loaders import cpic
from schema.gene_drug_pair import GeneDrugPair
from schema.parsed import Parsed
from schema.record import Record
from schema.terms import CpicLevel, TherapyKind
from schema.therapy import Therapy
from tests.loaders.test_cpic import FIXTURES
from tests.samples import SAMPLE, citation, load

OPIOIDS = Therapy(id="opioids", name="Opioids", kind=TherapyKind.MEDICATION, sentence="Strong pain medicines.")
CODEINE = Therapy(
    id="codeine",
    name="Codeine",
    synonyms=("Invented codeine",),
    kind=TherapyKind.MEDICATION,
    broader=("opioids",),
    sentence="A pain medicine.",
)
CURATED = GeneDrugPair(
    id="cyp2d6-invented-codeine",
    gene="CYP2D6",
    drug="invented codeine",
    therapy="codeine",
    level=CpicLevel.B,
    guideline=citation(1).id,
    guideline_name="A guideline",
    guideline_url="https://example.org/",
    note="ours",
    source="CPIC (CC0)",
)


def pairs() -> list[Record]:
    with (FIXTURES / "pairs.csv").open("rb") as stream:
        return [one.record for one in cpic.parse(stream, "pairs") if isinstance(one, Parsed)]


async def held(store: Store) -> dict[str, GeneDrugPair]:
    rows = await store.read("nodes_of_label", {"Label": "GeneDrugPair"})
    return {row["node"]["id"]: GeneDrugPair.from_properties(row["node"]) for row in rows}


async def test_a_medicine_is_known_by_any_name_and_others_are_told(store: Store) -> None:
    await load(store, [*SAMPLE, OPIOIDS, CODEINE])
    report = await load(store, pairs(), name="cpic", form="cpic")
    assert (report.counts[Action.NEW], report.counts[Action.REJECTED]) == (1, 3)
    assert "no medicine of the vocabulary is called 'poppy, pure'; add it" in report.problems[0].message
    (pair,) = (await held(store)).values()
    assert (pair.therapy, pair.guideline) == ("codeine", citation(2).id), "the latest publication that is held"
    again = await load(store, pairs(), name="another file", form="cpic")
    assert again.counts[Action.UNCHANGED] == 1


async def test_cpic_s_own_level_stands_and_what_we_say_beside_it_stays(store: Store) -> None:
    await load(store, [*SAMPLE, OPIOIDS, CODEINE, CURATED])
    await load(store, pairs(), name="cpic", form="cpic")
    pair = (await held(store))[CURATED.id]
    assert (pair.level, pair.note) == (CpicLevel.A, "ours")
    again = await load(store, [*SAMPLE, OPIOIDS, CODEINE, CURATED])
    assert again.counts[Action.UPDATED] == 0
    assert (await held(store))[CURATED.id].level is CpicLevel.A


async def test_pairs_are_found_by_gene_drug_and_therapy(store: Store) -> None:
    await load(store, [*SAMPLE, OPIOIDS, CODEINE, CURATED])
    await publish(store, who="tester")
    questions = Questions(store)

    async def found(**asked: str) -> list[str]:
        page = await gene_drug_pairs(questions, PageRequest(), **asked)  # pyright: ignore[reportArgumentType]
        return [one.id for one in page.items]

    for asked in ({"gene": "cyp2d6"}, {"drug": "Codeine"}, {"drug": "Invented Codeine"}, {"therapy": "opioids"}, {}):
        assert await found(**asked) == [CURATED.id], asked
    assert await found(gene="CYP2C9") == await found(drug="aspirin") == await found(therapy="tens") == []
