"""Online: what the bibliographic sources say of the references that nothing held can settle.

They are asked and judged as ``kb verify`` asks and judges citations; nothing of it is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.audit.audit import SourceCheck
from kb.audit.identify import Identified
from kb.audit.printed import as_citation, cut_short, is_article, misdated, title_within
from kb.ingest.apply import now
from kb.matching import Facts
from kb.verification import Asking, Reply, Verdict, another_work, check_of, compare, verdict_of
from schema.check import Check, Difference
from schema.citation import Citation
from schema.page_text import PrintedReference
from schema.records import IDENTIFIERS
from schema.terms import BibliographicSource, RetractionState, VerificationState

#: The graver a state of the work, the earlier it stands; what no source tells is not known.
GRAVEST = (RetractionState.REMOVED, RetractionState.RETRACTED, RetractionState.EXPRESSION_OF_CONCERN)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the sources say of one reference; ``citation`` is the work with the gravest notice that one of them has."""

    verdict: Verdict
    citation: Citation | None
    differences: tuple[Difference, ...]
    checks: tuple[SourceCheck, ...]
    failures: Mapping[BibliographicSource, str]


async def ask_online(references: Iterable[Identified], asking: Asking) -> dict[int, Answered]:
    """Ask about each reference, and return what the sources say by its position.

    Where a printed identifier leads to a work with quite another title, the title is looked for as well: the page
    may print a wrong identifier of a real work.
    """
    wanted = {f"local:printed-{one.position}": one for one in references}
    printed = {id_: _asked_for(one) for id_, one in wanted.items()}
    found: dict[str, Answered] = {}
    async for citation, replies in asking([*printed.values()]):
        found[citation.id] = judge_replies(wanted[citation.id].printed, citation, list(replies))
    elsewhere = [id_ for id_, one in found.items() if any(another_work(each.check) for each in one.checks)]
    bare = [printed[id_].model_copy(update=dict.fromkeys(IDENTIFIERS)) for id_ in elsewhere]
    async for citation, replies in asking(bare):
        by_title = judge_replies(wanted[citation.id].printed, citation, list(replies))
        found[citation.id] = _meant(printed[citation.id], found[citation.id], by_title)
    return {wanted[id_].position: one for id_, one in found.items()}


def _asked_for(one: Identified) -> Citation:
    """What is printed, with the identifiers that are held of the work where the page prints none."""
    printed = as_citation(one.printed, one.position)
    if one.citation is None or any(getattr(printed, name) for name in IDENTIFIERS):
        return printed
    return printed.model_copy(update={name: getattr(one.citation, name) for name in IDENTIFIERS})


def judge_replies(reference: PrintedReference, printed: Citation, replies: Sequence[Reply]) -> Answered:
    """Return what replies amount to for a reference, which was asked for as ``printed``. Pure but for the time."""
    at = now()
    titles = (title_within(reference, one) for reply in replies for one in reply.results)
    if title := next(filter(None, titles), None):
        printed = printed.model_copy(update={"title": title})
    checks: dict[BibliographicSource, Check] = {}
    failures: dict[BibliographicSource, str] = {}
    works: list[Citation] = []
    for reply in replies:
        check = _checked(printed, reply, at)
        if check is None:
            failures[reply.source] = reply.failure or ""
            continue
        checks[reply.source] = check
        work = next((one for one in reply.results if one.id == check.found_as), None)
        if work is not None and not another_work(check):
            works.append(work)
    verdict = verdict_of(checks, failures)
    differing = [each for one in checks.values() for each in one.differences]
    if verdict.state is not VerificationState.MISMATCH:
        differing = []
    if verdict.state is VerificationState.VERIFIED and (wrong := misdated(printed.year, works)):
        verdict, differing = Verdict(VerificationState.MISMATCH, f"no source has the year {printed.year}"), [wrong]
    if verdict.state is VerificationState.NOT_FOUND and not is_article(reference):
        verdict = Verdict(
            VerificationState.PENDING,
            f"{verdict.note}; it is not printed as an article, and the sources hold little else",
        )
    return Answered(
        verdict=verdict,
        citation=_gravest(works),
        differences=tuple({one.field: one for one in reversed(differing)}.values())[::-1],
        checks=tuple(SourceCheck(one) for one in checks.values()),
        failures=failures,
    )


def _checked(printed: Citation, reply: Reply, at: str) -> Check | None:
    """The check that a reply is. A title that breaks off, found with its author and year, is misquoted."""
    check = check_of(printed, reply, at)
    if check is None or check.found_as or not reply.searched:
        return check
    facts = Facts.of(printed.model_copy(update=dict.fromkeys(IDENTIFIERS)))
    work = next((one for one in reply.results if cut_short(facts, Facts.of(one))), None)
    if work is None:
        return check
    wrong = compare(printed, work)
    return check.model_copy(update={"verdict": VerificationState.MISMATCH, "found_as": work.id, "differences": wrong})


def _gravest(works: list[Citation]) -> Citation | None:
    if not works:
        return None
    marked = [one for state in GRAVEST for one in works if one.retraction.state is state]
    return works[0].model_copy(update={"retraction": marked[0].retraction}) if marked else works[0]


def _meant(printed: Citation, first: Answered, by_title: Answered) -> Answered:
    """The work that the title names, whose identifier is printed wrongly; else what the identifier led to."""
    if by_title.citation is None:
        return first
    work = by_title.citation
    led_astray = " ".join(one.check.looked_for for one in first.checks if another_work(one.check))
    wrong = tuple(
        Difference(field=name, printed=ours, found=getattr(work, name) or f"another work’s than {work.id}")
        for name in IDENTIFIERS
        if (ours := getattr(printed, name)) and ours in led_astray
    )
    return Answered(
        verdict=first.verdict,
        citation=work,
        differences=(*by_title.differences, *wrong),
        checks=(*first.checks, *by_title.checks),
        failures=by_title.failures,
    )
