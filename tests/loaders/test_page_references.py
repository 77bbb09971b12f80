"""Printed references in the manners that pages use: split into authors, title, year, journal, volume and pages."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from loaders.page import read_reference

#: Each with what it says; AMA, Vancouver, APA, MLA, Harvard, Chicago, Nature, MDPI, Cochrane.
REFERENCES = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "printed_references.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("wanted", REFERENCES, ids=lambda one: one["printed"][:40])
def test_a_reference_is_split_rightly(wanted: dict[str, Any]) -> None:
    found = asdict(read_reference(wanted["printed"]))
    for name in ("title", "year", "journal", "volume", "pages"):
        assert found[name] == wanted[name], name
    assert list(found["authors"]) == wanted["authors"]


@pytest.mark.parametrize(
    ("mark", "number"), [("[3] ", 3), ("[^3]: ", 3), ("3. ", 3), ("3) ", 3), ("(3) ", 3), ("³ ", None), ("- ", None)]
)
@pytest.mark.parametrize("back", ["", " ↩", " ↩\ufe0e"])
def test_what_numbers_a_reference_is_no_part_of_it(mark: str, number: int | None, back: str) -> None:
    found = read_reference(f"{mark}Other A. A made trial of wrists. Pain. 2019;1:2-3.{back}")
    assert (found.number, found.authors, found.title) == (number, ("Other",), "A made trial of wrists")
    assert (found.volume, found.pages) == ("1", "2-3")


def test_identifiers_behind_a_reference_are_no_part_of_it() -> None:
    bare = "Other A. A made trial of wrists. Lancet. 2005;1:2-3."
    named = read_reference(
        f"{bare} doi: 10.1016/S0140-6736(05)12345-6. Epub 2004 Dec 1. PMID: 15033151; PMCID: PMC1234567."
    )
    assert (named.doi, named.pmid, named.pmcid) == ("10.1016/s0140-6736(05)12345-6", "15033151", "PMC1234567")
    plain = read_reference(bare)
    assert (named.title, named.journal, named.pages) == (plain.title, plain.journal, plain.pages)
    assert read_reference(f"{bare} (https://doi.org/10.1016/abc).").doi == "10.1016/abc"
    assert read_reference(f"{bare} https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1234567/").pmcid == "PMC1234567"


def test_a_text_that_is_no_reference_has_no_authors() -> None:
    for text in ("Talk to your doctor about pain. Ask for help.", "A leaflet, 2019", "Pain Association"):
        assert read_reference(text).authors == ()


def test_an_address_that_is_no_identifier_is_kept() -> None:
    found = read_reference("Some Clinic. Chronic pain. 2020. Accessed May 3, 2020. https://clinic.example/pain.")
    assert found.address == "https://clinic.example/pain"
    assert read_reference("Some Clinic. Chronic pain.", links=["https://clinic.example/a"]).address is not None
    assert read_reference("A trial. Pain. 2019;1:2. https://doi.org/10.5555/abc").address is None
    assert (
        read_reference("A trial. Pain. 2019;1:2. https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123456/").address is None
    )


@pytest.mark.parametrize(
    ("label", "authors", "year"),
    [
        ("Other 2004", ("Other",), 2004),
        ("Other et al. (2004)", ("Other",), 2004),
        ("Other & Some-One, 2004a", ("Other",), 2004),
        ("Full text (PubMed)", (), None),
    ],
)
def test_what_a_link_to_a_work_is_called_is_no_title(label: str, authors: tuple[str, ...], year: int | None) -> None:
    found = read_reference(label, links=["https://doi.org/10.1000/abc"])
    assert (found.doi, found.title, found.authors, found.year) == ("10.1000/abc", None, authors, year)
