"""Wording: how firmly a sentence puts a claim, and whether it speaks of harms.

The levels are those by which GRADE words an effect: high certainty "reduces", moderate "probably reduces", low "may
reduce", very low "the evidence is very uncertain" (Santesso 2020, GRADE guidelines 26,
doi:10.1016/j.jclinepi.2019.10.014). A claim is stronger than its evidence where its level asks for more certainty
than the graph holds. English only. A sentence claims an effect where a word of :data:`kb.audit.lexicon.EFFECT` stands
in it that is not denied, not a mere condition ("if it helps"), and not just what the therapy is in use for ("is used
to treat pain").
"""

import re
from enum import IntEnum
from itertools import pairwise

from kb.audit.lexicon import (
    ABSOLUTE,
    DENIAL,
    EFFECT,
    HARMLESS,
    HARMS,
    HOPED,
    IN_USE,
    NO_HARMS,
    POSSIBLE,
    PROBABLE,
    UNCERTAIN,
)
from schema.terms import Certainty, Direction, Strength


class Wording(IntEnum):
    """How firmly an effect is claimed, by the certainty that it needs; ABSOLUTE is more than any evidence gives."""

    NO_CLAIM = -1
    UNCERTAIN = 0
    POSSIBLE = 1
    PROBABLE = 2
    CERTAIN = 3
    ABSOLUTE = 4


#: The wording that each certainty allows.
ALLOWED = {
    Certainty.VERY_LOW: Wording.UNCERTAIN,
    Certainty.LOW: Wording.POSSIBLE,
    Certainty.MODERATE: Wording.PROBABLE,
    Certainty.HIGH: Wording.CERTAIN,
}


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])", re.IGNORECASE)


_EFFECT, _DENIAL, _HARMS, _ABSOLUTE, _HOPED = map(_any, (EFFECT, DENIAL, HARMS, ABSOLUTE, HOPED))
_HARMLESS = _any(HARMLESS)
_HEDGES = (
    (Wording.UNCERTAIN, _any(UNCERTAIN)),
    (Wording.POSSIBLE, _any(POSSIBLE)),
    (Wording.PROBABLE, _any(PROBABLE)),
)
_IN_USE = _any(IN_USE)
_NO_HARMS = re.compile(NO_HARMS, re.IGNORECASE)
_CLAUSE = re.compile(r";|,?\s(?:but|yet|however|although|though|while|whereas)\s(?!to\b)", re.IGNORECASE)
#: Under what condition something is done; up to its comma, or the end.
_CONDITION = re.compile(
    r"\b(?:if|unless|when|whenever|once|see if|find out (?:if|whether))\b[^,;.!?]*(?:,|(?=[;.!?])|$)", re.IGNORECASE
)
#: Of whom it is said: ``people who do not take opioids``.
_WHO = re.compile(
    r"\b(?:who|whose|that)\s+(?:(?:do|does|did|have|has|had|are|is|were|was|can)(?:\s+not|n['’]t)|cannot)\b(?:\s+\w+){1,3}",
    re.IGNORECASE,
)
#: An effect that is denied, with what follows in the same breath.
_NEGATED = re.compile(
    r"(?:\b(?:not(?! only| just)|cannot|never(?! fails?)|neither|nor|unlikely to|(?<!never )fail(?:s|ed|ing)? to|"
    r"unable to|rather than|instead of|lack of|less effective|"
    r"no(?! (?:doubt|side|drugs?|medic\w+|surgery|needles?|serious|need|"
    r"matter|longer|downtime|recovery|wonder)\b)(?! other\b[^,;.!?]*\b(?:like|as (?:well|much) as)\b))|"
    r"n['’]t(?! only| just))\b"
    rf"(?:(?!\band\b)[^,;:.!?]){{0,80}}?(?<![\w-])(?:{'|'.join(EFFECT)})(?![\w-])"
    r"[^,;:.!?]*?(?=[,;:.!?]|$|\sand\s(?:it|they|this|these|we|the)\b)",
    re.IGNORECASE,
)
#: A whole clause that doubts the effect of the one before it: ``it is not known whether it does``. GRADE words a result
#: of very low certainty so: "may reduce, but the evidence is very uncertain".
_DOUBT = re.compile(
    r"\s*(?:(?:(?:it|that|this) (?:is|remains)|it[’']s) (?:still )?"
    r"(?:(?:very )?(?:uncertain|unclear)|unknown|not (?:yet )?(?:known|clear|certain|established))"
    r"|(?:we|experts|researchers) (?:still )?(?:do not|don['’]t) know|nobody knows)"
    r"(?: (?:whether|if) (?:it|they|this|that|these) (?:really |actually |truly )?(?:does|do|works?|helps?))?[\s.)”\"]*"
    r"|\s*(?:the |this )?evidence(?: (?:for|of|behind) (?:this|it|that)| that (?:it|they) (?:does|do|works?|helps?))? "
    r"(?:is|remains) (?:still )?(?:(?:very )?(?:uncertain|weak|limited|poor|thin)|inconclusive|insufficient|"
    r"(?:of )?very low[- ](?:certainty|quality))[\s.)”\"]*",
    re.IGNORECASE,
)
#: How a sentence turns against the one before it.
_TURN = re.compile(r"\s*(?:but|yet|however),?\s+", re.IGNORECASE)
#: What says of a denial of harms that it is none: ``no treatment is without risks``, ``is it risk-free?``.
_NOT_HARMLESS = re.compile(
    r"\b(?:not|never|nothing|nor|few|if|whether|although|claim\w*|promis\w*|trials?|stud(?:y|ies)|reported|"
    r"no (?:treatment|therapy|medicine|drug|procedure|operation|surgery|injection)s?)\b|n['’]t\b",
    re.IGNORECASE,
)
_MORE_RESEARCH = re.compile(
    r"\b(?:more|further|better|larger) (?:\w+ )?(?:research|studies|evidence|trials)\b", re.IGNORECASE
)
#: What another treatment is said to do: ``unlike opioids, which carry a risk of addiction,``.
_OTHERS = re.compile(
    r"\b(?:unlike|in contrast to|as opposed to)\b[^,;.]*,(?:\s*(?:which|that|whose)\b[^,;.]*,)?", re.IGNORECASE
)
#: Letters of the longest sentence that is read whole.
LONGEST = 2000


