"""The graph's constraints and indexes: one for every kind of record, and none for what does not exist."""

import re
from pathlib import Path

import pytest

from schema.record import ENVELOPE
from schema.records import RECORDS

TEXT = (Path(__file__).parents[2] / "schema" / "graph.cypher").read_text(encoding="utf-8")
DECLARED = re.compile(
    r"CREATE (?P<kind>CONSTRAINT|INDEX) (?P<name>\w+) IF NOT EXISTS FOR \(n:(?P<label>\w+)\) "
    r"(?:REQUIRE n\.(?P<unique>\w+) IS UNIQUE|ON \(n\.(?P<indexed>\w+)(?:, n\.(?P<second>\w+))?\));"
)
FOUND = [match.groupdict() for match in DECLARED.finditer(TEXT)]

#: Labels that are no records: the store's own mark.
OWN_LABELS = {"Meta"}


def test_every_statement_has_the_form_that_both_engines_take() -> None:
    statements = [line for line in TEXT.splitlines() if line and not line.startswith("//")]
    assert len(FOUND) == len(statements)
    assert all(DECLARED.fullmatch(statement) for statement in statements)


@pytest.mark.parametrize("label", sorted(RECORDS))
def test_the_id_of_every_kind_of_record_is_unique(label: str) -> None:
    assert {"label": label, "unique": "id"}.items() <= next(
        (one.items() for one in FOUND if one["label"] == label and one["unique"] == "id"), {}.items()
    ), f"add to schema/graph.cypher: CREATE CONSTRAINT … FOR (n:{label}) REQUIRE n.id IS UNIQUE;"


def test_a_citation_has_each_outside_identifier_once() -> None:
    unique = {one["unique"] for one in FOUND if one["label"] == "Citation" and one["unique"]}
    assert unique == {"id", "pmid", "doi", "pmcid"}


def test_only_labels_and_properties_that_exist_are_named() -> None:
    for one in FOUND:
        label = one["label"]
        if label in OWN_LABELS:
            continue
        assert label in RECORDS
        for name in filter(None, (one["unique"], one["indexed"], one["second"])):
            assert name in RECORDS[label].model_fields or name in ENVELOPE, f"{label}.{name}"


def test_every_declaration_has_a_name_of_its_own() -> None:
    names = [one["name"] for one in FOUND]
    assert len(set(names)) == len(names)
