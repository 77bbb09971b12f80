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

import re
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from kb.matching.facts import Facts
from kb.matching.kinds import Kind
from kb.matching.likeness import Likeness, likeness_of, own
from kb.matching.names import authors_agreeing, same_author, same_journal

#: Below this likeness (per cent of the longer) two titles have nothing in common.
UNLIKE = 50
#: Words of a title from which the first author alone may vouch for it.
LONG_TITLE = 7

#: Titles that agree so well that a place in print is not needed.
VOUCHED = frozenset({Likeness.EQUAL, Likeness.SLIP, Likeness.DESIGN})

#: Kinds that are never the other publication of the pair, whatever else agrees.
APART = frozenset({Kind.NOTICE, Kind.PROTOCOL, Kind.PREPRINT, Kind.REGISTRATION})

#: Kinds that are another publication where they stand elsewhere; not every source tells them from articles.
BESIDE = frozenset({Kind.ABSTRACT, Kind.COMMENT})

#: Kinds of which one paper has one only.
SINGLE = frozenset({Kind.REPORT, Kind.PROTOCOL, Kind.BOOK, Kind.PREPRINT})

#: A Cochrane review's number stands where others have pages; all its versions share it.
REVIEW_NUMBER = re.compile(r"(?:cd|mr|ed)\d{5,}")
#: Pages of supplements, where abstracts of congresses stand.
SUPPLEMENT = re.compile(r"s\d")


class Answer(StrEnum):
    """SAME: sure. SOLE: sure where no other citation fits. UNSURE: a person decides. DIFFERENT: two papers, or nothing
    suggests that they are one.
    """

    SAME = "SAME"
    SOLE = "SOLE"
    UNSURE = "UNSURE"
    DIFFERENT = "DIFFERENT"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer and its reason, in words for the person who decides."""

    answer: Answer
    reason: str
    #: Whether something speaks against it; else, where it is not sure, something is only not known.
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two citations agree in. True, False, or None where it is unknown of one of the two."""

    likeness: Likeness
    authors: bool | None
    years: bool | None
    journals: bool | None
    volumes: bool | None
    issues: bool | None
    pages: bool | None
    #: Whether the first page stands for a version of the work: a review's number does not.
    numbered: bool

    @property
    def placed(self) -> bool:
        """Whether a place in print agrees. One paper begins on one page of a volume."""
        if not self.pages or self.volumes is False:
            return False
        if self.numbered:
            return self.issues is not False and bool(self.volumes or self.issues)
        return bool(self.volumes or self.journals)

    @property
    def issued(self) -> bool:
        """Whether, pages being unknown, all else of a place in print agrees.

        Without pages, a republished paper has all but the issue in common with the retracted one that it replaces.
        """
        return bool(self.journals and self.volumes and self.issues and self.pages is None)

    @property
    def whole(self) -> bool:
        """Whether title, journal, volume and page agree: then author and year are not needed."""
        return bool(self.placed and self.journals and self.volumes and self.likeness is Likeness.EQUAL)


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
    agreement = _agreement(one, other, likeness)
    missing, doubts = _missing(agreement), _doubts(one, other, agreement)
    if not missing and not doubts:
        return Verdict(Answer.SAME, f"{likeness.value}; so do first author and year, {_place(agreement)}")
    short = not (own(one.title) and own(other.title))
    if len(missing) > 3 or (short and missing and not _signed(one, other, agreement)):
        return Verdict(Answer.DIFFERENT, f"too little is known: {', '.join(missing)}")
    unsettled = () if doubts else _unsettled(one, other, agreement, short=short)
    if not doubts and not unsettled:
        return Verdict(Answer.SOLE, f"{likeness.value}; so do {_told(one, other, agreement)}")
    reasons = "; ".join(dict.fromkeys((*doubts, *missing, *unsettled)))
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


def _agreement(one: Facts, other: Facts, likeness: Likeness) -> Agreement:
    return Agreement(
        likeness=likeness,
        authors=same_author(one, other),
        years=_same(one.year, other.year),
        journals=same_journal(one, other),
        volumes=_same(one.volume, other.volume),
        issues=_same(one.issue, other.issue),
        pages=_same(one.page, other.page),
        numbered=any(REVIEW_NUMBER.fullmatch(facts.page or "") for facts in (one, other)),
    )


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
    pages, volumes = _same(one.page, other.page), _same(one.volume, other.volume)
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
    assert one.title is not None and other.title is not None
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
            one.kind is not other.kind and not found.placed and not _books(one, other),
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