def wording(text: str, strength: Strength | None = None, after: str = "") -> Wording:
    """Return how firmly a text claims an effect: as its firmest clause does.

    So a denial or a doubt in one clause does not silence a claim in another, unless the claim is only that it may be
    and the doubt is about the very same; a call for more research softens all.
    ``after`` is the sentence behind it, which may doubt the same ("It is not known whether it does.").
    ``strength`` is what an editor recorded of the sentence that ``text`` paraphrases: a recorded hedge is at most
    POSSIBLE, and a recorded assertion is CERTAIN unless the text is absolute.
    """
    said = text[:LONGEST]
    if _asks(said):
        return Wording.NO_CLAIM
    clauses = (*_CLAUSE.split(said), _TURN.sub("", after[:LONGEST]))
    found = max(_doubted(_wording_of(clause), after) for clause, after in pairwise(clauses))
    if found is Wording.NO_CLAIM:
        return found
    if _MORE_RESEARCH.search(said):
        found = min(found, Wording.POSSIBLE)
    if strength is Strength.HEDGES:
        return min(found, Wording.POSSIBLE)
    if strength is Strength.ASSERTS:
        return max(found, Wording.CERTAIN)
    return found


def _doubted(level: Wording, after: str) -> Wording:
    """How firmly a clause claims with the one after it: a doubt takes back what only may be, never an assertion."""
    return Wording.UNCERTAIN if level is Wording.POSSIBLE and _DOUBT.fullmatch(after) else level


def _wording_of(clause: str) -> Wording:
    if _DENIAL.search(clause):
        return Wording.NO_CLAIM
    hedge = next((level for level, pattern in _HEDGES if pattern.search(clause)), Wording.CERTAIN)
    for aside in (_CONDITION, _WHO, _IN_USE, _NEGATED):
        clause = aside.sub(" ", clause)
    if not _EFFECT.search(clause):
        return Wording.NO_CLAIM
    if _ABSOLUTE.search(clause) and hedge is not Wording.UNCERTAIN and not _HOPED.search(clause):
        return Wording.ABSOLUTE
    return hedge


def excess(claim: Wording, direction: Direction, certainty: Certainty) -> int:
    """Return by how many levels a claim of benefit says more than an answer of the graph; 0 where it does not.

    Where the answer is no benefit (no difference, harm, mixed, unclear), nothing stands but "it is uncertain".
    """
    if claim is Wording.NO_CLAIM:
        return 0
    allowed = ALLOWED[certainty] if direction is Direction.BENEFIT else Wording.UNCERTAIN
    return max(0, claim - allowed)


def denies_harms(text: str) -> bool:
    """Return whether a text says that something has no harms at all; fewer, or none that are serious, are not meant."""
    said = text[:LONGEST]
    if _asks(said):
        return False
    clauses = ((clause, _HARMLESS.search(clause)) for clause in _CLAUSE.split(said))
    return any(found and not _NOT_HARMLESS.search(clause[: found.start()]) for clause, found in clauses)


def _asks(said: str) -> bool:
    return said.rstrip(" ”\"'’)").endswith("?")


def speaks_of_harms(text: str) -> bool:
    """Return whether a text tells of harms or risks; fewer or none, and those of another treatment, are no mention."""
    return bool(_HARMS.search(_NO_HARMS.sub(" ", _OTHERS.sub(" ", text))))
