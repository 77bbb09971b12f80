"""Whether two citations are one paper, beyond their identifiers.

The rule above all is that no two papers are merged. SAME needs the same title (to a misprint), the same first author
and year, a place in print that agrees (first page with volume or journal; else journal, volume and issue), and nothing
that speaks against it.
What lacks some of it is UNSURE: a person decides. An outside identifier that differs, another kind of publication
(a notice, a comment, a protocol, a preprint …), another number in the title (a part, a month) or another edition makes
them DIFFERENT.
"""

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from kb.matching.facts import Facts
from kb.matching.kinds import Kind
from kb.matching.titles import Title

#: Folded titles below this likeness (per cent of the longer) are other titles.
LIKE = 95
#: Below this likeness two titles have nothing in common.
UNLIKE = 50
#: Letters and words from which a title is a paper's own; shorter ones ("Reply", "Chronic pain") are shared by many.
OWN_LETTERS = 25
OWN_WORDS = 4

#: Kinds that are never the other publication of the pair, whatever else agrees.
APART = frozenset({Kind.NOTICE, Kind.PROTOCOL, Kind.PREPRINT, Kind.REGISTRATION})

#: Kinds that are another publication where they stand elsewhere; not every source tells them from articles.
BESIDE = frozenset({Kind.ABSTRACT, Kind.COMMENT})


class Answer(StrEnum):
    """SAME: sure. UNSURE: a person decides. DIFFERENT: two papers, or nothing suggests that they are one."""

    SAME = "SAME"
    UNSURE = "UNSURE"
    DIFFERENT = "DIFFERENT"