def _unsettled(one: Facts, other: Facts, found: Agreement, *, short: bool) -> list[str]:
    """Return what is missing for a match of two citations whose place in print is not known to agree.

    Two papers can share a title, the first author, the year and the journal: a retracted one and the one that replaced
    it, a congress abstract and the article, a review and its next version, two letters.
    """
    people = authors_agreeing(one, other)
    books = _books(one, other)
    alone = people == 1 and not books
    fates = sorted({facts.fate for facts in (one, other) if facts.fate})
    both_abstracts = found.journals and one.kind is other.kind is Kind.ABSTRACT
    kinds = sorted({facts.kind.value for facts in (one, other) if facts.kind not in SINGLE and not both_abstracts})
    objections = (
        (found.years is None or people == 0, "first author or year is missing"),
        (people is None, "the other authors differ"),
        (short, "the title is short"),
        (found.journals is None and not books and not (found.volumes or found.pages), "a journal is missing"),
        (
            alone and found.journals is None and not found.pages,
            "only the first author is known to agree, and a journal is missing",
        ),
        (
            alone and _gap(one, other) and (one.recurs or other.recurs) and not (found.numbered and found.pages),
            "only the first author is known to agree, and reviews and guidelines appear again under their title",
        ),
        (
            alone and not found.volumes and min(_words(one), _words(other)) < LONG_TITLE,
            "only the first author is known to agree, and the title is short",
        ),
        *((True, f"of one is known that {fate}") for fate in fates),
        *((True, f"there may be several of the sort: {kind}") for kind in kinds),
        (
            any(SUPPLEMENT.match(facts.page or "") for facts in (one, other)) and not both_abstracts,
            "one is in a supplement, as abstracts of congresses are",
        ),
        (bool(one.identifiers and other.identifiers), "each has an identifier that the other lacks"),
    )
    return [text for true, text in objections if true]


def _signed(one: Facts, other: Facts, found: Agreement) -> bool:
    """Whether several authors, the journal and the volume agree: worth a question though the title is short."""
    return bool(found.journals and found.volumes and (authors_agreeing(one, other) or 0) > 1)


def _books(one: Facts, other: Facts) -> bool:
    """Whether one is a book and none is in a journal; not every source tells books from articles."""
    kinds = {one.kind, other.kind}
    return Kind.BOOK in kinds and kinds <= {Kind.BOOK, Kind.REPORT} and not (one.journals or other.journals)


def _gap(one: Facts, other: Facts) -> bool:
    """Whether one says something of its place in print that the other leaves out: there versions may differ."""
    return any((ours is None) != (theirs is None) for ours, theirs in zip(_printed(one), _printed(other), strict=True))


def _printed(one: Facts) -> tuple[str | None, ...]:
    return one.volume, one.issue, one.page


def _words(one: Facts) -> int:
    return len(one.title.words) if one.title else 0


def _listed(one: object, other: object) -> str:
    return " and ".join(sorted((str(one), str(other))))


def _differ(one: Facts, other: Facts, name: str) -> bool:
    """Whether both have an identifier of a kind, and it is not the same."""
    ours, theirs = one.identifiers.get(name), other.identifiers.get(name)
    return ours is not None and theirs is not None and ours != theirs


def _same(one: object, other: object) -> bool | None:
    """None where one of the two is unknown."""
    return None if one is None or other is None else one == other


def _place(found: Agreement) -> str:
    agreeing = (
        ("journal", found.journals),
        ("volume", found.volumes),
        ("issue", found.issues and found.issued),
        ("first page", found.pages),
    )
    return ", ".join(name for name, same in agreeing if same)


def _told(one: Facts, other: Facts, found: Agreement) -> str:
    people = authors_agreeing(one, other) or 0
    authors = "the first author" if people == 1 else f"{people} authors"
    return ", ".join(filter(None, (authors, "year", _place(found))))
