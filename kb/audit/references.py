"""References: what a printed reference means, whether it says it rightly, and what the work is about."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kb.audit.audit import AuditedReference, Problem, Rule
from kb.audit.printed import differences, facts_of, meant, only_subtitle
from kb.errors import NotFound
from kb.evidence.evidence import Vocabulary
from kb.evidence.rollup import Hierarchy
from kb.matching import keys_of
from kb.matching.facts import letters
from kb.questions import Questions
from kb.questions.pages import citations_like, studies_reported_in
from kb.store import Store
from schema.check import Difference
from schema.citation import Citation
from schema.page import Reference
from schema.page_text import PrintedReference
from schema.study import Study
from schema.terms import RetractionState, VerificationState

#: What a check of the reference itself found outweighs what is known of the work it names.
_CHECKED = (VerificationState.NOT_FOUND, VerificationState.MISMATCH, VerificationState.VERIFIED)


async def find_citation(
    store: Store, questions: Questions, printed: PrintedReference, known: Reference | None, release: int
) -> Citation | None:
    """Return the citation that a reference means: as an editor recorded it, by identifiers, or by what is printed."""
    named = {"id": known.citation if known else None, "pmid": printed.pmid, "doi": printed.doi}
    for name, value in named.items():
        if value:
            try:
                return await questions.citation(**{name: value}, as_of=release)
            except NotFound:
                continue
    return meant(printed, await citations_like(store, _keys(printed), release))


def _keys(printed: PrintedReference) -> dict[str, set[str]]:
    """Match keys of the reference; in the years beside its own too, for that of print and that of the web differ."""
    found: dict[str, set[str]] = {}
    years = [None] if printed.year is None else [printed.year - 1, printed.year, printed.year + 1]
    for year in years:
        for name, value in keys_of(facts_of(replace(printed, year=year))).items():
            found.setdefault(name, set()).add(value)
    return found


def checked_before(printed: PrintedReference, references: Iterable[Reference]) -> Reference | None:
    """Return the reference of any page that is printed alike and was checked; case and punctuation do not count."""
    wanted = letters(printed.printed)
    return next(
        (
            one
            for one in sorted(references, key=lambda one: one.id)
            if one.verification in _CHECKED and letters(one.printed) == wanted
        ),
        None,
    )


async def audit_reference(
    store: Store,
    questions: Questions,
    position: int,
    printed: PrintedReference,
    known: Reference | None,
    release: int,
) -> AuditedReference:
    """Judge one reference but for its topic. ``known``: what is recorded of it, of this page or another."""
    citation = await find_citation(store, questions, printed, known, release)
    studies = () if citation is None else tuple(await studies_reported_in(store, citation.id, release))
    found = () if citation is None else tuple(differences(printed, citation))
    verdict = _verdict(citation, found, known)
    retracted = citation is not None and citation.retracted
    note = (known.verdict if known else None) or (citation.verification_note if citation else None)
    return AuditedReference(
        position=position,
        printed=printed,
        verdict=verdict,
        citation=citation,
        studies=studies,
        differences=found,
        off_topic=False,
        retracted=retracted,
        note=note,
        problems=tuple(_problems(verdict, citation, found, note)),
    )


def _verdict(citation: Citation | None, found: Sequence[Difference], known: Reference | None) -> VerificationState:
    if known is not None and known.verification is VerificationState.NOT_FOUND:
        return VerificationState.NOT_FOUND
    if found:
        return VerificationState.MISMATCH
    if known is not None and known.verification in _CHECKED:
        return known.verification
    return VerificationState.PENDING if citation is None else citation.verification


def _problems(
    verdict: VerificationState, citation: Citation | None, found: Sequence[Difference], note: str | None
) -> Iterable[Problem]:
    behind = f" ({note})" if note else ""
    if verdict is VerificationState.NOT_FOUND:
        yield Problem(
            Rule.REFERENCE_NOT_FOUND, f"The work cannot be found{behind}: name the real source, or remove it."
        )
    elif verdict is VerificationState.MISMATCH:
        for one in found:
            what = "subtitle" if only_subtitle(one) else one.field.replace("_", " ")
            yield Problem(
                Rule.REFERENCE_MISQUOTED,
                f"The {what} is misquoted: printed “{one.printed}”, found “{one.found}”.",
            )
        if not found:
            yield Problem(Rule.REFERENCE_MISQUOTED, f"A check found that it differs from the work{behind}.")
    elif verdict is VerificationState.PENDING:
        held = (
            "It is not in the knowledge base, and no other source was asked: look it up, or load it."
            if citation is None
            else f"It agrees with {citation.id}, which itself waits for verification{behind}."
        )
        yield Problem(Rule.REFERENCE_UNCHECKED, held)
    if citation is None:
        return
    if citation.retracted:
        yield Problem(Rule.REFERENCE_RETRACTED, f"{citation.id} was retracted or removed: remove it.")
    elif citation.retraction.state is RetractionState.EXPRESSION_OF_CONCERN:
        yield Problem(Rule.REFERENCE_CONCERN, f"{citation.id} is under an expression of concern.")


def topics(citation: Citation, studies: Sequence[Study]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the therapies and conditions that a work is about: by its studies, and by its own record."""
    therapies = {id_ for study in studies for id_ in study.therapies} | set(citation.about_therapies)
    conditions = {id_ for study in studies for id_ in study.conditions} | set(citation.about_conditions)
    return frozenset(therapies), frozenset(conditions)


def content_known(reference: AuditedReference) -> bool:
    """Return whether it is known what the work is about."""
    return reference.citation is not None and any(topics(reference.citation, reference.studies))


def on_topic(
    reference: AuditedReference, therapies: Sequence[str], conditions: Sequence[str], vocabulary: Vocabulary
) -> bool:
    """Return whether the work bears on a claim: on one of its therapies, and on one of its conditions if it names any.

    Narrower and broader ones count. A work that studies no therapy bears on no claim about one, whatever condition
    it shares with it.
    """
    if reference.citation is None:
        return False
    about_therapies, about_conditions = topics(reference.citation, reference.studies)
    shares_condition = _related(conditions, about_conditions, vocabulary.condition_tree)
    if not therapies:
        return shares_condition
    if not _related(therapies, about_therapies, vocabulary.therapy_tree):
        return False
    return shares_condition or not conditions or not about_conditions


def _related(one: Iterable[str], other: Iterable[str], tree: Hierarchy) -> bool:
    """Whether an id of one side is the same as, above or below an id of the other."""
    others = set(other)
    return any(others & (tree.broader(id_) | tree.narrower(id_)) for id_ in one)
