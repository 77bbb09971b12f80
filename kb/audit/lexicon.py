"""The lexicon: how firmly a sentence puts a claim, and whether it speaks of harms.

The levels are those by which GRADE words an effect: high certainty "reduces", moderate "probably reduces", low "may
reduce", very low "the evidence is very uncertain" (Santesso 2020, GRADE guidelines 26,
doi:10.1016/j.jclinepi.2019.10.014). A claim is stronger than its evidence where its level asks for more certainty
than the graph holds. English only; a sentence in which no word of :data:`EFFECT` stands claims no effect.
"""

import re
from enum import IntEnum

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

#: Words that claim an effect for the patient, or for the work of treating one.
EFFECT = (
    r"reliev\w+", r"relief", r"reduc\w+", r"eas(?:e|es|ed|ing)", r"help(?:s|ed|ing|ful)?", r"improv\w+", r"enhanc\w+",
    r"treat(?:s|ed)?", r"heal(?:s|ed|ing)?", r"effective(?:ly|ness)?", r"efficacy", r"benefi(?:t|ts|ted|cial)",
    r"prevent\w*", r"cur(?:e|es|ed|ing)", r"eliminat\w+", r"work(?:s|ed)?", r"lower(?:s|ed|ing)?", r"lessen\w*",
    r"decreas\w+", r"alleviat\w+", r"control(?:s|led|ling)?", r"manag(?:e|es|ed)", r"restor\w+", r"repair\w*",
    r"regenerat\w+", r"distract\w*", r"interrupt\w*", r"block(?:s|ed|ing)?", r"rewir\w+", r"encouraging", r"promising",
    r"success(?:ful|fully)?", r"speed(?:s|ed)? up", r"boost\w*", r"sooth\w+", r"proven", r"guarantee\w*",
)  # fmt: skip
ABSOLUTE = (
    r"cur(?:e|es|ed)", r"guarantee\w*", r"always", r"100 ?(?:%|per ?cent)", r"completely", r"permanent(?:ly)?",
    r"(?:clinically |scientifically )?proven", r"eliminat\w+", r"never fails", r"miracle", r"breakthrough",
    r"without any (?:risk|side effect)\w*", r"(?:entirely|completely|totally) safe", r"risk-free",
)  # fmt: skip
PROBABLE = (r"probably", r"likely", r"often", r"usually", r"generally", r"most (?:people|patients)", r"tends? to")
POSSIBLE = (
    r"may", r"might", r"could", r"possibly", r"perhaps", r"suggest\w*", r"some (?:people|patients|studies|evidence)",
    r"appears? to", r"seems? to", r"potential(?:ly)?", r"promising", r"encouraging",
    r"early (?:studies|results|research)", r"hope\w*", r"can sometimes", r"sometimes", r"preliminary", r"aims? to",
)  # fmt: skip
UNCERTAIN = (
    r"uncertain", r"unclear", r"not (?:yet )?(?:known|clear|certain|established)", r"unproven", r"unknown",
    r"(?:more|further) (?:research|studies|evidence) (?:is|are) needed", r"little evidence",
    r"(?:weak|limited) evidence", r"low[- ]certainty", r"inconclusive", r"whether",
)  # fmt: skip
#: A sentence with one of these claims no benefit.
DENIAL = (
    r"no (?:clear |good |reliable )?evidence", r"(?:does|do|did|has|have|is|are|was|were)(?: not|n['’]t)\b(?! only)",
    r"no (?:better|more effective) than", r"no (?:clear |significant )?difference", r"fail(?:s|ed) to",
    r"ineffective", r"should not", r"no (?:known )?(?:cure|remedy)",
)  # fmt: skip
HARMS = (
    r"side[- ]effects?", r"adverse", r"risks?", r"complications?", r"harm(?:s|ful|ed)?", r"infections?", r"bleeding",
    r"unwanted", r"dangers?", r"dangerous", r"reactions?", r"worse(?:n|ns|ned|ning)?", r"contraindicat\w+", r"toxic\w*",
    r"dependence", r"addicti(?:on|ve)", r"overdose", r"nausea", r"dizziness", r"cybersickness", r"skin irritation",
    r"soreness", r"swelling", r"nerve damage", r"lead migration", r"safety", r"unsafe",
)  # fmt: skip
#: What is said to be less, or away, is no mention of a harm of the therapy.
NO_HARMS = (
    r"(?:fewer|no|less|without|lower|minimal|reduc\w+|low\w*|avoid\w*|free of|free from|limit\w*)\s+(?:any\s+|the\s+)?"
    r"(?:\w+\s+(?:and|or)\s+|\w+\s+)?"
    r"(?:side[- ]effects?|adverse\s+\w+|risks?|complications?|harms?|addiction|dependence|reactions?|safety concerns?)"
    r"(?:\s+(?:and|or)\s+(?:adverse\s+)?(?:reactions?|side[- ]effects?|complications?|risks?|dependence))?"
    r"|risk-free|at risk of|people at risk"
)


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])", re.IGNORECASE)


