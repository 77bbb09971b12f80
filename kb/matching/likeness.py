"""How two titles agree."""

from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Levenshtein

from kb.matching.titles import Title, spelt

#: Folded titles below this likeness (per cent of the longer) are other titles.
LIKE = 95
#: Letters and words from which a title is a paper's own; shorter ones ("Reply", "Chronic pain") are shared by many.
OWN_LETTERS = 25
OWN_WORDS = 4
#: Letters of a word from which one lost in its midst makes no other word; and from which one lost at an end.
LONG_WORD = 4
LONGER_WORD = 8
#: Letters of a title below which it is no beginning of another one.
BEGINNING = 10
#: Words that name a review or a randomized trial, folded; a pilot, an extension or a protocol is another paper.
REVIEW_OR_TRIAL = (
    "a an the and of with results from systematic review literature meta analysis network randomized controlled "
    "control clinical trial trials study studies prospective multicenter multi center double blind blinded placebo"
)
DESIGN = frozenset(map(spelt, REVIEW_OR_TRIAL.split()))


class Likeness(StrEnum):
    """How two titles agree, the best first."""

    EQUAL = "the titles agree"
    #: One letter lost, doubled or swapped where that makes no other word.
    SLIP = "the titles agree but for a letter"
    #: A subtitle is left out that names the design and nothing else: a systematic review, a randomized trial.
    DESIGN = "the titles agree but for the name of the design"
    MISPRINT = "the titles agree but for a misprint"
    SUBTITLE = "the titles agree but for a subtitle"
    ALIKE = "the titles are alike"


def likeness_of(one: Title, other: Title) -> Likeness | None:
    """Return how two titles agree; None where they are other titles. The order of the two does not matter."""
    if one.letters == other.letters and one.numbers == other.numbers:
        return Likeness.EQUAL
    longer, shorter = (one, other) if len(one.letters) >= len(other.letters) else (other, one)
    if len(shorter.letters) >= BEGINNING and _begins(longer, shorter):
        return Likeness.DESIGN if _names_design(longer, shorter) else Likeness.SUBTITLE
    if fuzz.ratio(one.letters, other.letters, score_cutoff=LIKE) and one.numbers == other.numbers:
        if _slip(one.words, other.words):
            return Likeness.SLIP
        return Likeness.MISPRINT if _misprint(one.words, other.words) else Likeness.ALIKE
    return None


def own(title: Title) -> bool:
    """Whether a title is long enough to be one paper's own."""
    return len(title.letters) >= OWN_LETTERS and len(title.words) >= OWN_WORDS


def _begins(longer: Title, shorter: Title) -> bool:
    """Whether a title is the other one without its subtitle, to a misprint."""
    if longer.main == longer.letters:
        return False
    if longer.main == shorter.letters:
        return True
    beginning = longer.words[: len(shorter.words)]
    return "".join(beginning) == longer.main and own(shorter) and _misprint(beginning, shorter.words)


def _names_design(longer: Title, shorter: Title) -> bool:
    left_out = longer.words[len(shorter.words) :]
    return own(shorter) and longer.words[: len(shorter.words)] == shorter.words and DESIGN.issuperset(left_out)


def _slip(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if len(one) != len(other):
        return False
    wrong = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(wrong) == 1 and _no_other_word(*sorted(wrong[0], key=len))


def _no_other_word(shorter: str, longer: str) -> bool:
    """Whether a letter was lost or swapped in a word so that no other word can be meant."""
    if OSA.distance(shorter, longer) != 1 or (len(shorter) == len(longer) and sorted(shorter) != sorted(longer)):
        return False
    if shorter[0] == longer[0] and shorter[-1] == longer[-1]:
        return len(longer) >= LONG_WORD
    # At either end a letter may make another word: atypical, emotion; muscles, diseased.
    at_an_end = (longer[1:] == shorter and longer[0] not in "ae") or (
        longer[:-1] == shorter and longer[-1] not in "sdyl"
    )
    return at_an_end and len(longer) >= LONGER_WORD


def _misprint(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether all words agree but one or two, and those to a letter or two; a word more or less is no misprint."""
    if len(one) != len(other):
        return Levenshtein.distance("".join(one), "".join(other), score_cutoff=1) <= 1
    wrong = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(wrong) == 1 and abs(len(wrong[0][0]) - len(wrong[0][1])) == 1:
        # A letter is lost in a word of any length: "o" for "of".
        return Levenshtein.distance(*wrong[0]) == 1
    return len(wrong) <= 2 and all(
        max(len(a), len(b)) >= 4 and Levenshtein.distance(a, b) <= (1 if min(len(a), len(b)) < 9 else 2)
        for a, b in wrong
    )
