"""Ontologies: OBO, SSSOM and MeSH become terms, whole, and with their place where something is wrong."""

import gzip
import io
from pathlib import Path
from types import ModuleType

import pytest

from loaders import mesh, mesh_rdf, obo, sssom
from schema.ontology_term import OntologyTerm
from schema.parsed import Parsed, Problem
from schema.terms import SynonymScope
from tests.loaders.reading import format_of

FIXTURES = Path(__file__).parents[1] / "fixtures" / "ontology"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "ontology"
FILES = {
    "invented.obo": obo,
    "invented.sssom.tsv": sssom,
    "invented_mesh.xml": mesh,
    "invented_mesh.nt": mesh_rdf,
}


def read(form: ModuleType, content: bytes | str) -> tuple[dict[str, OntologyTerm], list[Problem]]:
    data = content.encode() if isinstance(content, str) else content
    found = list(form.parse(io.BytesIO(data), "file"))
    terms = [one.record for one in found if isinstance(one, Parsed) and isinstance(one.record, OntologyTerm)]
    assert len({term.id for term in terms}) == len(terms)
    return {term.id: term for term in terms}, [one for one in found if isinstance(one, Problem)]


def fixture(name: str) -> tuple[dict[str, OntologyTerm], list[Problem]]:
    return read(FILES[name], (FIXTURES / name).read_bytes())


def test_an_obo_term_is_read_whole():
    terms, problems = fixture("invented.obo")
    assert problems == []
    assert list(terms) == [f"MAXO:900000{last}" for last in (1, 2, 3, 4, 9)]
    term = terms["MAXO:9000001"]
    assert (term.name, term.ontology, term.version) == ("platelet therapy", "maxo", "releases/2026-01-02")
    assert term.definition == 'Treatment with platelets, "the patient\'s own".'
    assert [(one.text, one.scope) for one in term.synonyms] == [
        ("PRP therapy", SynonymScope.EXACT),
        ("blood treatment", SynonymScope.BROAD),
        ("plasma of platelets", SynonymScope.RELATED),
    ]
    assert term.broader == ("MAXO:9000009",)
    assert term.xrefs == ("NCI:C1", "https://example.org/siren:F17332")
    assert (terms["MAXO:9000002"].obsolete, terms["MAXO:9000002"].replaced_by) == (True, ("MAXO:9000001",))
    assert terms["MAXO:9000003"].consider == ("MAXO:9000001", "MAXO:9000009")


def test_an_id_that_was_merged_into_another_term_is_obsolete_and_replaced_by_it():
    text = (
        "format-version: 1.2\nontology: maxo\n\n[Term]\nid: MAXO:9000001\nname: one\nalt_id: MAXO:9000007\n"
        "alt_id: MAXO:9000008\nalt_id: MAXO:9000002\nalt_id: 9000009\n\n"
        "[Term]\nid: MAXO:9000002\nname: two\nalt_id: MAXO:9000008 ! split\n"
    )
    terms, problems = read(obo, text)
    assert [(id_, term.obsolete, term.replaced_by) for id_, term in terms.items()] == [
        ("MAXO:9000001", False, ()),
        # It has a stanza of its own, which counts.
        ("MAXO:9000002", False, ()),
        ("MAXO:9000007", True, ("MAXO:9000001",)),
        ("MAXO:9000008", True, ("MAXO:9000001", "MAXO:9000002")),
    ]
    assert [(one.where, one.rejected) for one in problems] == [("file:4", False)]
    assert "MAXO:9000001: alt_id is left out" in problems[0].message


def test_a_faulty_obo_file_keeps_its_good_terms_and_names_the_lines():
    text = (
        "format-version: 1.2\n\n[Term]\nid: MAXO:9000001\nname: one\nsynonym: none\nis_a: no id\nstrange\n\n"
        "[Term]\nname: without id\n\n[Term]\nid: MAXO:9000001\nname: again\n"
    )
    terms, problems = read(obo, text)
    assert [term.name for term in terms.values()] == ["one"]
    assert [(one.where, one.rejected) for one in problems] == [
        ("file:8", False), ("file:3", False), ("file:3", False), ("file:10", True), ("file:13", True),
    ]  # fmt: skip
    assert read(obo, "format-version: 1.2\n")[1][0].message.startswith("no term was found")


