"""Whether two citations are one paper, beyond their identifiers.

The rule above all is that no two papers are merged. SAME needs the same title (to a misprint), the same first author
and year, a place in print that agrees (first page with volume or journal; else journal, volume and issue), and nothing
that speaks against it.
Where no place in print is known to agree, SOLE needs more of all else: the whole list of authors, or a long title that
is no review's; no retraction, correction or other version; no notice, letter or congress abstract. It is sure only if
no other citation fits (groups.py).
What lacks some of it is UNSURE: a person decides. An outside identifier that differs, another kind of publication
(a notice, a comment, a protocol, a preprint …), another number in the title (a part, a month) or another edition makes
them DIFFERENT.
"""

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from kb.matching.agreement import Agreement, agreement_of, same_value
from kb.matching.facts import Facts
from kb.matching.kinds import Kind
from kb.matching.likeness import Likeness, likeness_of, own
from kb.matching.names import authors_agreeing, same_author, same_journal
from kb.matching.unplaced import books, signed, unsettled

#: Below this likeness (per cent of the longer) two titles have nothing in common.
UNLIKE = 50
#: Titles that agree so well that a place in print is not needed.
VOUCHED = frozenset({Likeness.EQUAL, Likeness.SLIP, Likeness.DESIGN})

#: Kinds that are never the other publication of the pair, whatever else agrees.
APART = frozenset({Kind.NOTICE, Kind.SUMMARY, Kind.PROTOCOL, Kind.PREPRINT, Kind.REGISTRATION})

#: Kinds that are another publication where they stand elsewhere; not every source tells them from articles.
BESIDE = frozenset({Kind.ABSTRACT, Kind.COMMENT})


