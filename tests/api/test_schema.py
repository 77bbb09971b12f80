"""The GraphQL schema against the records it is derived from, and against its exported text."""

from enum import Enum
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInterfaceType, GraphQLObjectType, build_schema

from api.graphql.derive import PLACES
from api.graphql.export import PLACE, export_schema
from api.graphql.schema import core_schema, schema_text
from schema import (
    check,
    citation,
    dose,
    effect,
    instrument,
    names,
    ontology_term,
    pooled,
    registration,
    release,
    study,
    summary,
    terms,
)
from schema.record import Part
from schema.records import RECORDS

#: Records that the API does not show, and why.
NOT_SHOWN = {
    "Judgement": "shown with the line of the answer that it judges",
    "Location": "has no questions yet",
    "Revision": "for editors: what a record said before",
    "MergedCitation": "for editors: what a citation said before it was merged",
    "LoadRun": "for editors: what brought a record",
    "Account": "people are not shown",
    "Webhook": "for editors: who is told of changes",
    "Receipt": "is shown when it is checked, by receipt(id)",
}

#: Fields of records that the API shows under another name, or not at all.
SHOWN_AS: dict[tuple[str, str], str | None] = {
    ("Summary", "first"): "since",
    ("Summary", "therapies_included"): "includes",
    ("Summary", "conditions_included"): "includes",
    ("Summary", "translations"): "sentence",
    ("Line", "translations"): "sentence",
    ("Release", "content_hash_of_release"): "contentHash",
    ("Citation", "not_read"): None,
    ("Check", "compared"): None,
    ("Page", "publisher"): None,
}

PARTS: tuple[type[Part], ...] = (
    check.Difference,
    citation.Author,
    citation.AbstractSection,
    citation.MeshHeading,
    citation.Grant,
    citation.CitationLink,
    citation.Retraction,
    dose.Dose,
    dose.Guess,
    dose.Sham,
    dose.Span,
    effect.Arm,
    effect.Effect,
    instrument.Source,
    instrument.Threshold,
    names.Label,
    names.Xref,
    ontology_term.TermSynonym,
    ontology_term.TermMapping,
    registration.Registration,
    registration.RegisteredDate,
    registration.RegisteredArm,
    registration.RegisteredIntervention,
    registration.PlannedOutcome,
    registration.LinkedPublication,
    release.Change,
    study.Harm,
    study.RiskOfBiasFacts,
    study.Reading,
    pooled.Absolute,
    pooled.HarmDifference,
    pooled.NotPooled,
    pooled.Overlap,
    pooled.Pooled,
    pooled.PooledStudy,
    pooled.Subgroup,
    pooled.WithoutOne,
    summary.CertaintyStep,
    summary.Judged,
    summary.Line,
)

#: Types of what changed or would change, which is no record.
CHANGES = ("AnswerChange", "AnswerState", "Reason", "Receipt", "ReceiptDifference")
IMPACT = ("Impact", "AnswerImpact", "PageImpact", "SupposedAnswer")

SCHEMA = core_schema()


def graphql_type(name: str) -> Any:
    found = SCHEMA.get_type(name)
    assert found is not None, f"the API has no type {name}"
    return found


def camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def test_every_record_is_shown_or_left_out_on_purpose() -> None:
    assert set(PLACES) | set(NOT_SHOWN) == set(RECORDS)
    assert not set(PLACES) & set(NOT_SHOWN)


@pytest.mark.parametrize("label", sorted(PLACES))
def test_every_field_of_a_record_is_shown_or_left_out_on_purpose(label: str) -> None:
    shown = graphql_type(PLACES[label][0])
    assert isinstance(shown, GraphQLObjectType)
    assert [each.name for each in shown.interfaces] == ["Node"]
    for name in RECORDS[label].model_fields:
        wanted = SHOWN_AS.get((label, name), camel(name))
        assert wanted is None or wanted in shown.fields, f"{label}.{name} is neither shown nor left out"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_of_a_structure_is_shown(part: type[Part]) -> None:
    wanted = {SHOWN_AS.get((part.__name__, name)) or camel(name) for name in part.model_fields}
    assert wanted <= set(graphql_type(part.__name__).fields)


def test_the_list_of_structures_is_complete() -> None:
    records = {PLACES[label][0] for label in PLACES} | {"Query", "PageInfo", "Includes", "Gap", *CHANGES, *IMPACT}
    lists = {f"{name}{ending}" for name in records for ending in ("Connection", "Edge")}
    own = {name for name, each in SCHEMA.type_map.items() if isinstance(each, GraphQLObjectType)}
    parts = {name for name in own - records - lists if not name.startswith("__")}
    assert parts == {part.__name__ for part in PARTS}


def test_enums_are_the_controlled_terms_with_their_definitions() -> None:
    enums = [
        each
        for each in SCHEMA.type_map.values()
        if isinstance(each, GraphQLEnumType) and not each.name.startswith("__")
    ]
    assert len(enums) > 20
    for enum in enums:
        term: type[Enum] = getattr(terms, enum.name)
        assert list(enum.values) == [member.name for member in term]
        for name, value in enum.values.items():
            assert value.description == getattr(term[name], "definition")  # noqa: B009


def test_comments_of_fields_become_descriptions() -> None:
    assert "never says that it works" in graphql_type("Therapy").fields["sentence"].description
    everything = schema_text()
    assert "``" not in everything
    assert " None" not in everything


def test_unknown_numbers_may_be_null_and_counts_may_not() -> None:
    assert str(graphql_type("Study").fields["participants"].type) == "Int"
    assert str(graphql_type("Effect").fields["estimate"].type) == "Float"
    assert str(graphql_type("Evidence").fields["studyCount"].type) == "Int!"
    assert str(graphql_type("Finding").fields["study"].type) == "Study!"
    assert str(graphql_type("Finding").fields["instrument"].type) == "Instrument"
    assert str(graphql_type("Study").fields["citations"].type) == "[Citation!]!"


def test_connections_are_what_relay_expects() -> None:
    assert isinstance(SCHEMA.get_type("Node"), GraphQLInterfaceType)
    page_info = graphql_type("PageInfo").fields
    assert {name: str(field.type) for name, field in page_info.items()} == {
        "hasNextPage": "Boolean!",
        "hasPreviousPage": "Boolean!",
        "startCursor": "String",
        "endCursor": "String",
    }
    assert str(graphql_type("EvidenceConnection").fields["edges"].type) == "[EvidenceEdge!]!"
    assert str(graphql_type("EvidenceEdge").fields["node"].type) == "Evidence!"
    assert {name: str(each.type) for name, each in SCHEMA.query_type.fields["releases"].args.items()} == {  # pyright: ignore[reportOptionalMemberAccess]
        "first": "Int",
        "after": "String",
    }


def test_the_exported_schema_is_up_to_date() -> None:
    assert PLACE.read_text("utf-8") == schema_text(), "run: python -m api.graphql.export"
    assert not export_schema()
    build_schema(schema_text())