def test_mappings_are_grouped_by_their_subject():
    terms, problems = fixture("invented.sssom.tsv")
    term = terms["MONDO:9000001"]
    assert term.name == "knee trouble"
    assert [(one.predicate, one.object, one.object_label, one.version) for one in term.mappings] == [
        ("skos:broadMatch", "MESH:D900001", None, "2026-01"),
        ("skos:exactMatch", "DOID:9000001", "sore knee", "2026-01"),
    ]
    assert terms["MONDO:9000002"].mappings[0].object_label == 'sore "hip'
    assert [one.where for one in problems] == ["file:8"]
    assert read(sssom, "a\tb\n1\t2\n")[1][0].message.startswith("no mapping can be read")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("MAXO:1\tNot\tskos:exactMatch\tDOID:2", "MAXO:1 and DOID:2 do not correspond"),
        ("MAXO:1\t\tskos:exactMatch\tsssom:NoTermFound", "no term was found for MAXO:1"),
    ],
)
def test_a_row_that_says_that_nothing_corresponds_makes_no_mapping(row: str, told: str):
    good = "MAXO:1\t\tskos:exactMatch\tDOID:1"
    header = "subject_id\tpredicate_modifier\tpredicate_id\tobject_id"
    terms, problems = read(sssom, f"{header}\n{row}\n{good}\n")
    assert [one.object for one in terms["MAXO:1"].mappings] == ["DOID:1"]
    assert [(one.where, one.rejected) for one in problems] == [("file:2", False)]
    assert told in problems[0].message


def test_a_descriptor_is_read_with_its_place_in_the_tree():
    terms, problems = fixture("invented_mesh.xml")
    knees = terms["MESH:D900001"]
    assert (knees.name, knees.definition) == ("Knees", "The joint of the leg.")
    assert [(one.text, one.scope) for one in knees.synonyms] == [
        ("Knee", SynonymScope.EXACT),
        ("Left knee", SynonymScope.NARROW),
        ("Kneecap", SynonymScope.RELATED),
    ]
    assert terms["MESH:D900002"].broader == ("MESH:D900001",)
    assert [one.where for one in problems] == ["file:32"]


def test_the_same_descriptors_are_read_from_rdf_and_the_others_are_told():
    terms, problems = fixture("invented_mesh.nt")
    knees, menisci = terms["MESH:D900001"], terms["MESH:D900002"]
    assert (knees.name, knees.definition) == ("Knees", "The joint of the leg.")
    assert [(one.text, one.scope) for one in knees.synonyms] == [
        ("Knee", SynonymScope.EXACT),
        ("Left knee", SynonymScope.NARROW),
        ("Kneecap", SynonymScope.RELATED),
        ("Cap, Knee", SynonymScope.RELATED),
    ]
    assert (menisci.broader, menisci.tree_numbers) == (("MESH:D900001",), ("A01.100.200", "C05.1"))
    # NLM marks what is no longer a descriptor as not active.
    assert (knees.obsolete, menisci.obsolete) == (False, True)
    assert [one.where for one in problems] == ["file:23", "file wrong"]


def test_rdf_of_one_descriptor_is_read_as_turtle_too():
    text = (
        "@prefix mesh: <http://id.nlm.nih.gov/mesh/> .\n@prefix v: <http://id.nlm.nih.gov/mesh/vocab#> .\n"
        'mesh:D900001 a v:TopicalDescriptor ; <http://www.w3.org/2000/01/rdf-schema#label> "Knees"@en .\n'
    )
    terms, problems = read(mesh_rdf, text)
    assert ([one.name for one in terms.values()], problems) == (["Knees"], [])
    _, problems = read(mesh_rdf, text.replace("TopicalDescriptor", "SCR_Disease"))
    assert problems[0].message.startswith("no descriptor was found")


