"""The shipped seeds, read once, and the reference material they were made from."""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from loaders.seeds import parse
from schema.citation import Citation
from schema.condition import Condition
from schema.finding import Finding
from schema.parsed import Parsed, Problem
from schema.record import Record
from schema.study import Study
from schema.terms import ComparatorClass, StudyDesign
from schema.therapy import Therapy

CHECKOUT = Path(__file__).parents[2]
FACTS = CHECKOUT.parent / "shared" / "facts"

RANDOMISED = {StudyDesign.RCT, StudyDesign.CROSSOVER_RCT, StudyDesign.CLUSTER_RCT}
CONTROLLED = {ComparatorClass.SHAM, ComparatorClass.PLACEBO}


@dataclass(frozen=True)
class Seeds:
    """All records of the seeds, with what a reader would ask of them."""

    items: tuple[Parsed, ...]
    problems: tuple[Problem, ...]

    def all(self, record: type[Record]) -> list[Any]:
        """Return the records of one kind."""
        return [item.record for item in self.items if isinstance(item.record, record)]

    @cached_property
    def studies(self) -> dict[str, Study]:
        """Studies by id."""
        return {study.id: study for study in self.all(Study)}

    @cached_property
    def citations(self) -> dict[str, Citation]:
        """Citations by id."""
        return {citation.id: citation for citation in self.all(Citation)}

    @cached_property
    def findings(self) -> dict[str, list[Finding]]:
        """Findings by study."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.all(Finding):
            found[finding.study].append(finding)
        return found

    def narrower(self, record: type[Record], top: str) -> set[str]:
        """Return an entry of a hierarchy and everything below it."""
        below: dict[str, set[str]] = defaultdict(set)
        for entry in self.all(record):
            for parent in entry.broader:
                below[parent].add(entry.id)
        found, trail = {top}, [top]
        while trail:
            for child in below[trail.pop()] - found:
                found.add(child)
                trail.append(child)
        return found

    def countable(self, therapy: str | None = None, condition: str | None = None) -> list[Study]:
        """Return the studies that an answer may rest on: not every report of them is retracted."""
        therapies = self.narrower(Therapy, therapy) if therapy else None
        conditions = self.narrower(Condition, condition) if condition else None
        return [
            study
            for study in self.studies.values()
            if not all(self.citations[report].retracted for report in study.citations)
            and (therapies is None or therapies & set(study.therapies))
            and (conditions is None or conditions & set(study.conditions))
        ]

    def randomised(self, therapy: str | None = None, condition: str | None = None) -> list[Study]:
        """Return the randomised ones of the countable studies."""
        return [study for study in self.countable(therapy, condition) if study.design in RANDOMISED]

    def controlled(self, therapy: str, condition: str | None = None) -> list[Study]:
        """Return the randomised ones that have a sham or placebo arm."""
        return [
            study
            for study in self.randomised(therapy, condition)
            if study.comparator_class in CONTROLLED
            or any(finding.comparator_class in CONTROLLED for finding in self.findings[study.id])
        ]


@pytest.fixture(scope="session")
def seeds() -> Seeds:
    """Return the shipped seeds."""
    items: list[Parsed] = []
    problems: list[Problem] = []
    for path in sorted((CHECKOUT / "seeds").rglob("*.yaml")):
        with path.open("rb") as stream:
            for item in parse(stream, path.relative_to(CHECKOUT).as_posix()):
                if isinstance(item, Parsed):
                    items.append(item)
                else:
                    problems.append(item)
    return Seeds(tuple(items), tuple(problems))


@pytest.fixture(scope="session")
def facts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the files of facts the seeds were made from; skip where they are not at hand."""
    if not FACTS.is_dir():
        pytest.skip("the facts the seeds were made from (../shared/facts) are not here")
    found: dict[str, Any] = {}
    for path in sorted(FACTS.rglob("*.yaml")):
        plain = YAML(typ="safe").load(path)
        found[path.stem] = json.loads(json.dumps(plain, default=str))
    return found
