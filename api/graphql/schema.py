"""The root fields, and the schema."""

from functools import cache
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from api.graphql.change import AnswerChange, ask_changes
from api.graphql.citation import Citation
from api.graphql.condition import Condition
from api.graphql.connections import Connection, Shown, page_request
from api.graphql.context import Info
from api.graphql.derive import shown
from api.graphql.dose import DoseInput, dose_filter
from api.graphql.duplicate import PossibleDuplicate
from api.graphql.evidence import Evidence, ask_evidence
from api.graphql.finding import Finding
from api.graphql.gap import Gap, ask_gaps
from api.graphql.gene_drug_pair import GeneDrugPair, ask_pairs
from api.graphql.impact import Impact, ask_impact
from api.graphql.node import Node, parse_global_id, plain_id
from api.graphql.ontology_term import OntologyTerm
from api.graphql.page import Page, ask_page, ask_pages
from api.graphql.receipt import Receipt, ask_receipt
from api.graphql.release import Release
from api.graphql.study import Study
from api.graphql.therapy import Therapy
from api.graphql.vocabulary import Comparator, Instrument, Marker, Outcome
from kb.errors import NotFound, UsageError
from kb.questions.paging import DEFAULT_PAGE
from kb.questions.studies import read_studies
from kb.questions.trials import registered_trials
from schema.terms import (
    Certainty,
    ConditionKind,
    Direction,
    DuplicateState,
    RecruitmentStatus,
    StudyDesign,
    TherapyKind,
)


async def _therapy(
    info: Info, id: strawberry.ID | None = None, name: str | None = None, as_of: int | None = None
) -> Any:
    """One therapy: by id (global or plain), or by any name, synonym or abbreviation."""
    number = await info.context.read_at(as_of)
    return await info.context.questions.therapy(id=plain_id("Therapy", id), name=name, as_of=number)


async def _condition(
    info: Info, id: strawberry.ID | None = None, name: str | None = None, as_of: int | None = None
) -> Any:
    """One condition: by id (global or plain), or by any name, synonym or abbreviation."""
    number = await info.context.read_at(as_of)
    return await info.context.questions.condition(id=plain_id("Condition", id), name=name, as_of=number)


async def _therapies(
    info: Info,
    kind: TherapyKind | None = None,
    broader: str | None = None,
    search: str | None = None,
    as_of: int | None = None,
    first: int | None = DEFAULT_PAGE,
    after: str | None = None,
) -> Shown:
    """Therapies by name: of one kind, under a broader one (any name), with a name that holds a text."""
    number = await info.context.read_at(as_of)
    page = page_request(first, after)
    found = await info.context.questions.therapies(page, kind=kind, broader=broader, search=search, as_of=number)
    return Shown(found, after)


async def _conditions(
    info: Info,
    kind: ConditionKind | None = None,
    broader: str | None = None,
    search: str | None = None,
    as_of: int | None = None,
    first: int | None = DEFAULT_PAGE,
    after: str | None = None,
) -> Shown:
    """Conditions by name: of one kind, under a broader one (any name), with a name that holds a text."""
    number = await info.context.read_at(as_of)
    page = page_request(first, after)
    found = await info.context.questions.conditions(page, kind=kind, broader=broader, search=search, as_of=number)
    return Shown(found, after)


async def _study(info: Info, id: strawberry.ID, as_of: int | None = None) -> Any:
    """One study by id (global or plain)."""
    number = await info.context.read_at(as_of)
    return await info.context.questions.study(plain_id("Study", id) or "", as_of=number)


async def _finding(info: Info, id: strawberry.ID, as_of: int | None = None) -> Any:
    """One result of a study by id (global or plain)."""
    number = await info.context.read_at(as_of)
    return await info.context.questions.finding(plain_id("Finding", id) or "", as_of=number)


async def _studies(
    info: Info,
    therapy: str | None = None,
    condition: str | None = None,
    design: StudyDesign | None = None,
    dose: DoseInput | None = None,
    as_of: int | None = None,
    first: int | None = DEFAULT_PAGE,
    after: str | None = None,
) -> Shown:
    """Studies of a therapy, a condition or both (any name, narrower ones included), by how the treatment was given."""
    number = await info.context.read_at(as_of)
    found = await read_studies(
        info.context.questions,
        page_request(first, after),
        therapy=plain_id("Therapy", therapy),
        condition=plain_id("Condition", condition),
        design=design,
        dose=dose_filter(dose),
        as_of=number,
    )
    return Shown(found, after)


async def _citation(
    info: Info,
    id: strawberry.ID | None = None,
    pmid: str | None = None,
    doi: str | None = None,
    pmcid: str | None = None,
    as_of: int | None = None,
) -> Any:
    """One published report: by id (global or its key), PMID, DOI or PMCID, in any spelling."""
    number = await info.context.read_at(as_of)
    return await info.context.questions.citation(
        id=plain_id("Citation", id), pmid=pmid, doi=doi, pmcid=pmcid, as_of=number
    )


