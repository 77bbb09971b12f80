"""References: whether a printed reference is found and says what the work says, and whether the work still stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from kb.audit.audit import AuditedReference, Problem, Rule, SourceCheck
from kb.audit.identify import CHECKED, Identified
from kb.audit.online import Answered
from kb.audit.printed import only_subtitle
from kb.audit.recorded import Misquoted, asked, misquoted, newest, standing, words_of
from kb.questions.checks import FRESH
from kb.verification import another_work
from schema.citation import Citation
from schema.page import Reference
from schema.terms import BibliographicSource, RetractionState, VerificationState


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on one reference: where the page errs, what was found in words, and what else is to be told."""

    verdict: VerificationState
    wrong: tuple[Misquoted, ...] = ()
    note: str | None = None
    told: tuple[Problem, ...] = ()


def audit_reference(one: Identified, answered: Answered | None) -> AuditedReference:
    """Judge one reference but for its topic; ``answered`` is what the sources said when asked for this audit. Pure."""
    judged = judge_held(one)
    citation, checks = one.citation, one.checks
    not_asked: Mapping[BibliographicSource, str] = {}
    if answered is not None:
        not_asked, checks = answered.failures, answered.checks or checks
        state, found = answered.verdict.state, answered.citation
        if state is not VerificationState.PENDING:
            told = tuple(each for each in judged.told if each.rule is not Rule.CHECK_STALE)
            judged = Judged(state, tuple(map(Misquoted, answered.differences)), answered.verdict.note, told)
        if found is not None:
            citation = _with_notice(citation, found)
    return AuditedReference(
        position=one.position,
        printed=one.printed,
        verdict=judged.verdict,
        citation=citation,
        held=one.citation is not None,
        studies=one.studies,
        differences=tuple(each.difference for each in judged.wrong),
        off_topic=False,
        retracted=citation is not None and citation.retracted,
        note=judged.note,
        checks=checks,
        not_asked=not_asked,
        problems=(
            *_verdict_problems(judged, checks),
            *_pending(one, answered, judged),
            *_notices(citation),
            *judged.told,
        ),
    )


def _with_notice(held: Citation | None, found: Citation) -> Citation:
    """The citation that is held, with the notice that a source has and the knowledge base has not."""
    if held is None:
        return found
    graver = found.retraction.state in (RetractionState.RETRACTED, RetractionState.REMOVED) and not held.retracted
    return held.model_copy(update={"retraction": found.retraction}) if graver else held


def due(one: Identified) -> bool:
    """Return whether nothing that is held settles a reference: the sources are to be asked."""
    return judge_held(one).verdict is VerificationState.PENDING or (one.known is not None and outdated(one.known))


def outdated(known: Reference) -> bool:
    """Return whether what is recorded of a reference itself is over a year old; its day may be known to the month."""
    day = known.checked or ""
    whole = {4: f"{day}-12-31", 7: f"{day}-28"}.get(len(day), day)
    try:
        return datetime.now(UTC).date() - date.fromisoformat(whole) > FRESH
    except ValueError:
        return False


def judge_held(one: Identified) -> Judged:
    """Return the verdict by what is held: the recorded check of the reference, the work, and its recorded checks."""
    citation, known = one.citation, one.known
    wrong = () if citation is None else misquoted(one.printed, citation, one.checks)
    sources = standing(one.checks)
    told = tuple(_told(one))
    if known is not None and known.verification is VerificationState.NOT_FOUND:
        if citation is None or wrong or citation.verification is not VerificationState.VERIFIED:
            return Judged(VerificationState.NOT_FOUND, wrong, _recorded(known), told)
        outlived = f"An earlier check did not find it ({_recorded(known)}); {citation.id} is held since, and verified."
        return Judged(VerificationState.VERIFIED, (), None, (*told, Problem(Rule.REFERENCE_DISPUTED, outlived)))
    missing = sources is not None and sources.state is VerificationState.NOT_FOUND
    if missing and not (known and known.checked and known.checked > newest(one.checks)):
        return Judged(VerificationState.NOT_FOUND, wrong, sources.note if sources else None, told)
    if wrong:
        return Judged(VerificationState.MISMATCH, wrong, _recorded(known) if known else None, told)
    if known is not None and known.verification in CHECKED:
        return Judged(known.verification, (), _recorded(known), told)
    if citation is None:
        return Judged(VerificationState.PENDING)
    if sources is not None and sources.state is not VerificationState.PENDING:
        elsewhere = any(another_work(each.check) for each in one.checks if not each.stale)
        state = VerificationState.MISMATCH if elsewhere else VerificationState.VERIFIED
        return Judged(state, (), sources.note, told)
    state = VerificationState.PENDING if one.checks else citation.verification
    return Judged(state, (), citation.verification_note, told)


