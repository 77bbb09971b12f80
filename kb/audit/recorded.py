"""Recorded checks: what the sources once said of a work, beside what a page prints of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.audit.audit import SourceCheck
from kb.audit.printed import differences
from kb.verification import NAMES, Verdict, another_work, verdict_of
from schema.check import Check, Difference
from schema.citation import Author, Citation
from schema.page_text import PrintedReference
from schema.terms import VerificationState


@dataclass(frozen=True, slots=True)
class Misquoted:
    """A field that a page prints wrongly, and who says so: nobody but the knowledge base where ``told`` is None."""

    difference: Difference
    told: str | None = None


def standing(checks: Iterable[SourceCheck]) -> Verdict | None:
    """Return the verdict over the checks that still stand; None where none does."""
    held = {one.check.source: one.check for one in checks if not one.stale}
    return verdict_of(held, {}) if held else None


def misquoted(printed: PrintedReference, citation: Citation, checks: Sequence[SourceCheck]) -> tuple[Misquoted, ...]:
    """Return the fields that a page prints otherwise than the work has them.

    Where a source differs from the record that is held, a page that agrees with the source misquotes nothing; one
    that repeats what the sources call wrong does.
    """
    against = [
        (one.check, differences(printed, corrected(citation, one.check)))
        for one in checks
        if not one.stale and one.check.verdict is VerificationState.MISMATCH and not another_work(one.check)
    ]
    found: list[Misquoted] = []
    for one in differences(printed, citation):
        disputing = [(check, theirs) for check, theirs in against if one.field in _fields(check.differences)]
        if all(one.field in _fields(theirs) for _, theirs in disputing):
            found.append(Misquoted(one))
    verdict = standing(checks)
    if verdict is not None and verdict.state is VerificationState.MISMATCH:
        told = {one.difference.field for one in found}
        for check, theirs in against:
            for one in theirs:
                if one.field in _fields(check.differences) and one.field not in told:
                    told.add(one.field)
                    found.append(Misquoted(one, asked(check)))
    return tuple(found)


def corrected(citation: Citation, check: Check) -> Citation:
    """Return a citation as the source of a check has it."""
    update: dict[str, object] = {}
    for one in check.differences:
        if one.field == "first_author":
            # Checks keep a name as PubMed prints it, the initials last.
            family = one.found.rpartition(" ")[0] or one.found
            update["authors"] = (Author(family=family), *citation.authors[1:])
        elif one.field == "year":
            update |= {"year": int(one.found), "published": None}
        elif one.field == "journal":
            update |= {"journal": one.found, "journal_abbreviation": None, "issns": ()}
        else:
            update[one.field] = one.found
    return citation.model_copy(update=update)


def asked(check: Check) -> str:
    """Return who was asked, and on which day: ``Crossref, asked on 2026-11-03``."""
    return f"{NAMES[check.source]}, asked on {check.checked[:10]}"


def newest(checks: Iterable[SourceCheck]) -> str:
    """Return the day of the newest check; an empty text where there is none."""
    return max((one.check.checked[:10] for one in checks), default="")


def words_of(check: Check) -> str:
    """Return what a source said, in words."""
    if check.verdict is VerificationState.NOT_FOUND:
        return f"{asked(check)} for {check.looked_for}, holds nothing"
    if another_work(check):
        return f"{asked(check)} for {check.looked_for}, holds another work there ({check.found_as})"
    if check.verdict is VerificationState.MISMATCH:
        told = "; ".join(
            f"{one.field.replace('_', ' ')} “{one.found}” where “{one.printed}” is held" for one in check.differences
        )
        return f"{asked(check)}, has another {told}"
    return f"{asked(check)}, agrees"


def _fields(found: Iterable[Difference]) -> set[str]:
    return {one.field for one in found}
