"""Harms in words: how many of the studies report any, which, and how the groups compare.

Harms that were not read are "not reported", never "none". A harm is called by the outcome of the vocabulary that it is,
where that has a name in the language of the answer; what the study prints stands beside it as printed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.evidence.catalogue import Catalogue
from kb.evidence.catalogue.en import ENGLISH
from kb.evidence.evidence import Evidence
from kb.evidence.phrases import LISTED, Said, plain
from kb.evidence.results import Result
from kb.evidence.sentences import line_sentence
from schema.citation import Citation
from schema.effect import Arm
from schema.finding import Finding
from schema.ids import fold
from schema.names import label_in
from schema.outcome import Outcome
from schema.study import Harm, Study
from schema.terms import ArmRole, Direction, OutcomeDomain

#: What a report says of a harm that nobody had, where it says nothing more.
_NOBODY = re.compile(
    r"(?:abstract: )?"
    r"(?:none\b|no (?:\w+ ){0,2}(?:effects?|events?|harms?|complications?)\b|.{0,40}\bno patient had any)[^;]*",
    re.IGNORECASE | re.DOTALL,
)

#: What a report says of an arm in which nobody had a harm that others had: "3 with drugs; none reported for CBT".
_NOBODY_OF = re.compile(
    r"\bn(?:one|obody)(?: \w+)? (?:for|with|in|after|on)(?: the)? ([^;,.()]+?)(?: (?:arm|group))?(?=[;,.()]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class HarmsRead:
    """How many studies there are, and those of them that tell of harms, with what they tell."""

    studies: int
    telling: Sequence[tuple[Study, Sequence[Harm]]]


def harms_read(results: Iterable[Result], citations: Mapping[str, Citation]) -> HarmsRead:
    """Return what the studies of results tell of harms, in the order of the results."""
    studies: dict[str, Study] = {}
    unsafe: set[str] = set()
    for result in results:
        studies[result.study.id] = result.study
        if result.finding.domain is OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS:
            unsafe.add(result.study.id)
    told = ((study, _standing(study, citations)) for study in studies.values())
    return HarmsRead(len(studies), [(study, harms) for study, harms in told if harms or study.id in unsafe])


def harms_sentence(lines: Sequence[Said], read: HarmsRead, evidence: Evidence, words: Catalogue = ENGLISH) -> str:
    """Return what is known of harms: how many of the studies report any, which, and how the arms compare.

    ``read``: of the results that carry weight, those of the leading line first.
    """
    if not read.telling:
        return words.harms_none_read(read.studies)
    listed: list[str] = []
    more = 0
    for study, harms in read.telling:
        room = LISTED - len(listed)
        if harms and room > 0:
            named = (_harm(harm, evidence.vocabulary.outcomes, words) for harm in harms[:LISTED])
            listed.append(f"{study.name}: {', '.join(named)}")
            more += max(0, len(harms) - LISTED)
        else:
            more += len(harms)
    if more:
        listed.append(words.harms_more(more))
    parts: list[str] = []
    if listed:
        parts.append(words.harms_read(len(read.telling), read.studies).format(harms="; ".join(listed)))
    for line in lines:
        safety = line.key.domain is OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS and line.key.outcome is None
        if safety and line.answer.direction is not Direction.UNCLEAR:
            parts.append(line_sentence(line, evidence, words))
            break
    return " ".join(parts) or words.harms_none_read(read.studies)


def harms_of(study: Study, citations: Mapping[str, Citation]) -> list[str]:
    """Return each harm that a study tells in a report that stands: the event, and how often it was seen in each arm.

    As printed, which takes no name from the vocabulary.
    """
    return [_harm(harm, {}, ENGLISH) for harm in _standing(study, citations)]


def stands(harm: Harm, citations: Mapping[str, Citation]) -> bool:
    """Whether a harm was read in a report that is held and was not retracted."""
    citation = citations.get(harm.citation)
    return citation is not None and not citation.retracted


def sides_of(findings: Iterable[Finding]) -> dict[str, ArmRole | None]:
    """Return the side of each arm of one study by its name, where its results agree on it."""
    roles: dict[str, set[ArmRole | None]] = {}
    for finding in findings:
        for arm in finding.arms:
            roles.setdefault(arm.name, set()).add(arm.role)
    return {name: next(iter(told)) for name, told in roles.items() if len(told) == 1}


def seen(harm: Harm, sides: Mapping[str, ArmRole | None]) -> bool:
    """Whether somebody had the harm with the therapy, as far as is told; what others alone had is not its harm.

    Nobody had it where the therapy's arm counts none (else where no arm counts any), or where the text says "none", of
    everybody or of the therapy's arm by its name. ``sides``: as of :func:`sides_of`.
    """
    told = [(arm.role or sides.get(arm.name), arm.events, arm.percent) for arm in harm.arms]
    counts = [(side, count) for side, *both in told for count in both if count is not None]
    if counts:
        own = [count for side, count in counts if side is ArmRole.INTERVENTION]
        return any(own or [count for _, count in counts])
    if harm.text is None:
        return True
    spared = {fold(match[1]) for match in _NOBODY_OF.finditer(harm.text)}
    own_names = {fold(name) for name, side in sides.items() if side is ArmRole.INTERVENTION}
    return not (_NOBODY.fullmatch(harm.text) or (own_names and own_names <= spared))


def _standing(study: Study, citations: Mapping[str, Citation]) -> list[Harm]:
    return [harm for harm in study.harms if stands(harm, citations)]


def _called(harm: Harm, outcomes: Mapping[str, Outcome], words: Catalogue) -> str:
    outcome = outcomes.get(harm.outcome or "")
    label = None if outcome is None else label_in(words.language, outcome.labels)
    if outcome is None or label is None:
        return words.quoted(harm.event)
    name = words.naming(outcome.name, label).bare
    return name if fold(harm.event) == fold(outcome.name) else f"{name}, {words.quoted(harm.event)}"


def _harm(harm: Harm, outcomes: Mapping[str, Outcome], words: Catalogue) -> str:
    told = [part for arm in harm.arms if (part := _arm(arm, words))]
    text = harm.text.removeprefix("abstract: ") if harm.text else None
    said = ", ".join(told) or (words.quoted(text) if text else words.no_figures)
    return f"{_called(harm, outcomes, words)} ({said})"


def _arm(arm: Arm, words: Catalogue) -> str | None:
    name = words.quoted(arm.name)
    if arm.events is not None:
        count = words.of.format(events=arm.events, n=arm.n) if arm.n is not None else f"{arm.events}"
        return f"{name} {count}"
    return f"{name} {plain(arm.percent, words)} %" if arm.percent is not None else None