async def _evidence(
    info: Info,
    condition: str | None = None,
    therapy: str | None = None,
    outcome: str | None = None,
    min_certainty: Certainty | None = None,
    direction: Direction | None = None,
    include_narrower: bool = True,
    as_of: int | None = None,
    first: int | None = DEFAULT_PAGE,
    after: str | None = None,
) -> Shown:
    """What is known for a condition, a therapy or both (any name of each), the surest answer first."""
    await info.context.read_at(as_of)
    return await ask_evidence(
        info,
        first,
        after,
        condition=condition,
        therapy=therapy,
        outcome=outcome,
        min_certainty=min_certainty,
        direction=direction,
        include_narrower=include_narrower,
    )


async def _ontology_term(info: Info, id: strawberry.ID, as_of: int | None = None) -> Any:
    """One term of an ontology: by its CURIE in any spelling, such as `MAXO:0000945`, or its global id."""
    number = await info.context.read_at(as_of)
    return await info.context.questions.ontology_term(plain_id("OntologyTerm", id) or "", as_of=number)


async def _trials(
    info: Info,
    condition: str | None = None,
    therapy: str | None = None,
    status: RecruitmentStatus | None = None,
    without_results: bool = False,
    on: str | None = None,
    as_of: int | None = None,
    first: int | None = DEFAULT_PAGE,
    after: str | None = None,
) -> Shown:
    """Registered trials, those completed longest ago first: of a condition and a therapy (any name), of one status.

    `withoutResults` keeps those completed more than a year before `on` (a date, else today) that reported nothing.
    """
    number = await info.context.read_at(as_of)
    if without_results and on is None:
        # Tomorrow it may be another list.
        info.context.settled = False
    found = await registered_trials(
        info.context.questions,
        page_request(first, after),
        condition=condition,
        therapy=therapy,
        status=status,
        without_results=without_results,
        on=on,
        as_of=number,
    )
    return Shown(found, after)


async def _node(info: Info, id: strawberry.ID, as_of: int | None = None) -> Any:
    """Anything by its global id; null where the release holds nothing of that id."""
    await info.context.read_at(as_of)
    wanted = parse_global_id(id)
    if wanted is None:
        raise UsageError("This is no global id.", "Give an id that a field `id` returned.")
    label, key = wanted
    if label == "Release":
        return await _release_or_none(info, key)
    return await info.context.find(label, key)


async def _release_or_none(info: Info, number: str) -> Any:
    try:
        return await info.context.questions.release(int(number))
    except (NotFound, ValueError):
        return None


async def _release(info: Info, number: int | None = None) -> Any:
    """A release by number, else the newest; null before the first."""
    return await info.context.questions.release(await info.context.release() if number is None else number)


async def _releases(info: Info, first: int | None = DEFAULT_PAGE, after: str | None = None) -> Shown:
    """The releases, newest first."""
    number = await info.context.release()
    return Shown(await info.context.questions.releases(page_request(first, after), as_of=number or None), after)


async def _possible_duplicates(
    info: Info,
    state: DuplicateState = DuplicateState.OPEN,
    first: int | None = DEFAULT_PAGE,
    after: str | None = None,
) -> Shown:
    """Pairs of citations that may be one paper: those that wait for a person, or those of which one decided."""
    info.context.settled = False
    return Shown(await info.context.questions.possible_duplicates(page_request(first, after), state), after)


@strawberry.type(description="Questions to the knowledge base. Computed answers, not medical advice.")
class Query:
    """The root fields."""

    therapy: Any = shown(_therapy, Therapy | None)
    condition: Any = shown(_condition, Condition | None)
    therapies: Any = shown(_therapies, Connection[Therapy] | None)
    conditions: Any = shown(_conditions, Connection[Condition] | None)
    study: Any = shown(_study, Study | None)
    studies: Any = shown(_studies, Connection[Study] | None)
    finding: Any = shown(_finding, Finding | None)
    citation: Any = shown(_citation, Citation | None)
    evidence: Any = shown(_evidence, Connection[Evidence] | None)
    gaps: Any = shown(ask_gaps, Connection[Gap] | None)
    gene_drug_pairs: Any = shown(ask_pairs, Connection[GeneDrugPair] | None)
    ontology_term: Any = shown(_ontology_term, OntologyTerm | None)
    trials: Any = shown(_trials, Connection[Study] | None)
    page: Any = shown(ask_page, Page | None)
    pages: Any = shown(ask_pages, Connection[Page] | None)
    node: Any = shown(_node, Node | None)
    release: Any = shown(_release, Release | None)
    releases: Any = shown(_releases, Connection[Release] | None)
    possible_duplicates: Any = shown(_possible_duplicates, Connection[PossibleDuplicate] | None)
    changes: Any = shown(ask_changes, Connection[AnswerChange] | None)
    impact: Any = shown(ask_impact, Impact | None)
    receipt: Any = shown(ask_receipt, Receipt | None)


@cache
def schema() -> strawberry.Schema:
    """Return the schema."""
    reachable_by_node = (Outcome, Instrument, Comparator, Marker, Finding)
    return strawberry.Schema(query=Query, types=reachable_by_node, config=StrawberryConfig(auto_camel_case=True))


def core_schema() -> GraphQLSchema:
    """Return the schema as graphql-core sees it: the endpoint runs it without Strawberry's own HTTP view."""
    # The one place that looks behind Strawberry's front; the version is pinned for it.
    return schema()._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def schema_text() -> str:
    """Return the schema in the schema definition language."""
    return schema().as_str() + "\n"
