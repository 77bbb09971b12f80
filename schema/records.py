"""All record types, by label. A new kind of record is one file and one line here."""

from schema.account import Account
from schema.check import Check
from schema.citation import Citation
from schema.comparator import Comparator
from schema.condition import Condition
from schema.finding import Finding
from schema.gene_drug_pair import GeneDrugPair
from schema.instrument import Instrument
from schema.judgement import Judgement
from schema.load_run import LoadRun
from schema.marker import Marker
from schema.merged_citation import MergedCitation
from schema.ontology_term import OntologyTerm
from schema.organization import Location, Organization
from schema.outcome import Outcome
from schema.page import Page, Reference, Statement
from schema.possible_duplicate import PossibleDuplicate
from schema.receipt import Receipt
from schema.record import MATCH_KEYS, Record, references
from schema.release import Release
from schema.revision import Revision
from schema.study import Study
from schema.summary import Summary
from schema.therapy import Therapy
from schema.webhook import Webhook

#: Records that a source brings, in an order in which each refers only to earlier ones (or its own kind).
LOADED: tuple[type[Record], ...] = (
    OntologyTerm,
    Instrument,
    Therapy,
    Condition,
    Outcome,
    Comparator,
    Marker,
    Citation,
    Study,
    Finding,
    Judgement,
    GeneDrugPair,
    Organization,
    Location,
    Page,
    Statement,
    Reference,
)

#: Records that the knowledge base makes itself.
DERIVED: tuple[type[Record], ...] = (
    Summary,
    Release,
    Revision,
    LoadRun,
    Account,
    PossibleDuplicate,
    MergedCitation,
    Receipt,
    Webhook,
    Check,
)

RECORDS: dict[str, type[Record]] = {record.label: record for record in LOADED + DERIVED}

#: Every relationship type that a field declares.
RELATIONSHIPS: frozenset[str] = frozenset(
    ref.type for record in RECORDS.values() for ref in references(record).values()
)

#: Outside identifiers by which a citation can be looked up; each is unique in the graph.
IDENTIFIERS: tuple[str, ...] = ("pmid", "doi", "pmcid")

#: Names that may stand in a query's text.
GRAPH_NAMES: frozenset[str] = frozenset(RECORDS) | RELATIONSHIPS | frozenset(IDENTIFIERS) | frozenset(MATCH_KEYS)
