"""The report: one self-contained page that an editor can read, print and send."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from kb.audit.audit import RULES, Audit, AuditedReference, AuditedStatement, Level, Problem, Rule
from kb.audit.wording import Wording
from kb.verification import NAMES
from schema.citation import Citation
from schema.summary import Summary

#: What is to be fixed first: what may harm a reader, then what nobody can follow, then what is incomplete.
ORDER = (
    Rule.REFERENCE_RETRACTED,
    Rule.STRONGER_THAN_EVIDENCE,
    Rule.REFERENCE_NOT_FOUND,
    Rule.REFERENCE_MISQUOTED,
    Rule.HARMS_NOT_MENTIONED,
    Rule.CITES_UNUSABLE_REFERENCE,
    Rule.NO_EVIDENCE,
    Rule.REFERENCE_OFF_TOPIC,
    Rule.REFERENCE_CONCERN,
)


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
    return _template().render(
        audit=audit,
        tasks=tasks(audit),
        answers=sorted(answers.values(), key=lambda one: (audit.names[one.therapy], audit.names[one.condition])),
        plain=plain,
        people=people,
        address=address,
        needs_work=needs_work,
        rules=RULES,
        sources=NAMES,
        note=Level.NOTE,
    )


def tasks(audit: Audit) -> list[Task]:
    """Return what is to be fixed, the most urgent first: one task for each reference and each claim."""
    ranked = sorted(_tasks(audit), key=lambda pair: pair[0])
    return [task for _, task in ranked]


def _tasks(audit: Audit) -> Iterator[tuple[tuple[int, int, int], Task]]:
    for kind, name, entries in (("claim", "Claim", audit.statements), ("reference", "Reference", audit.references)):
        for number, one in enumerate(entries, 1):
            work = sorted((each for each in one.problems if each.level is not Level.NOTE), key=_urgency)
            if work:
                text = one.text if isinstance(one, AuditedStatement) else one.printed.printed
                # Of two claims that are too strong, the more absolute one.
                firm = one.wording if isinstance(one, AuditedStatement) else Wording.NO_CLAIM
                task = Task(f"{kind}-{number}", f"{name} {number}", text, work[0], len(work) - 1)
                yield (_urgency(work[0]), -firm, number), task


def _urgency(problem: Problem) -> int:
    return ORDER.index(problem.rule)


def needs_work(one: AuditedReference | AuditedStatement) -> bool:
    """Return whether a reference or a claim has a problem that needs fixing."""
    return any(problem.level is not Level.NOTE for problem in one.problems)


def people(answer: Summary) -> str:
    """Return in how many people and studies the leading result of an answer was found."""
    if not answer.lines:
        return "no study counts"
    lead = answer.lines[0]
    studies = f"{len(lead.studies)} {'study' if len(lead.studies) == 1 else 'studies'}"
    if lead.participants is None:
        return f"{studies}; the number of people is not reported"
    unknown = f" ({lead.participants_unknown} of them do not report it)" if lead.participants_unknown else ""
    return f"{lead.participants:,} people in {studies}{unknown}"


def address(citation: Citation) -> str | None:
    """Return where a work can be read."""
    if citation.doi:
        return f"https://doi.org/{citation.doi}"
    return f"https://pubmed.ncbi.nlm.nih.gov/{citation.pmid}/" if citation.pmid else None


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
