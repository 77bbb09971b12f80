"""An audit: what a page says beside what a release holds. The records of what was found, and whether it needs work."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kb.audit.wording import Wording
from kb.evidence.catalogue.en import ENGLISH
from schema.check import Check, Difference
from schema.citation import Citation
from schema.page_text import PrintedReference
from schema.study import Study
from schema.summary import Summary
from schema.terms import BibliographicSource, VerificationState


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
    REFERENCE_DISPUTED = "reference-disputed"
    CHECK_STALE = "check-stale"
    STRONGER_THAN_EVIDENCE = "stronger-than-evidence"
    NO_EVIDENCE = "no-evidence"
    PART_WITHOUT_EVIDENCE = "part-without-evidence"
    HARMS_NOT_MENTIONED = "harms-not-mentioned"
    HARMS_DENIED = "harms-denied"
    CITES_UNUSABLE_REFERENCE = "cites-unusable-reference"
    LANGUAGE_NOT_SUPPORTED = "language-not-supported"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A rule's level, what it means, and what to do about it."""

    level: Level
    meaning: str
    remedy: str


RULES = {
    Rule.REFERENCE_NOT_FOUND: Meaning(
        Level.ERROR,
        "No source that was asked holds the work that the reference names.",
        "Name the work that was read, with its DOI or PMID, or remove the reference and what rests on it.",
    ),
    Rule.REFERENCE_MISQUOTED: Meaning(
        Level.ERROR,
        "The work exists, and a field of substance is printed wrongly.",
        "Print the field as the work has it; look whether the right work is meant.",
    ),
    Rule.REFERENCE_OFF_TOPIC: Meaning(
        Level.WARNING,
        "The work is about nothing that the page makes a claim about.",
        "Cite a study of the therapy and the condition, or remove the reference.",
    ),
    Rule.REFERENCE_RETRACTED: Meaning(
        Level.ERROR,
        "The work was retracted or removed: it supports nothing.",
        "Remove the reference, and look again at every claim that rests on it.",
    ),
    Rule.REFERENCE_CONCERN: Meaning(
        Level.WARNING,
        "The publisher warns about the work (an expression of concern).",
        "Say so beside the claim, or cite another study.",
    ),
    Rule.REFERENCE_UNCHECKED: Meaning(
        Level.NOTE,
        "The reference could not be checked.",
        "Ask the bibliographic sources, or load the work into the knowledge base.",
    ),
    Rule.REFERENCE_DISPUTED: Meaning(
        Level.NOTE,
        "A source that was asked does not agree with what is held of the work.",
        "Look at the work itself; correct the record of the knowledge base if it is wrong.",
    ),
    Rule.CHECK_STALE: Meaning(
        Level.NOTE,
        "The check is over a year old, or the record was corrected since.",
        "Check it again.",
    ),
    Rule.STRONGER_THAN_EVIDENCE: Meaning(
        Level.ERROR,
        "The wording claims more than the evidence allows.",
        "Word it as sure as the evidence is: high certainty “reduces”, moderate “probably reduces”, low “may reduce”, "
        "very low “it is very uncertain whether it reduces” (GRADE guidelines 26, "
        "doi:10.1016/j.jclinepi.2019.10.014).",
    ),
    Rule.NO_EVIDENCE: Meaning(
        Level.WARNING,
        "No study with a result on what the statement claims is held.",
        "Cite a study, or say that no evidence is known; load the study if there is one.",
    ),
    Rule.PART_WITHOUT_EVIDENCE: Meaning(
        Level.NOTE,
        "No study with a result on some of what the statement claims is held.",
        "Say which part has evidence.",
    ),
    Rule.HARMS_NOT_MENTIONED: Meaning(
        Level.WARNING,
        "Studies report harms, and the page says nothing of them there.",
        "Tell the harms beside the benefit.",
    ),
    Rule.HARMS_DENIED: Meaning(
        Level.ERROR,
        "The page says that a treatment has no harms. No study can show that.",
        "Tell which harms were seen, or that few were looked for.",
    ),
    Rule.CITES_UNUSABLE_REFERENCE: Meaning(
        Level.WARNING,
        "The statement cites a reference that does not support it.",
        "Cite a work that supports it, or change the statement.",
    ),
    Rule.LANGUAGE_NOT_SUPPORTED: Meaning(
        Level.WARNING,
        "The page is not in English: what it claims was not compared with the evidence.",
        "Let somebody who reads its language compare its claims with the evidence.",
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that an editor should know of."""

    rule: Rule
    message: str

    @property
    def level(self) -> Level:
        """How much it matters."""
        return RULES[self.rule].level


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """What a source said of the work, and whether that is over a year ago or before the record was corrected."""

    check: Check
    stale: bool = False


@dataclass(frozen=True, slots=True)
class AuditedReference:
    """One printed reference, and what became of it. ``off_topic`` is False where its content is not known."""

    position: int
    printed: PrintedReference
    verdict: VerificationState
    #: The work that it means; ``held`` says whether the knowledge base has it, or a source alone.
    citation: Citation | None
    held: bool
    studies: tuple[Study, ...]
    differences: tuple[Difference, ...]
    off_topic: bool
    retracted: bool
    #: What a check found, in words.
    note: str | None
    #: What the sources said: recorded, or asked for this audit.
    checks: tuple[SourceCheck, ...]
    #: The sources that could not be asked, with the reason.
    not_asked: Mapping[BibliographicSource, str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """A reference beside a statement: whether the page cites it there, and whether it supports the claim.

    ``supports`` is None where what the work found is not read, or points different ways.
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


def about(names: Mapping[str, str], therapy: str, condition: str) -> str:
    """Return a pair in words: ``Platelet-rich plasma for knee osteoarthritis``."""
    return f"{names.get(therapy, therapy)} for {ENGLISH.naming(names.get(condition, condition), None).bare}"


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
    names: Mapping[str, str]
    #: What is wrong with the page as a whole.
    problems: tuple[Problem, ...]
    #: What the answers beside the claims rest on, by id: studies, and their reports.
    studies: Mapping[str, Study]
    citations: Mapping[str, Citation]

    @property
    def needs_work(self) -> bool:
        """Whether something needs fixing: any problem but a note."""
        parts = (self, *self.references, *self.statements)
        return any(problem.level is not Level.NOTE for one in parts for problem in one.problems)
