"""Registries, vocabularies and review sets, damaged: the good records or a told problem, never a crash."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders import clinicaltrials, cpic, mesh, mesh_rdf, obo, sssom, synergy
from schema.parsed import Parsed, Problem

FIXTURES = Path(__file__).parents[1] / "fixtures"
FILES = {
    "clinicaltrials/trials.json": clinicaltrials,
    "cpic/pairs.csv": cpic,
    "cpic/pair_view.json": cpic,
    "ontology/invented.obo": obo,
    "ontology/invented.sssom.tsv": sssom,
    "ontology/invented_mesh.xml": mesh,
    "ontology/invented_mesh.nt": mesh_rdf,
    "synergy/Muster_2020_ids.csv": synergy,
}


def parsed(file: str, content: bytes) -> None:
    """Read a damaged file to its end: what comes out is whole, and whatever is told has its place."""
    name = Path(file).name
    found = list(FILES[file].parse(io.BytesIO(content), name))
    assert found, "a file without any record is told"
    for one in found:
        assert one.where.startswith(name)
        if isinstance(one, Problem):
            assert one.message
        else:
            assert isinstance(one, Parsed)
            again = type(one.record).from_properties(one.record.properties())
            assert again == one.record


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_bytes_that_are_lost_or_changed_do_no_harm(file: str, data: st.DataObject) -> None:
    content = bytearray((FIXTURES / file).read_bytes())
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    for _ in range(data.draw(st.integers(0, 3))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    parsed(file, bytes(content))


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=30, deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_are_told(file: str, content: bytes) -> None:
    parsed(file, content)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_other_encodings_are_read_or_told(file: str, encoding: str) -> None:
    text = (FIXTURES / file).read_text(encoding="utf-8")
    parsed(file, text.encode(encoding))


@pytest.mark.parametrize("file", FILES)
def test_an_error_page_is_told(file: str) -> None:
    parsed(file, b"<!DOCTYPE html><html><body>429 Too Many Requests</body></html>")
