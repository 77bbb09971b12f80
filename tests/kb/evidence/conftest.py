"""The curated content as evidence: what every pair rests on, and its answer."""

from collections import defaultdict
from pathlib import Path

import pytest

from kb.evidence.evidence import Evidence, Vocabulary
from kb.evidence.rollup import Hierarchy
from kb.evidence.summaries import summarise, touched_pairs
from loaders.seeds import parse
from schema.citation import Citation
from schema.comparator import Comparator
from schema.condition import Condition
from schema.finding import Finding
from schema.instrument import Instrument
from schema.outcome import Outcome
from schema.parsed import Parsed
from schema.study import Study
from schema.summary import Summary
from schema.therapy import Therapy

SEEDS = Path(__file__).parents[3] / "seeds"
Answers = dict[tuple[str, str], Summary]


@pytest.fixture(scope="session")
def seeded() -> list[Parsed]:
    """Every record of the seeds."""
    found: list[Parsed] = []
    for path in sorted(SEEDS.rglob("*.yaml")):
        with path.open("rb") as stream:
            found += [item for item in parse(stream, path.name) if isinstance(item, Parsed)]
    return found


@pytest.fixture(scope="session")
def citations(seeded: list[Parsed]) -> dict[str, Citation]:
    """Citations by id."""
    return {item.record.id: item.record for item in seeded if isinstance(item.record, Citation)}


@pytest.fixture(scope="session")
def findings(seeded: list[Parsed]) -> dict[str, Finding]:
    """Findings by id."""
    return {item.record.id: item.record for item in seeded if isinstance(item.record, Finding)}


@pytest.fixture(scope="session")
def pairs(seeded: list[Parsed], citations: dict[str, Citation], findings: dict[str, Finding]) -> list[Evidence]:
    """The evidence of every pair that a finding touches."""
    records = [item.record for item in seeded]
    therapies = {one.id: one for one in records if isinstance(one, Therapy)}
    conditions = {one.id: one for one in records if isinstance(one, Condition)}
    outcomes = {one.id: one for one in records if isinstance(one, Outcome)}
    vocabulary = Vocabulary(
        therapies=therapies,
        conditions=conditions,
        outcomes=outcomes,
        comparators={one.id: one for one in records if isinstance(one, Comparator)},
        instruments={one.id: one for one in records if isinstance(one, Instrument)},
        therapy_tree=Hierarchy({id: one.broader for id, one in therapies.items()}),
        condition_tree=Hierarchy({id: one.broader for id, one in conditions.items()}),
        outcome_tree=Hierarchy({id: one.broader for id, one in outcomes.items()}),
    )
    studies = {one.id: one for one in records if isinstance(one, Study)}
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings.values():
        for pair in touched_pairs(finding, vocabulary):
            found[pair].append(finding)
    return [Evidence(*pair, vocabulary, about, studies, citations) for pair, about in found.items()]


@pytest.fixture(scope="session")
def answers(pairs: list[Evidence]) -> Answers:
    """The answer of every pair."""
    found = ((pair.therapy, pair.condition, summarise(pair)) for pair in pairs)
    return {(therapy, condition): summary for therapy, condition, summary in found if summary is not None}