_EFFECT, _DENIAL, _HARMS = _any(EFFECT), _any(DENIAL), _any(HARMS)
_LEVELS = (
    (Wording.ABSOLUTE, _any(ABSOLUTE)),
    (Wording.UNCERTAIN, _any(UNCERTAIN)),
    (Wording.POSSIBLE, _any(POSSIBLE)),
    (Wording.PROBABLE, _any(PROBABLE)),
)
_NO_HARMS = re.compile(NO_HARMS, re.IGNORECASE)
_CLAUSE = re.compile(r";|,?\s(?:but|yet|however|although|though|while|whereas)\s", re.IGNORECASE)
_MORE_RESEARCH = re.compile(r"\b(?:more|further) (?:research|studies|evidence|trials)\b", re.IGNORECASE)
#: What another treatment is said to do: ``unlike opioids, which carry a risk of addiction,``.
_OTHERS = re.compile(
    r"\b(?:unlike|in contrast to|as opposed to)\b[^,;.]*,(?:\s*(?:which|that|whose)\b[^,;.]*,)?", re.IGNORECASE
)


def wording(text: str, strength: Strength | None = None) -> Wording:
    """Return how firmly a text claims an effect: as its firmest clause does.

    So a denial or a doubt in one clause does not silence a claim in another; a call for more research softens all.
    ``strength`` is what an editor recorded of the sentence that ``text`` paraphrases: a recorded hedge is at most
    POSSIBLE, and a recorded assertion is CERTAIN unless the text is absolute.
    """
    if text.rstrip().endswith("?"):
        return Wording.NO_CLAIM
    found = max(map(_wording_of, _CLAUSE.split(text)))
    if found is Wording.NO_CLAIM:
        return found
    if _MORE_RESEARCH.search(text):
        found = min(found, Wording.POSSIBLE)
    if strength is Strength.HEDGES:
        return min(found, Wording.POSSIBLE)
    if strength is Strength.ASSERTS:
        return max(found, Wording.CERTAIN)
    return found


def _wording_of(clause: str) -> Wording:
    if not _EFFECT.search(clause) or _DENIAL.search(clause):
        return Wording.NO_CLAIM
    return next((level for level, pattern in _LEVELS if pattern.search(clause)), Wording.CERTAIN)


def too_strong(claim: Wording, direction: Direction, certainty: Certainty) -> bool:
    """Return whether a claim of benefit says more than an answer of the graph.

    Where the answer is no benefit (no difference, harm, mixed, unclear), nothing stands but "it is uncertain".
    """
    if claim is Wording.NO_CLAIM:
        return False
    allowed = ALLOWED[certainty] if direction is Direction.BENEFIT else Wording.UNCERTAIN
    return claim > allowed


def speaks_of_harms(text: str) -> bool:
    """Return whether a text tells of harms or risks; fewer or none, and those of another treatment, are no mention."""
    return bool(_HARMS.search(_NO_HARMS.sub(" ", _OTHERS.sub(" ", text))))
