"""The registry: what a source is, is told by its content; what cannot be loaded is told in words."""

import gzip
import io
import subprocess
import sys
from pathlib import Path

import pytest

from loaders.registry import FORMATS, detect_format, unknown_format
from loaders.unpack import read_head

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures"

SAMPLES: dict[str, list[bytes]] = {
    "pubmed": [
        b"<PubmedArticleSet>",
        b'<?xml version="1.0"?>\n<!-- <html> -->\n<PubmedArticleSet/>',
        b'<?xml version="1.0"?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "a.dtd"><PubmedArticleSet>',
        b"  \n<MedlineCitationSet>",
        b"<PubmedBookArticle>",
        b"<MedlineCitation Owner='NLM'>",
    ],
    "seeds": [b"kind: therapy\nrecords:\n- id: a\n"],
    "endnote-xml": [b'<?xml version="1.0"?><xml><records><record>'],
    "crossref": [b'{"status":"ok","message-type":"work","message":{"DOI":"10.5555/one","type":"book","title":["x"]}}'],
    "europe-pmc": [b'{"version":"6.9","hitCount":1,"resultList":{"result":[{"id":"1","title":"x"}]}}'],
    "clinicaltrials": [b'{"protocolSection": {"identificationModule": {}}}', b'{"studies": [{"protocolSection": {}}]}'],
    "obo": [b"format-version: 1.2\nontology: maxo\n", b"[Term]\nid: MAXO:0000001\n"],
    "sssom": [
        b"# curie_map:\n#   A: b\nsubject_id\tpredicate_id\tobject_id\n",
        b"subject_id\tpredicate_id\tobject_id\n",
    ],
    "mesh": [b'<?xml version="1.0"?>\n<DescriptorRecordSet LanguageCode = "eng">'],
    "mesh-rdf": [
        b'<http://id.nlm.nih.gov/mesh/D900001> <http://www.w3.org/2000/01/rdf-schema#label> "Knees"@en .\n',
        b"# MeSH\n@prefix mesh: <http://id.nlm.nih.gov/mesh/> .\nmesh:D900001 mesh:vocab#active true .\n",
    ],
    "cpic": [
        b'"Date last updated: 2026-01-02"\nGene,Drug,Guideline,CPIC Level\n',
        b'[{"genesymbol": "CYP2D6", "drugname": "codeine", "cpiclevel": "A"}]',
    ],
    "synergy": [b"doi,openalex_id,label_included,pmid,method\n", b"pmid,doi,openalex_id,label_included\n"],
    "retraction-watch": [b"Record ID,Title,DOI,RetractionNature,OriginalPaperDOI,OriginalPaperPubMedID\n"],
    "csl-json": [b'[{"id": "one", "type": "article-journal", "title": "A title"}]'],
    "medline": [b"PMID- 99000001\nTI  - A title\n"],
    "wos": [b"FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\n"],
    "ris": [b"TY  - JOUR\nTI  - A title\nER  - \n"],
    "bibtex": [b"@article{one,\n title = {A title}\n}\n"],
    "table": [b"Title,Authors,DOI\nA title,A B,10.5555/one\n", b"title\tauthors\tyear\nA\tB\t2001\n"],
}


def found(content: bytes, name: str) -> str | None:
    form = detect_format(read_head(io.BytesIO(content)), name)
    return form.name if form else None


def test_every_format_has_a_sample_and_a_name_of_its_own():
    names = [form.name for form in FORMATS]
    assert sorted(names) == sorted(SAMPLES)
    assert len(set(names)) == len({form.title for form in FORMATS}) == len(FORMATS)


@pytest.mark.parametrize("name", ["right.xml", "wrong.pdf", "none", "list.csv", "data.json", "b.yaml", "c.ris"])
@pytest.mark.parametrize("expected", [name for name in SAMPLES if name != "seeds"])
def test_the_content_tells_the_format_whatever_the_file_is_called(expected: str, name: str):
    for content in SAMPLES[expected]:
        assert found(content, name) == expected
        assert found(gzip.compress(content), name) == expected


@pytest.mark.parametrize("file", ["articles.xml", "books.xml", "dates.xml", "deleted.xml", "faults.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_pubmed_files_are_told_in_every_encoding(file: str, encoding: str):
    text = (FIXTURES / "pubmed" / file).read_text(encoding="utf-8")
    assert found(text.encode(encoding), file) == "pubmed"


def test_the_project_s_own_seeds_are_seeds():
    path = next((ROOT / "seeds").glob("*.yaml"), None) or next((ROOT / "seeds").rglob("*.yaml"))
    assert found(path.read_bytes(), path.name) == "seeds"


@pytest.mark.parametrize(
    ("content", "looks"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"PK\x03\x04\x14\x00", "a zip archive"),
        (b"SQLite format 3\0", "an SQLite database"),
        (bytes(range(256)), "binary data"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "an HTML page"),
        (b'<?xml version="1.0"?><eSearchResult><Count>63</Count></eSearchResult>', "XML with the root <eSearchResult>"),
        (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'PubmedArticleSet'>]><x/>", "XML with the root <x>"),
        (b'{"ids": [1, 2]}', "JSON"),
        (b"<http://example.org/a> <http://example.org/b> _:c .\n", "RDF (N-Triples or N-Quads)"),
        (b"# nanopublication\n@prefix this: <http://example.org/> .\n", "RDF (Turtle or TriG)"),
        (b"PREFIX : <http://example.org/>\n", "RDF (Turtle or TriG)"),
        (b"%0 Journal Article\n%A Muster, Carl\n", "EndNote's tagged format"),
        (b"Dear all, please find attached", "text that begins 'Dear all, please find attached'"),
    ],
)
def test_what_cannot_be_loaded_is_told_with_what_it_looks_like_and_what_can_be(content: bytes, looks: str):
    assert found(content, "articles.xml") is None
    told = unknown_format(content)
    assert told.startswith(f"looks like {looks}")
    assert all(form.title in told for form in FORMATS)


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"<?xml version='1.0'?><rdf:RDF xmlns='x'><owl:Ontology/></rdf:RDF>", "get its OBO file"),
        (b"<?xml version='1.0'?><eSearchResult><Count>63</Count></eSearchResult>", "for --ids"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "save the export of the source"),
        (b"PK\x03\x04\x14\x00", "save the sheet as CSV"),
        (b"%0 Journal Article\n%A Muster, Carl\n", "as RIS or as EndNote XML"),
        (b"Name of the work;By whom\nA title;A B\n", "--column 'Name of the work'=title"),
    ],
)
def test_what_cannot_be_loaded_is_told_with_a_way_out(content: bytes, advice: str):
    assert found(content, "file") is None
    assert advice in unknown_format(content)


def test_a_broken_gzip_file_is_told_by_what_stands_before_the_break():
    content = gzip.compress((FIXTURES / "pubmed" / "retractions.xml").read_bytes())
    assert found(content[: len(content) // 2], "cut.gz") == "pubmed"
    assert found(b"\x1f\x8b\x08\x00broken", "broken.gz") is None


def test_looking_at_the_head_leaves_the_stream_where_it_was():
    stream = io.BytesIO(b"<PubmedArticleSet>" + b" " * 10_000)
    stream.seek(3)
    assert read_head(stream, 10) == b"bmedArticl"
    assert stream.tell() == 3


def test_the_registry_does_not_import_the_xml_parser():
    """`kb --help` must not wait for a parser that it does not need."""
    program = "import sys, loaders.registry; print(sorted(m for m in sys.modules if m.split('.')[0] == 'lxml'))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
