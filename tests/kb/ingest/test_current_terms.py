"""Ontologies in the graph: obsolete terms, mappings of several sets, and names that they add."""

import io

from kb.ingest import Action
from kb.questions import Questions
from kb.releases import publish
from kb.store import Store
from loaders import obo, sssom
from schema.names import Xref
from schema.ontology_term import OntologyTerm
from schema.parsed import Parsed, Problem
from schema.record import Record
from schema.terms import MappingMatch
from schema.therapy import Therapy
from tests.loaders.test_ontologies import FIXTURES
from tests.samples import PRP, SAMPLE, TENS, load, with_changed

OLD = Xref(curie="MAXO:9000002", label="platelet injection", match=MappingMatch.EXACT)


def terms(name: str = "invented.obo") -> list[Record]:
    form = obo if name.endswith(".obo") else sssom
    with (FIXTURES / name).open("rb") as stream:
        return [one.record for one in form.parse(stream, name) if isinstance(one, Parsed)]


def mapped(*xrefs: Xref) -> list[Record]:
    return with_changed(SAMPLE, PRP.model_copy(update={"xrefs": xrefs}))


async def xrefs(store: Store, id_: str = "prp") -> list[tuple[str, str | None, MappingMatch]]:
    (node,) = await store.nodes("Therapy", [id_])
    return [(one.curie, one.label, one.match) for one in Therapy.from_properties(node).xrefs]


def told(problems: list[Problem]) -> list[str]:
    assert not any(problem.rejected for problem in problems)
    return [problem.message for problem in problems]


MOVED = [("MAXO:9000001", "platelet therapy", MappingMatch.EXACT)]
MESSAGE = (
    "Therapy prp: its xref MAXO:9000002 (obsolete platelet injection) is obsolete: it is moved to MAXO:9000001 "
    "(platelet therapy)"
)


async def test_a_record_that_points_at_an_obsolete_term_is_moved_when_the_ontology_comes(store: Store) -> None:
    await load(store, mapped(OLD))
    report = await load(store, terms(), name="maxo", form="obo")
    assert told(report.problems) == [MESSAGE]
    assert (report.counts[Action.NEW], report.counts[Action.UPDATED]) == (5, 1)
    assert await xrefs(store) == MOVED
    again = await load(store, terms(), name="maxo of another day", form="obo")
    assert (again.counts[Action.UNCHANGED], again.read, again.problems) == (5, 5, [])


async def test_an_xref_to_an_id_that_was_merged_into_another_term_is_moved(store: Store) -> None:
    text = b"format-version: 1.2\n\n[Term]\nid: MAXO:9000001\nname: platelet therapy\nalt_id: MAXO:9000002\n"
    await load(store, mapped(OLD))
    merged = [one.record for one in obo.parse(io.BytesIO(text), "maxo") if isinstance(one, Parsed)]
    report = await load(store, merged, name="maxo", form="obo")
    assert told(report.problems) == [
        "Therapy prp: its xref MAXO:9000002 is obsolete: it is moved to MAXO:9000001 (platelet therapy)"
    ]
    assert await xrefs(store) == MOVED


async def test_a_record_that_comes_after_its_ontology_is_moved_too_and_stays(store: Store) -> None:
    await load(store, terms(), name="maxo", form="obo")
    report = await load(store, mapped(OLD))
    assert told(report.problems) == [MESSAGE]
    assert await xrefs(store) == MOVED
    again = await load(store, mapped(OLD))
    assert again.counts[Action.UNCHANGED] == len(SAMPLE)


async def test_replacements_are_followed_and_never_doubled(store: Store) -> None:
    await load(store, terms(), name="maxo", form="obo")
    long_ago = Xref(curie="MAXO:9000004", match=MappingMatch.BROAD)
    current = Xref(curie="MAXO:9000001", label="our own label", match=MappingMatch.EXACT)
    await load(store, mapped(long_ago, current))
    assert await xrefs(store) == [("MAXO:9000001", "our own label", MappingMatch.EXACT)]


async def test_without_one_sure_replacement_it_is_told_and_left(store: Store) -> None:
    unsure = Xref(curie="MAXO:9000003", match=MappingMatch.EXACT)
    await load(store, mapped(unsure))
    report = await load(store, terms(), name="maxo", form="obo")
    (message,) = told(report.problems)
    assert "stays, because no term replaces it: look whether one of MAXO:9000001, MAXO:9000009" in message
    assert await xrefs(store) == [("MAXO:9000003", None, MappingMatch.EXACT)]
    assert report.counts[Action.UPDATED] == 0


async def test_mappings_of_several_sets_stand_beside_each_other(store: Store) -> None:
    async def held() -> OntologyTerm:
        (node,) = await store.nodes("OntologyTerm", ["MONDO:9000001"])
        return OntologyTerm.from_properties(node)

    first = terms("invented.sssom.tsv")
    await load(store, first, name="one", form="sssom")
    (term, *_) = first
    assert isinstance(term, OntologyTerm)
    other = term.mappings[0].model_copy(update={"mapping_set": "another"})
    second: list[Record] = [term.model_copy(update={"mappings": (other,)})]
    await load(store, second, name="two", form="sssom")
    assert {one.mapping_set for one in (await held()).mappings} == {"another", "https://example.org/invented.sssom.tsv"}
    ontology = OntologyTerm(id="MONDO:9000001", name="disorder of the knee", ontology="mondo", version="1")
    await load(store, [ontology], name="mondo", form="obo")
    assert ((await held()).name, (await held()).version, len((await held()).mappings)) == (
        "disorder of the knee",
        "1",
        3,
    )
    for records, name, form in ((first, "one", "sssom"), (second, "two", "sssom"), ([ontology], "mondo", "obo")):
        again = await load(store, records, name=name, form=form)
        assert again.counts[Action.UPDATED] == 0, name


async def test_exact_names_of_the_mapped_term_find_the_record(store: Store) -> None:
    current = Xref(curie="MAXO:9000001", match=MappingMatch.EXACT)
    wider = TENS.model_copy(update={"xrefs": (Xref(curie="MAXO:9000009", match=MappingMatch.BROAD),)})
    await load(store, with_changed(mapped(current), wider))
    await load(store, terms(), name="maxo", form="obo")
    await publish(store, who="tester")
    catalogue = await Questions(store).catalogue()
    for name in ("PRP Therapy", "platelet therapy"):
        found = catalogue.find("Therapy", name)
        assert found is not None, name
        assert found.id == "prp"
    assert catalogue.find("Therapy", "blood treatment") is None, "a broader name is not the same"
    assert catalogue.find("Therapy", "therapy") is None, "a wider term is not the same"