def test_nothing_is_taken_of_rdf_that_breaks_off():
    content = (FIXTURES / "invented_mesh.nt").read_bytes()
    for cut in (content[:-30], gzip.compress(content)[:-9]):
        terms, problems = read(mesh_rdf, cut)
        assert not terms
        assert "nothing is taken of it. Get the file again." in problems[-1].message


def test_rdf_that_is_broken_throughout_is_told_in_a_few_lines():
    terms, problems = read(mesh_rdf, "no triple\n" * 5_000)
    assert not terms
    assert len(problems) == 22
    assert "4,980 more lines are broken" in problems[-2].message


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared ontologies are not here")
def test_mesh_says_the_same_as_xml_and_as_rdf():
    as_xml, as_rdf = (
        {
            id_: (term.name, term.definition, {(one.text, one.scope) for one in term.synonyms}, set(term.broader))
            for id_, term in read(form, (SHARED / "mesh" / name).read_bytes())[0].items()
        }
        for form, name in ((mesh, "desc-samples.xml"), (mesh_rdf, "samples.nt"))
    )
    assert as_xml == as_rdf


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("invented.obo", "obo"),
        ("invented.sssom.tsv", "sssom"),
        ("invented_mesh.xml", "mesh"),
        ("invented_mesh.nt", "mesh-rdf"),
    ],
)
def test_files_are_told_and_survive_being_cut_anywhere(name: str, form: str):
    content = (FIXTURES / name).read_bytes()
    assert format_of(content) == form
    whole = fixture(name)[0]
    for end in range(0, len(content), 37):
        terms, _ = read(FILES[name], content[:end])
        assert set(terms) <= set(whole) | {"MAXO:9", "MAXO:90", "MAXO:900", "MAXO:9000", "MAXO:90000", "MAXO:900000"}


@pytest.mark.parametrize(
    ("form", "name", "terms", "obsolete", "merged", "synonyms", "xrefs"),
    [
        (obo, "doid/DO_rare_slim.obo", 3_460, 2, 476, 8_661, 16_802),
        (obo, "maxo/maxo.obo", 7_057, 60, 0, 19_595, 14_133),
        (obo, "eco/eco-basic.obo", 2_233, 37, 48, 1_163, 70),
        (mesh, "mesh/desc-samples.xml", 43, 0, 0, 265, 0),
        (mesh_rdf, "mesh/samples.nt", 43, 0, 0, 265, 0),
    ],
)
def test_real_ontologies_are_read_to_the_last_term(
    form: ModuleType, name: str, terms: int, obsolete: int, merged: int, synonyms: int, xrefs: int
):
    if not SHARED.is_dir():
        pytest.skip("the shared ontologies are not here")
    content = (SHARED / name).read_bytes()
    assert format_of(content) == form.__name__.rpartition(".")[2].replace("_", "-")
    found, problems = read(form, content)
    assert problems == []
    # Only what was merged into another term has no name of its own.
    assert sum(one.obsolete and one.name is None and bool(one.replaced_by) for one in found.values()) == merged
    assert len(found) - merged == terms
    assert sum(one.obsolete for one in found.values()) - merged == obsolete
    assert sum(len(one.synonyms) for one in found.values()) == synonyms
    assert sum(len(one.xrefs) for one in found.values()) == xrefs
    assert sum(one.name is None for one in found.values()) == merged


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("mondo_exactmatch_doid", 11_966),
        ("mondo_hasdbxref_doid", 12_091),
        ("mondo_exactmatch_mesh", 8_181),
        ("mondo_hasdbxref_mesh", 8_211),
    ],
)
def test_real_mappings_are_read_to_the_last_row(name: str, rows: int):
    if not SHARED.is_dir():
        pytest.skip("the shared mappings are not here")
    content = (SHARED / "mondo" / f"{name}.sssom.tsv").read_bytes()
    assert format_of(content) == "sssom"
    found, problems = read(sssom, content)
    assert problems == []
    assert sum(len(one.mappings) for one in found.values()) == rows
