"""Plans: on Neo4j no query walks all nodes, or all of a label, where an index should serve."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from neo4j import Driver, GraphDatabase

from kb.settings import Settings
from kb.store import open_store
from kb.store.queries import Queries
from schema.records import GRAPH_NAMES
from tests.engines import address_of

#: All but the one that looks nothing up.
QUERIES = sorted(
    path for path in (Path(__file__).parents[2] / "kb" / "queries").glob("*.cypher") if path.stem != "drop_index"
)
NAMES = {"Label": "Finding", "Target": "Therapy", "TYPE": "TESTS", "property": "doi"}

#: Queries that are for all nodes of a label, or of the graph, and why that is right.
WHOLE = {
    "all_nodes": "reads a small label",
    "all_places": "reads a small label",
    "citation_pmids": "every citation that PubMed may know",
    "citations_with_links": "every citation may be a notice",
    "count_new": "counts a label",
    "count_nodes": "counts a label",
    "count_pending": "small labels have no index on releases",
    "current_release": "there are few releases",
    "duplicate_ids": "looks at every node",
    "ids_of_label": "reads a label",
    "labels_in_use": "looks at every node",
    "load_runs_unfinished": "there are few loads",
    "merged_any": "one is enough",
    "possible_duplicates_in_state": "lists the pairs, few beside the citations",
    "pending_nodes": "small labels have no index on releases",
    "summaries_at": "every answer of a release",
    "studies_with_harms": "asked when an outcome changes, which is seldom",
    "studies_by_number": "a list of numbers has no index",
}


SCANS = {
    "AllNodesScan",
    "NodeByLabelScan",
    "UndirectedRelationshipTypeScan",
    "DirectedRelationshipTypeScan",
}


@pytest.fixture(scope="module")
async def driver(neo4j_settings: Settings) -> AsyncGenerator[Driver]:
    async with open_store(neo4j_settings) as store:
        await store.ensure_schema()
    uri, auth = address_of(neo4j_settings)
    with GraphDatabase.driver(uri, auth=auth) as opened:
        yield opened


def operators(plan: dict[str, Any]) -> set[str]:
    """Every operator of a plan."""
    found = {plan["operatorType"].partition("@")[0]}
    for child in plan.get("children", []):
        found |= operators(child)
    return found


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_an_index_serves_every_look_up(driver: Driver, neo4j_settings: Settings, query: Path) -> None:
    text = query.read_text(encoding="utf-8")
    names = {place: name for place, name in NAMES.items() if f"__{place}__" in text}
    filled = Queries((query.parent,), GRAPH_NAMES).text(query.stem, names)
    explained: Any = " ".join(("EXPLAIN", filled))
    with driver.session(database=neo4j_settings.neo4j_database) as session:
        plan: Any = session.run(explained).consume().plan
    scans = operators(plan) & SCANS
    assert not scans or query.stem in WHOLE, scans
