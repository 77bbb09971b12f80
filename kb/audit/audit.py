"""An audit: what a page says beside what a release holds. The records of what was found, and whether it needs work."""

from dataclasses import dataclass
from enum import StrEnum

from kb.audit.lexicon import Wording
from schema.check import Difference
from schema.citation import Citation
from schema.page_text import PrintedReference
from schema.study import Study
from schema.summary import Summary
from schema.terms import VerificationState


class Level(StrEnum):
    """How much a problem matters: an ERROR is wrong, a WARNING needs work too, a NOTE is to be known."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Rule(StrEnum):
    """What an audit looks for. The value is the id of the rule in SARIF."""

    REFERENCE_NOT_FOUND = "reference-not-found"
    REFERENCE_MISQUOTED = "reference-misquoted"
    REFERENCE_OFF_TOPIC = "reference-off-topic"
    REFERENCE_RETRACTED = "reference-retracted"
    REFERENCE_CONCERN = "reference-concern"
    REFERENCE_UNCHECKED = "reference-unchecked"
    STRONGER_THAN_EVIDENCE = "stronger-than-evidence"
    NO_EVIDENCE = "no-evidence"
    PART_WITHOUT_EVIDENCE = "part-without-evidence"
    HARMS_NOT_MENTIONED = "harms-not-mentioned"
    CITES_UNUSABLE_REFERENCE = "cites-unusable-reference"


#: Each rule's level, and what it means.
RULES = {
    Rule.REFERENCE_NOT_FOUND: (Level.ERROR, "No source that was asked holds the work that the reference names."),
    Rule.REFERENCE_MISQUOTED: (Level.ERROR, "The work exists, and a field of substance is printed wrongly."),
    Rule.REFERENCE_OFF_TOPIC: (Level.WARNING, "The work is about nothing that the page makes a claim about."),
    Rule.REFERENCE_RETRACTED: (Level.ERROR, "The work was retracted or removed: it supports nothing."),
    Rule.REFERENCE_CONCERN: (Level.WARNING, "The publisher warns about the work (an expression of concern)."),
    Rule.REFERENCE_UNCHECKED: (Level.NOTE, "The reference could not be checked by what the knowledge base holds."),
    Rule.STRONGER_THAN_EVIDENCE: (Level.ERROR, "The wording claims more than the evidence allows."),
    Rule.NO_EVIDENCE: (Level.WARNING, "No study of what the statement claims is held."),
    Rule.PART_WITHOUT_EVIDENCE: (Level.NOTE, "No study is held of some of what the statement claims."),
    Rule.HARMS_NOT_MENTIONED: (Level.WARNING, "Studies report harms, and the page says nothing of them there."),
    Rule.CITES_UNUSABLE_REFERENCE: (Level.WARNING, "The statement cites a reference that does not support it."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that an editor should know of."""

    rule: Rule
    message: str

    @property
    def level(self) -> Level:
        """How much it matters."""
        return RULES[self.rule][0]


@dataclass(frozen=True, slots=True)
class AuditedReference:
    """One printed reference, and what became of it. ``off_topic`` is False where its content is not known."""

    position: int
    printed: PrintedReference
    verdict: VerificationState
    citation: Citation | None
    studies: tuple[Study, ...]
    differences: tuple[Difference, ...]
    off_topic: bool
    retracted: bool
    #: What an earlier check found, in words.
    note: str | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """A reference beside a statement: whether the page cites it there, and whether it supports the claim.

    ``supports`` is None where what the work found is not read.
    """

    position: int
    citation: str | None
    cited: bool
    on_topic: bool
    supports: bool | None


@dataclass(frozen=True, slots=True)
class AuditedStatement:
    """One claim: what it is about, what the release holds of that, and how the two go together."""

    text: str
    line: int | None
    therapies: tuple[str, ...]
    conditions: tuple[str, ...]
    wording: Wording
    evidence: tuple[Summary, ...]
    stronger_than_evidence: bool
    harms_mentioned: bool
    references: tuple[Cited, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """A whole page. ``id`` is set for a page of the knowledge base; ``name`` is its file, address or id."""

    id: str | None
    name: str
    title: str | None
    release: int
    references: tuple[AuditedReference, ...]
    statements: tuple[AuditedStatement, ...]
    #: Names of the therapies and conditions that occur, by id.
    names: dict[str, str]

    @property
    def needs_work(self) -> bool:
        """Whether something needs fixing: any problem but a note."""
        return any(
            problem.level is not Level.NOTE for one in (*self.references, *self.statements) for problem in one.problems
        )
