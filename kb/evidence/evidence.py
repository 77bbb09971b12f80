"""Evidence: what the rules are given for one therapy and one condition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kb.evidence.replaced import NOTHING_REPLACED, Replaced
from kb.evidence.rollup import Hierarchy
from schema.citation import Citation
from schema.comparator import Comparator
from schema.condition import Condition
from schema.finding import Finding
from schema.instrument import Instrument
from schema.judgement import Judgement
from schema.outcome import Outcome
from schema.study import Study
from schema.therapy import Therapy

#: The labels of entries that stand in a hierarchy.
Kind = Literal["Therapy", "Condition", "Outcome"]
Named = Therapy | Condition | Outcome
Entry = Named | Comparator | Instrument


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The controlled vocabulary of a release: entries by id, and the three hierarchies.

    Entries that were merged into others are none of these; ``replaced`` says which those are.
    """

    therapies: Mapping[str, Therapy]
    conditions: Mapping[str, Condition]
    outcomes: Mapping[str, Outcome]
    comparators: Mapping[str, Comparator]
    instruments: Mapping[str, Instrument]
    therapy_tree: Hierarchy
    condition_tree: Hierarchy
    outcome_tree: Hierarchy
    replaced: Replaced = NOTHING_REPLACED

    def of(self, kind: Kind) -> Mapping[str, Named]:
        """Return the entries of one kind by id."""
        if kind == "Therapy":
            return self.therapies
        return self.conditions if kind == "Condition" else self.outcomes

    def tree(self, kind: Kind) -> Hierarchy:
        """Return the hierarchy of one kind."""
        if kind == "Therapy":
            return self.therapy_tree
        return self.condition_tree if kind == "Condition" else self.outcome_tree

    @property
    def by_label(self) -> Mapping[str, Mapping[str, Entry]]:
        """The entries by label and id."""
        return {
            "Therapy": self.therapies,
            "Condition": self.conditions,
            "Outcome": self.outcomes,
            "Comparator": self.comparators,
            "Instrument": self.instruments,
        }

    def named(self, label: str, id: str) -> Entry | None:
        """Return an entry, one that was merged into another too; None for an id that is unknown."""
        return self.by_label[label].get(id) or self.replaced.entries.get((label, id))

    def name_of(self, label: str, id: str) -> str:
        """Return the name of an entry, of one that was merged into another too; of an unknown id the id itself."""
        found = self.named(label, id)
        return id if found is None else found.name


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything known about a therapy for a condition.

    ``findings`` are those whose therapies and conditions reach into the narrower-closures of both; they, and the
    ``studies``, name no entry that the vocabulary has replaced (:meth:`Replaced.moved`). ``studies`` and
    ``citations`` hold what the findings name; where the trials that a review includes are given too, a retracted one
    among them is noticed.
    """

    therapy: str
    condition: str
    vocabulary: Vocabulary
    findings: Sequence[Finding]
    studies: Mapping[str, Study]
    citations: Mapping[str, Citation]
    #: What reviewers judged of the certainty of this very pair's lines.
    judgements: Sequence[Judgement] = ()
