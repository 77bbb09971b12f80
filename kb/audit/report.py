"""The report: one self-contained page that an editor can read, print and send."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from kb.audit.audit import RULES, Audit, AuditedReference, AuditedStatement, Level, Problem, Rule, about
from kb.audit.wording import excess
from kb.verification import NAMES
from schema.citation import Citation
from schema.summary import Summary
from schema.terms import Synthesis, VerificationState

#: What is to be fixed first: what may harm a reader, then what nobody can follow, then what is incomplete. Claims that
#: are stronger than their evidence stand before or behind the references, by how much stronger they are.
ORDER = (
    Rule.REFERENCE_RETRACTED,
    Rule.HARMS_DENIED,
    Rule.STRONGER_THAN_EVIDENCE,
    Rule.REFERENCE_NOT_FOUND,
    Rule.REFERENCE_MISQUOTED,
    Rule.CITES_UNUSABLE_REFERENCE,
    Rule.HARMS_NOT_MENTIONED,
    Rule.NO_EVIDENCE,
    Rule.REFERENCE_OFF_TOPIC,
    Rule.REFERENCE_CONCERN,
)
#: Levels of certainty from which a claim is far from its evidence.
FAR = 2


@dataclass(frozen=True, slots=True)
class Task:
    """Something to fix: where it stands in the report, what it is called, the gravest problem, and how many more."""

    anchor: str
    name: str
    text: str
    problem: Problem
    more: int


def report_html(audit: Audit) -> str:
    """Return the report of an audit: escaped, without scripts, and without anything loaded from elsewhere."""
    answers = {(one.therapy, one.condition): one for each in audit.statements for one in each.evidence}
    occurring = {problem.rule for one in (audit, *audit.references, *audit.statements) for problem in one.problems}
    return _template().render(
        audit=audit,
        tasks=tasks(audit),
        answers=sorted(answers.values(), key=lambda one: (audit.names[one.therapy], audit.names[one.condition])),
        plain=plain,
        verdicts=VERDICTS,
        unchecked=sum(one.verdict is VerificationState.PENDING for one in audit.references),
        about=partial(_about, audit),
        people=people,
        address=address,
        needs_work=needs_work,
        rules={rule: meaning for rule, meaning in RULES.items() if rule in occurring},
        sources=NAMES,
        note=Level.NOTE,
    )


def _about(audit: Audit, answer: Summary) -> str:
    return about(audit.names, answer.therapy, answer.condition)


def tasks(audit: Audit) -> list[Task]:
    """Return what is to be fixed, the most urgent first: one task for each reference and each claim."""
    ranked: list[tuple[int, int, Task]] = []
    for number, claim in enumerate(audit.statements, 1):
        # A claim without any evidence is as far from it as it is firm.
        over = max(
            (excess(claim.wording, one.direction, one.certainty) for one in claim.evidence), default=claim.wording
        )
        for rank, task in _task(claim, f"claim-{number}", f"Claim {number}", claim.text):
            near = task.problem.rule is Rule.STRONGER_THAN_EVIDENCE and over < FAR
            ranked.append((ORDER.index(Rule.REFERENCE_MISQUOTED) if near else rank, -over, task))
    for one in audit.references:
        for rank, task in _task(one, f"reference-{one.position}", f"Reference {one.position}", one.printed.printed):
            ranked.append((rank, -FAR, task))
    return [task for _, _, task in sorted(ranked, key=lambda one: one[:2])]


def _task(one: AuditedReference | AuditedStatement, anchor: str, name: str, text: str) -> Iterator[tuple[int, Task]]:
    work = [each for each in one.problems if each.level is not Level.NOTE]
    if work:
        first = min(work, key=lambda each: ORDER.index(each.rule))
        yield ORDER.index(first.rule), Task(anchor, name, text, first, len(work) - 1)


def needs_work(one: AuditedReference | AuditedStatement) -> bool:
    """Return whether a reference or a claim has a problem that needs fixing."""
    return any(problem.level is not Level.NOTE for problem in one.problems)


def people(answer: Summary) -> str:
    """Return in how many people and studies the leading result of an answer was found."""
    if not answer.lines:
        return "no study counts"
    lead = answer.lines[0]
    one, many = ("review", "reviews") if lead.synthesis is Synthesis.REVIEW_CONCLUSION else ("study", "studies")
    studies = f"{len(lead.studies)} {one if len(lead.studies) == 1 else many}"
    if lead.participants is None:
        return f"{studies}; the number of people is not reported"
    unknown = f" ({lead.participants_unknown} of them do not report it)" if lead.participants_unknown else ""
    return f"{lead.participants:,} people in {studies}{unknown}"


def address(citation: Citation) -> str | None:
    """Return where a work can be read."""
    if citation.doi:
        return f"https://doi.org/{citation.doi}"
    return f"https://pubmed.ncbi.nlm.nih.gov/{citation.pmid}/" if citation.pmid else None


#: Verdicts on a reference, as an editor says them.
VERDICTS = {
    VerificationState.VERIFIED: "found, and quoted rightly",
    VerificationState.MISMATCH: "misquoted",
    VerificationState.NOT_FOUND: "not found",
    VerificationState.PENDING: "not checked",
}


def plain(term: str) -> str:
    """Return a controlled term in plain letters."""
    return term.replace("_", " ").lower()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("audit.html")