class Answer(StrEnum):
    """Whether two citations are one paper."""

    SAME = "SAME"
    #: Sure where no other citation fits either.
    SOLE = "SOLE"
    #: A person decides.
    UNSURE = "UNSURE"
    #: Two papers, or nothing suggests that they are one.
    DIFFERENT = "DIFFERENT"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer and its reason, in words for the person who decides."""

    answer: Answer
    reason: str
    #: Whether something speaks against it; else, where it is not sure, something is only not known.
    disputed: bool = False


def compare(one: Facts, other: Facts) -> Verdict:
    """Say whether two citations are one paper. The order of the two does not matter."""
    if one.title is None or other.title is None:
        return Verdict(Answer.DIFFERENT, "a title is missing")
    likeness = likeness_of(one.title, other.title)
    if likeness is None:
        return Verdict(Answer.DIFFERENT, "the titles differ")
    against = _against(one, other, likeness)
    if against:
        return Verdict(Answer.DIFFERENT, against)
    agreement = agreement_of(one, other, likeness)
    missing, doubts = _missing(agreement), _doubts(one, other, agreement)
    if not missing and not doubts:
        return Verdict(Answer.SAME, f"{likeness.value}; so do first author and year, {agreement.place}")
    short = not (own(one.title) and own(other.title))
    if len(missing) > 3 or (short and missing and not signed(one, other, agreement)):
        return Verdict(Answer.DIFFERENT, f"too little is known: {', '.join(missing)}")
    further = [] if doubts else unsettled(one, other, agreement, short=short)
    if not doubts and not further and agreement.authors and agreement.years:
        return Verdict(Answer.SOLE, f"{likeness.value}; so do {_told(one, other, agreement)}")
    reasons = "; ".join(dict.fromkeys((*doubts, *missing, *further)))
    return Verdict(Answer.UNSURE, f"{likeness.value}, but {reasons}", disputed=bool(doubts))


def apart(one: Facts, other: Facts) -> str:
    """Return what makes two citations two papers whatever their titles are like, or nothing."""
    return _against(one, other, Likeness.ALIKE)


def facts_clash(one: Facts, other: Facts) -> str:
    """Return what shows that two records with one identifier are two works all the same, or nothing."""
    if (one.kind is Kind.NOTICE) != (other.kind is Kind.NOTICE):
        return f"one of the two is {Kind.NOTICE.value}"
    if one.title is None or other.title is None or one.year is None or other.year is None:
        return ""
    other_title = fuzz.ratio(one.title.letters, other.title.letters) < UNLIKE
    if other_title and abs(one.year - other.year) > 1 and same_author(one, other) is False:
        return "title, first author and year are quite different"
    return ""


def _against(one: Facts, other: Facts, likeness: Likeness) -> str:
    """Return what makes them two papers, or nothing."""
    return _another_work(one, other) or _elsewhere(one, other, likeness)


def _another_work(one: Facts, other: Facts) -> str:
    """What tells two works apart wherever they are printed."""
    for name in ("pmid", "pmcid"):
        if _differ(one, other, name):
            return f"their {name.upper()}s differ"
    for kind in APART:
        if (one.kind is kind) != (other.kind is kind):
            return f"one is {kind.value}"
    if one.edition != other.edition:
        return "one is another edition or an update"
    if one.title and other.title and one.title.withdrawn != other.title.withdrawn:
        return "one is the notice of a withdrawal"
    if one.year and other.year and abs(one.year - other.year) > 1:
        return "the years differ"
    return ""


def _elsewhere(one: Facts, other: Facts, likeness: Likeness) -> str:
    """What tells two works apart by their authors and where they are printed."""
    authors, journals = same_author(one, other), same_journal(one, other)
    pages, volumes = same_value(one.page, other.page), same_value(one.volume, other.volume)
    if authors is False and not (pages and (journals or volumes)):
        return "the first authors differ"
    if pages is False and volumes is False:
        return "volumes and pages differ"
    moved = pages is False or volumes is False
    for kind in BESIDE:
        if moved and (one.kind is kind) != (other.kind is kind):
            return f"one is {kind.value}"
    if moved and journals is False:
        return "journals and pages differ"
    # A journal that changes its publisher may be given new DOIs for old papers: the place in print tells.
    if _differ(one, other, "doi") and not (likeness is Likeness.EQUAL and authors and pages and volumes):
        return "their DOIs differ"
    return ""


def _missing(found: Agreement) -> list[str]:
    """Return what is not known, and is needed to be sure."""
    lacking = (
        (found.authors is None and not found.whole, "a first author is missing"),
        (found.years is None and not found.whole, "a year is missing"),
        (found.journals is None and not found.placed, "a journal is missing"),
        (
            not found.placed and not found.issued and (found.pages is None or found.numbered),
            "neither the page nor volume and issue are known to agree",
        ),
    )
    return [text for true, text in lacking if true]


def _doubts(one: Facts, other: Facts, found: Agreement) -> list[str]:
    """Return what speaks against it without settling it."""
    assert one.title is not None
    assert other.title is not None
    short = not (own(one.title) and own(other.title))
    begins = found.likeness in (Likeness.SUBTITLE, Likeness.DESIGN)
    speaking = (
        (found.authors is False, "the first authors differ"),
        (
            found.years is False
            and not (found.placed and found.volumes and found.likeness is Likeness.EQUAL and not found.numbered),
            f"the years are {_listed(one.year, other.year)}",
        ),
        (found.journals is False, "the journals differ, or one is abbreviated beyond recognition"),
        (found.pages is False, "the first pages differ"),
        (found.volumes is False, "the volumes differ"),
        (found.issues is False and not found.placed, "the issues differ"),
        (_differ(one, other, "doi"), "their DOIs differ"),
        (
            one.kind is not other.kind and not found.placed and not books(one, other),
            f"they are {_listed(one.kind.value, other.kind.value)}",
        ),
        (found.likeness is Likeness.ALIKE, "their words differ"),
        (begins and short and not (found.volumes and found.journals), "what is left of one title is short"),
        (begins and short and one.kind is not other.kind, f"they are {_listed(one.kind.value, other.kind.value)}"),
        (
            found.likeness not in VOUCHED and not found.placed,
            "the place in print is not known to agree",
        ),
    )
    return [text for true, text in speaking if true]


def _listed(one: object, other: object) -> str:
    return " and ".join(sorted((str(one), str(other))))


def _told(one: Facts, other: Facts, found: Agreement) -> str:
    people = authors_agreeing(one, other) or 0
    authors = "the first author" if people == 1 else f"{people} authors"
    return ", ".join(filter(None, (authors, "year", found.place)))


def _differ(one: Facts, other: Facts, name: str) -> bool:
    """Whether both have an identifier of a kind, and it is not the same."""
    ours, theirs = one.identifiers.get(name), other.identifiers.get(name)
    return ours is not None and theirs is not None and ours != theirs