class Likeness(StrEnum):
    """How two titles agree."""

    EQUAL = "the titles agree"
    MISPRINT = "the titles agree but for a misprint"
    SUBTITLE = "the titles agree but for a subtitle"
    ALIKE = "the titles are alike"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer and its reason, in words for the person who decides."""

    answer: Answer
    reason: str


def compare(one: Facts, other: Facts) -> Verdict:
    """Say whether two citations are one paper. The order of the two does not matter."""
    if one.title is None or other.title is None:
        return Verdict(Answer.DIFFERENT, "a title is missing")
    likeness = _likeness(one.title, other.title)
    if likeness is None:
        return Verdict(Answer.DIFFERENT, "the titles differ")
    against = _against(one, other, likeness)
    if against:
        return Verdict(Answer.DIFFERENT, against)
    missing, doubts = _doubts(one, other, likeness)
    if not missing and not doubts:
        return Verdict(Answer.SAME, f"{likeness.value}; so do first author and year, {_place(one, other)}")
    if len(missing) > 3 or (not _own(one.title) and missing):
        return Verdict(Answer.DIFFERENT, f"too little is known: {', '.join(missing)}")
    return Verdict(Answer.UNSURE, f"{likeness.value}, but " + "; ".join((*doubts, *missing)))


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


def _likeness(one: Title, other: Title) -> Likeness | None:
    if one.letters == other.letters and one.numbers == other.numbers:
        return Likeness.EQUAL
    longer, shorter = (one, other) if len(one.letters) >= len(other.letters) else (other, one)
    if longer.main == shorter.letters and len(shorter.letters) >= OWN_LETTERS:
        return Likeness.SUBTITLE
    if fuzz.ratio(one.letters, other.letters, score_cutoff=LIKE) and one.numbers == other.numbers:
        return Likeness.MISPRINT if _misprint(one.words, other.words) else Likeness.ALIKE
    return None


def _misprint(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether all words agree but one or two, and those to a letter or two; a word more or less is no misprint."""
    if len(one) != len(other):
        return Levenshtein.distance("".join(one), "".join(other), score_cutoff=1) <= 1
    wrong = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(wrong) <= 2 and all(
        max(len(a), len(b)) >= 4 and Levenshtein.distance(a, b) <= (1 if min(len(a), len(b)) < 9 else 2)
        for a, b in wrong
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


def _doubts(one: Facts, other: Facts, likeness: Likeness) -> tuple[list[str], list[str]]:
    """Return what is missing for a sure match, and what speaks against it without settling it."""
    assert one.title is not None
    authors, journals = same_author(one, other), same_journal(one, other)
    pages, volumes = _same(one.page, other.page), _same(one.volume, other.volume)
    # One paper begins on one page of a volume. Without pages, a republished paper has all but the issue in common
    # with the retracted one that it replaces.
    placed = bool(pages and volumes is not False and (volumes or journals))
    issued = bool(journals and volumes and _same(one.issue, other.issue) and pages is None)
    whole = bool(placed and journals and volumes and likeness is Likeness.EQUAL)
    years = one.year is not None and other.year is not None
    lacking = (
        (authors is None and not whole, "a first author is missing"),
        (not years and not whole, "a year is missing"),
        (journals is None and not placed, "a journal is missing"),
        (not placed and not issued and pages is None, "neither the page nor volume and issue are known to agree"),
    )
    speaking = (
        (authors is False, "the first authors differ"),
        (
            years and one.year != other.year and not (placed and volumes and likeness is Likeness.EQUAL),
            f"the years are {_listed(one.year, other.year)}",
        ),
        (journals is False, "the journals differ, or one is abbreviated beyond recognition"),
        (pages is False, "the first pages differ"),
        (volumes is False, "the volumes differ"),
        (_differ(one, other, "doi"), "their DOIs differ"),
        (one.kind is not other.kind and not placed, f"they are {_listed(one.kind.value, other.kind.value)}"),
        (likeness is Likeness.ALIKE, "their words differ"),
        (
            (likeness in (Likeness.MISPRINT, Likeness.SUBTITLE) or not _own(one.title)) and not placed,
            "the place in print is not known to agree",
        ),
    )
    return [text for true, text in lacking if true], [text for true, text in speaking if true]


def _listed(one: object, other: object) -> str:
    return " and ".join(sorted((str(one), str(other))))


def _differ(one: Facts, other: Facts, name: str) -> bool:
    """Whether both have an identifier of a kind, and it is not the same."""
    ours, theirs = one.identifiers.get(name), other.identifiers.get(name)
    return ours is not None and theirs is not None and ours != theirs


def _own(title: Title) -> bool:
    return len(title.letters) >= OWN_LETTERS and len(title.words) >= OWN_WORDS


def _same(one: str | None, other: str | None) -> bool | None:
    """None where one of the two is unknown."""
    return None if one is None or other is None else one == other


def same_author(one: Facts, other: Facts) -> bool | None:
    """Whether the first authors are one person: families agree (or the parts of a double name), and initials."""
    if not one.author or not other.author:
        return None
    families = [{word for word in facts.author if not word.startswith("=")} for facts in (one, other)]
    initials = [{word for word in facts.author if word.startswith("=")} for facts in (one, other)]
    if all(initials) and initials[0] != initials[1]:
        return False
    # Particles and a second surname are printed or not: van der Berg, García López.
    shared = {word for word in families[0] & families[1] if len(word) > 3} | ({one.family} & {other.family})
    return bool(shared)


def same_journal(one: Facts, other: Facts) -> bool | None:
    """Whether the journals are one: an ISSN, a name or its abbreviation agrees. None where one is unknown."""
    if one.issns & other.issns:
        return True
    if not one.journals or not other.journals:
        return None
    return any(_abbreviates(a, b) or _abbreviates(b, a) for a in one.journals for b in other.journals)


def _abbreviates(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether the words of one name begin those of the other, all of them in order; or it is their initials."""
    if short == long or (len(short) == 1 and len(long) > 2 and short[0] == "".join(word[0] for word in long)):
        return True
    return len(short) == len(long) and all(
        full.startswith(word) or (word[0] == full[0] and len(word) > 1 and _drops_letters(word, full))
        for word, full in zip(short, long, strict=True)
    )


def _drops_letters(word: str, full: str) -> bool:
    """Whether an abbreviation like ``natl`` or ``assn`` keeps letters of the full word in order."""
    rest = iter(full)
    return all(letter in rest for letter in word)


def _place(one: Facts, other: Facts) -> str:
    agreeing = (
        ("journal", same_journal(one, other)),
        ("volume", _same(one.volume, other.volume)),
        ("first page", _same(one.page, other.page)),
    )
    return ", ".join(name for name, same in agreeing if same)