def _recorded(known: Reference) -> str:
    day = f"checked {known.checked}" if known.checked else None
    return ", ".join(part for part in (known.verdict, day) if part)


def _told(one: Identified) -> Iterable[Problem]:
    """What the sources said against the work that is held, and what is too old to stand."""
    if one.known is not None and one.known.verification in CHECKED and outdated(one.known):
        yield Problem(Rule.CHECK_STALE, f"The reference was checked {one.known.checked}, over a year ago.")
    if one.citation is None:
        return
    for each in one.checks:
        against = each.check.verdict in (VerificationState.NOT_FOUND, VerificationState.MISMATCH)
        if each.stale:
            yield Problem(
                Rule.CHECK_STALE,
                f"{words_of(each.check)}. That is over a year ago, or {one.citation.id} was corrected since: it is "
                "to be checked again.",
            )
        elif against:
            yield Problem(Rule.REFERENCE_DISPUTED, f"{words_of(each.check)}.")


def _verdict_problems(judged: Judged, checks: Sequence[SourceCheck]) -> Iterable[Problem]:
    behind = f" ({judged.note})" if judged.note else ""
    if judged.verdict is VerificationState.NOT_FOUND:
        days = dict.fromkeys(asked(one.check) for one in checks if not one.stale)
        where = f" – {'; '.join(days)}" if days else ""
        yield Problem(
            Rule.REFERENCE_NOT_FOUND,
            f"The work cannot be found{behind}{where}: name the real source, or remove it.",
        )
    elif judged.verdict is VerificationState.MISMATCH:
        for one in judged.wrong:
            what = "subtitle" if only_subtitle(one.difference) else one.difference.field.replace("_", " ")
            told = f" ({one.told})" if one.told else ""
            yield Problem(
                Rule.REFERENCE_MISQUOTED,
                f"The {what} is misquoted: printed “{one.difference.printed}”, found “{one.difference.found}”{told}.",
            )
        if not judged.wrong:
            yield Problem(Rule.REFERENCE_MISQUOTED, f"A check found that it differs from the work{behind}.")


def _pending(one: Identified, answered: Answered | None, judged: Judged) -> Iterable[Problem]:
    if judged.verdict is not VerificationState.PENDING:
        return
    if answered is not None:
        why = "; ".join(dict.fromkeys(answered.failures.values()))
        told = f" ({why})" if why else ""
        yield Problem(Rule.REFERENCE_UNCHECKED, f"It could not be checked: {answered.verdict.note}{told}.")
        return
    behind = f" ({judged.note})" if judged.note else ""
    held = (
        "It is not in the knowledge base"
        if one.citation is None
        else f"It agrees with {one.citation.id}, which itself waits for verification{behind}"
    )
    yield Problem(Rule.REFERENCE_UNCHECKED, f"{held}, and no source was asked.")


def _notices(citation: Citation | None) -> Iterable[Problem]:
    if citation is None:
        return
    notice = citation.retraction
    named = (notice.notice_doi and f"doi:{notice.notice_doi}") or (notice.notice_pmid and f"PMID {notice.notice_pmid}")
    behind = ", ".join(part for part in (notice.date, named and f"notice {named}", notice.reason) if part)
    told = f" ({behind})" if behind else ""
    if citation.retracted:
        yield Problem(Rule.REFERENCE_RETRACTED, f"{citation.id} was retracted or removed{told}: remove it.")
    elif notice.state is RetractionState.EXPRESSION_OF_CONCERN:
        yield Problem(Rule.REFERENCE_CONCERN, f"{citation.id} is under an expression of concern{told}.")
