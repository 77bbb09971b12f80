"""What replies amount to: the check of each source, and the verdict over all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.matching.verdict import UNLIKE
from kb.questions.checks import compared_hash
from kb.verification.closest import closest
from kb.verification.compare import agreed, compare, title_likeness
from kb.verification.reply import Reply
from schema.check import Check, check_id
from schema.citation import Citation
from schema.terms import BibliographicSource, VerificationState

#: As people call them.
NAMES = {
    BibliographicSource.PUBMED: "PubMed",
    BibliographicSource.CROSSREF: "Crossref",
    BibliographicSource.EUROPE_PMC: "Europe PMC",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a citation, and the same in words for an editor."""

    state: VerificationState
    note: str


def _work_of(printed: Citation, reply: Reply) -> Citation | None:
    """Return what a source holds under the identifier that it was asked for, or the result of a search that fits."""
    return closest(printed, reply.results) if reply.searched else next(iter(reply.results), None)


def check_of(printed: Citation, reply: Reply, at: str) -> Check | None:
    """Return the check that a reply is, made ``at`` (UTC text); None for a source that could not be asked."""
    if reply.failure is not None:
        return None
    found = _work_of(printed, reply)
    differences = compare(printed, found) if found else ()
    if found is None:
        verdict = VerificationState.NOT_FOUND
    elif differences:
        verdict = VerificationState.MISMATCH
    else:
        # Without a title on both sides nothing says that it is the work.
        verdict = VerificationState.VERIFIED if printed.title and found.title else VerificationState.PENDING
    return Check(
        id=check_id(printed.id, reply.source),
        citation=printed.id,
        source=reply.source,
        checked=at,
        verdict=verdict,
        looked_for=reply.looked_for,
        found_as=found.id if found else None,
        differences=differences,
        agreed=agreed(printed, found) if found else (),
        compared=compared_hash(printed),
    )


def verdict_of(checks: Mapping[BibliographicSource, Check], failures: Mapping[BibliographicSource, str]) -> Verdict:
    """Return the verdict over the checks that stand, and the sources that could not be asked (with the reason).

    One source that agrees verifies a citation, where it has the fields in which others differ: those may have misread
    it. But none may lead to another work: then an identifier is wrong. Nothing is called not found while a source is
    left that could not be asked.
    """
    held = [checks[source] for source in BibliographicSource if source in checks]
    elsewhere = [one for one in held if another_work(one)]
    of = {state: [one for one in held if one.verdict is state] for state in VerificationState}
    if elsewhere:
        told = [f"{one.looked_for} is another work in {NAMES[one.source]}" for one in elsewhere]
        return Verdict(VerificationState.MISMATCH, "; ".join(told))
    disputed = {each.field for one in of[VerificationState.MISMATCH] for each in one.differences}
    if agreeing := [one for one in of[VerificationState.VERIFIED] if disputed <= set(one.agreed)]:
        return Verdict(VerificationState.VERIFIED, f"agrees with {_listed(agreeing)}")
    if differing := of[VerificationState.MISMATCH]:
        fields = dict.fromkeys(each.field.replace("_", " ") for one in differing for each in one.differences)
        return Verdict(VerificationState.MISMATCH, f"differs from {_listed(differing)} in {', '.join(fields)}")
    if failures or not held:
        told = [f"{NAMES[source]} could not be asked" for source in BibliographicSource if source in failures]
        return Verdict(
            VerificationState.PENDING,
            "; ".join(told) or "it is a registry's entry, or has neither identifier nor title",
        )
    if of[VerificationState.PENDING]:
        return Verdict(VerificationState.PENDING, "it has no title that could be compared")
    looked = [f"{one.looked_for} in {NAMES[one.source]}" for one in held]
    return Verdict(VerificationState.NOT_FOUND, f"looked for {', '.join(looked)}")


def another_work(check: Check) -> bool:
    """Return whether an identifier led to a work with quite another title."""
    return any(one.field == "title" and title_likeness(one.printed, one.found) < UNLIKE for one in check.differences)


def _listed(checks: Iterable[Check]) -> str:
    return " and ".join(NAMES[one.source] for one in checks)
