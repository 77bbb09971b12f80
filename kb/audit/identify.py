"""Identify: which work a printed reference means, and all that is held of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kb.audit.audit import SourceCheck
from kb.audit.printed import facts_of, meant, title_within
from kb.errors import NotFound
from kb.matching import keys_of
from kb.matching.facts import letters
from kb.matching.verdict import UNLIKE
from kb.questions import Questions
from kb.questions.checks import is_stale, read_checks
from kb.questions.pages import citations_like, studies_reported_in
from kb.store import Store
from kb.verification.compare import title_likeness
from schema.citation import Citation
from schema.page import Reference
from schema.page_text import PrintedReference
from schema.study import Study
from schema.terms import BibliographicSource, VerificationState

#: What a check of the reference itself found outweighs what is known of the work it names.
CHECKED = (VerificationState.NOT_FOUND, VerificationState.MISMATCH, VerificationState.VERIFIED)


@dataclass(frozen=True, slots=True)
class Identified:
    """A printed reference with what is held of it."""

    position: int
    printed: PrintedReference
    #: What is recorded of the reference itself, on this page or another.
    known: Reference | None
    citation: Citation | None = None
    studies: tuple[Study, ...] = ()
    #: What the sources said of the citation, in their order.
    checks: tuple[SourceCheck, ...] = ()


async def identify(
    store: Store,
    questions: Questions,
    position: int,
    printed: PrintedReference,
    known: Reference | None,
    release: int,
) -> Identified:
    """Return what a release holds of a printed reference: the work, its studies, and what the sources said of it."""
    citation = await find_citation(store, questions, printed, known, release)
    if citation is None:
        return Identified(position, printed, known)
    recorded = (await read_checks(store, [citation.id]))[citation.id]
    replaced = (await questions.catalogue(release)).vocabulary.replaced
    return Identified(
        position,
        printed,
        known,
        replaced.moved(citation),
        studies=tuple(map(replaced.moved, await studies_reported_in(store, citation.id, release))),
        checks=tuple(
            SourceCheck(check, is_stale(check, citation))
            for source in BibliographicSource
            if (check := recorded.get(source))
        ),
    )


async def find_citation(
    store: Store, questions: Questions, printed: PrintedReference, known: Reference | None, release: int
) -> Citation | None:
    """Return the citation that a reference means: as an editor recorded it, by identifiers, or by what is printed.

    Where an identifier leads to a work with quite another title, and another one has the title, that one is meant.
    """
    if known and known.citation:
        try:
            return await questions.citation(id=known.citation, as_of=release)
        except NotFound:
            pass
    named: Citation | None = None
    for name, value in {"pmid": printed.pmid, "doi": printed.doi, "pmcid": printed.pmcid}.items():
        if value and named is None:
            try:
                named = await questions.citation(**{name: value}, as_of=release)
            except NotFound:
                continue
    other = named and printed.title and named.title and title_likeness(printed.title, named.title) < UNLIKE
    if named and (not other or title_within(printed, named)):
        return named
    return meant(printed, await citations_like(store, _keys(printed), release)) or named


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
            if one.verification in CHECKED and letters(one.printed) == wanted
        ),
        None,
    )
