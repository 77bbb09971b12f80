"""The glossary tells what the code does: it fails here when it does not."""

import re

import pytest

from kb.store import Store
from schema.citation import Author, Citation
from schema.ids import PREFIXES
from schema.record import ENVELOPE
from schema.records import LOADED, RECORDS, RELATIONSHIPS
from tests.samples import load
from tests.schema.glossary import PARTS, README, comments, filled, structures, terms

TEXT = README.read_text(encoding="utf-8")
HEADINGS = set(re.findall(r"^### (\w+)$", TEXT, re.MULTILINE))


def test_the_generated_parts_are_as_the_code_has_it() -> None:
    assert filled(TEXT) == TEXT, "the code has changed: run `make glossary`"
    assert re.findall(r"<!-- generated: (\w+) -->", TEXT) == [
        "prefixes",
        "records",
        "structures",
        "relationships",
        "terms",
    ]
    assert set(PARTS) == set(re.findall(r"<!-- generated: (\w+) -->", TEXT))


def test_every_record_structure_and_term_has_its_entry() -> None:
    wanted = {*RECORDS, *(part.__name__ for part in structures()), *(term.__name__ for term in terms())}
    assert wanted == HEADINGS


@pytest.mark.parametrize("label", sorted(RECORDS))
def test_every_field_of_a_record_is_in_its_entry(label: str) -> None:
    entry = TEXT.partition(f"\n### {label}\n")[2].partition("\n### ")[0]
    assert re.findall(r"^\| `(\w+)` \|", entry, re.MULTILINE) == list(RECORDS[label].model_fields)


def test_every_relationship_and_every_prefix_is_named() -> None:
    assert {name for name in RELATIONSHIPS if f"| `{name}` |" not in TEXT} == set()
    assert {prefix for prefix in PREFIXES if f"| `{prefix}` |" not in TEXT} == set()


def test_a_comment_above_a_field_becomes_its_meaning() -> None:
    assert "**" not in comments(RECORDS["Finding"])["locus"]
    assert "Where in the report: `abstract, results`, `table 2`." in TEXT


def test_every_link_leads_to_an_entry() -> None:
    titles = re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9-]", "", title.lower().replace(" ", "-")) for title in titles}
    assert set(re.findall(r"\]\(#([\w-]+)\)", TEXT)) <= anchors


@pytest.mark.parametrize("label", sorted(kind.label for kind in LOADED))
def test_no_field_is_called_like_a_part_of_the_envelope(label: str) -> None:
    assert not set(RECORDS[label].model_fields) & set(ENVELOPE)


def test_the_envelope_is_explained_part_by_part() -> None:
    table = TEXT.partition("its envelope")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(ENVELOPE)


async def test_a_loaded_node_carries_its_record_and_the_envelope(store: Store) -> None:
    first = Citation(id="pmid:1", title="t", pmid="1", year=2010, pages="9", authors=(Author(family="Ames"),))
    again = first.model_copy(update={"volume": "7"})
    await load(store, [first], form="seeds")
    await load(store, [again], name="later", form="pubmed")
    (node,) = await store.nodes("Citation", ["pmid:1"])
    assert set(node) == set(again.properties()) | set(ENVELOPE)
