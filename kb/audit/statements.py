"""Statements: what a claim is about, what a release holds of that, and whether the wording goes with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.audit.audit import AuditedReference, AuditedStatement, Cited, Problem, Rule, about
from kb.audit.topics import content_known, on_topic
from kb.audit.wording import Wording, denies_harms, excess, speaks_of_harms, wording
from kb.evidence.catalogue.en import ENGLISH
from kb.evidence.evidence import Vocabulary
from kb.evidence.harms import seen, sides_of, stands
from kb.questions import Questions
from kb.questions.studies import Unanswered, listed, studies_naming
from schema.citation import Citation
from schema.finding import Finding
from schema.study import Harm, Study
from schema.summary import Summary
from schema.terms import Certainty, Direction, Strength, VerificationState


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim as it was read. ``around`` is the text in which harms may stand; ``cites`` positions of references.

    ``after`` is the next sentence of its paragraph, which may doubt it.
    """

    text: str
    around: str
    therapies: tuple[str, ...]
    conditions: tuple[str, ...]
    strength: Strength | None = None
    cites: frozenset[int] = frozenset()
    line: int | None = None
    after: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What a release holds for a claim: its answers, and the studies that saw harms, each with the first of them.

    Of the pairs without an answer (therapy, condition), the studies that name both.
    """

    answers: tuple[Summary, ...]
    missing: Mapping[tuple[str, str], Sequence[Unanswered]]
    harmful: tuple[tuple[Study, Harm], ...]


async def read_held(
    questions: Questions,
    claim: Claim,
    answers_of: Mapping[str, Sequence[Summary]],
    vocabulary: Vocabulary,
    release: int,
) -> Held:
    """Read what is held for each therapy and condition of a claim; ``answers_of`` has all answers of its therapies.

    Where it names no condition, the answers are those for the broadest conditions in which the therapy was studied.
    """
    answers: list[Summary] = []
    missing: dict[tuple[str, str], Sequence[Unanswered]] = {}
    for therapy in claim.therapies:
        found = answers_of[therapy]
        if not claim.conditions:
            answers += _broadest(found, vocabulary)
        by_condition = {one.condition: one for one in found}
        for condition in claim.conditions:
            if condition in by_condition:
                answers.append(by_condition[condition])
            else:
                missing[therapy, condition] = await studies_naming(questions, therapy, condition, release)
    ids = {id_ for one in answers for id_ in one.studies}
    results = {id_ for one in answers for id_ in one.findings}
    return Held(tuple(answers), missing, await _harmful(questions, ids, results, release))


async def _harmful(
    questions: Questions, ids: Iterable[str], results: Iterable[str], release: int
) -> tuple[tuple[Study, Harm], ...]:
    """The studies with a harm that somebody had with the therapy, read in a report that stands, and the first of each.

    ``results``: the findings of the claim's therapies, by which the arms of a study are told apart.
    """
    found = await questions.get_many("Study", ids, as_of=release)
    studies = [one for _, one in sorted(found.items()) if isinstance(one, Study) and one.harms]
    arms: dict[str, list[Finding]] = {}
    for one in (await questions.get_many("Finding", results, as_of=release)).values():
        if isinstance(one, Finding):
            arms.setdefault(one.study, []).append(one)
    sides = {study: sides_of(findings) for study, findings in arms.items()}
    read_in = await questions.get_many("Citation", {h.citation for one in studies for h in one.harms}, as_of=release)
    reports = {id: one for id, one in read_in.items() if isinstance(one, Citation)}
    told = (
        (one, [harm for harm in one.harms if seen(harm, sides.get(one.id, {})) and stands(harm, reports)])
        for one in studies
    )
    return tuple((one, harms[0]) for one, harms in told if harms)


def _broadest(answers: Sequence[Summary], vocabulary: Vocabulary) -> list[Summary]:
    studied = {one.condition for one in answers}
    tree = vocabulary.condition_tree
    return [one for one in answers if not (tree.broader(one.condition) - {one.condition}) & studied]


def audit_statement(
    claim: Claim,
    held: Held,
    references: Sequence[AuditedReference],
    vocabulary: Vocabulary,
    names: Mapping[str, str],
) -> AuditedStatement:
    """Judge one claim against what is held. Pure."""
    firm = wording(claim.text, claim.strength, claim.after)
    over = [one for one in held.answers if excess(firm, one.direction, one.certainty)]
    unfounded = not held.answers and firm >= Wording.PROBABLE
    harms = speaks_of_harms(claim.around)
    cited = tuple(_cited(one, claim, vocabulary) for one in references)
    return AuditedStatement(
        text=claim.text,
        line=claim.line,
        therapies=claim.therapies,
        conditions=claim.conditions,
        wording=firm,
        evidence=held.answers,
        stronger_than_evidence=bool(over) or unfounded,
        harms_mentioned=harms,
        references=tuple(one for one in cited if one.cited or one.on_topic),
        problems=(
            *_of_evidence(firm, held, over, names),
            *_of_harms(claim, firm, held, harms),
            *_of_references([one for one in cited if one.cited], references),
        ),
    )


def _cited(reference: AuditedReference, claim: Claim, vocabulary: Vocabulary) -> Cited:
    bears = on_topic(reference, claim.therapies, claim.conditions, vocabulary)
    usable = reference.verdict is not VerificationState.NOT_FOUND and not reference.retracted
    supports: bool | None = None
    if (not bears and content_known(reference)) or not usable:
        supports = False
    elif bears and (read := {study.direction for study in reference.studies} - {Direction.UNCLEAR, Direction.MIXED}):
        supports = Direction.BENEFIT in read
    return Cited(
        position=reference.position,
        citation=None if reference.citation is None else reference.citation.id,
        cited=reference.position in claim.cites,
        on_topic=bears,
        supports=supports,
    )


def _of_evidence(firm: Wording, held: Held, over: Sequence[Summary], names: Mapping[str, str]) -> Iterable[Problem]:
    if not held.answers:
        stronger = " The wording is stronger than that." if firm >= Wording.PROBABLE else ""
        rule = Rule.STRONGER_THAN_EVIDENCE if stronger else Rule.NO_EVIDENCE
        yield Problem(rule, f"{_missing(held, names)}{stronger}")
    elif held.missing:
        yield Problem(Rule.PART_WITHOUT_EVIDENCE, _missing(held, names))
    for one in over:
        yield Problem(
            Rule.STRONGER_THAN_EVIDENCE,
            f"{about(names, one.therapy, one.condition)}: "
            f"{_WORDS[firm]}, where the evidence says {_plain(one.direction)}, with {_plain(one.certainty)} certainty. "
            f"{_instead(one)}",
        )


def _of_harms(claim: Claim, firm: Wording, held: Held, told: bool) -> Iterable[Problem]:
    shown = "; ".join(f"{harm.event} ({study.name})" for study, harm in held.harmful[:3])
    more = f" and {len(held.harmful) - 3} more" if len(held.harmful) > 3 else ""
    reported = f", and studies report some: {shown}{more}" if shown else ""
    if denies_harms(claim.text):
        denied = f"It says that there are no harms, which no study can show{reported}. Tell what is known of them."
        yield Problem(Rule.HARMS_DENIED, denied)
    elif reported and not told and firm is not Wording.NO_CLAIM:
        yield Problem(Rule.HARMS_NOT_MENTIONED, f"Harms are not mentioned{reported}. Tell readers.")


def _of_references(cited: Sequence[Cited], references: Sequence[AuditedReference]) -> Iterable[Problem]:
    by_position = {one.position: one for one in references}
    for one in cited:
        if one.supports is False:
            yield Problem(
                Rule.CITES_UNUSABLE_REFERENCE,
                f"Reference {one.position} does not support it: {_why(by_position[one.position], one)}.",
            )


#: How a claim is put, for the message.
_WORDS = {
    Wording.UNCERTAIN: "put as uncertain",
    Wording.POSSIBLE: "put as possible",
    Wording.PROBABLE: "put as probable",
    Wording.CERTAIN: "put as a fact",
    Wording.ABSOLUTE: "put as certain beyond what any study can show",
}


#: How GRADE words a benefit of each certainty (guidelines 26, doi:10.1016/j.jclinepi.2019.10.014).
_SAY = {
    Certainty.HIGH: "it does",
    Certainty.MODERATE: "it probably does",
    Certainty.LOW: "it may",
    Certainty.VERY_LOW: "it is very uncertain whether it does",
}


def _instead(answer: Summary) -> str:
    if answer.direction is Direction.BENEFIT:
        return f"Say that {_SAY[answer.certainty]}."
    return "Claim no benefit, or say that it is uncertain."


def _why(reference: AuditedReference, cited: Cited) -> str:
    if reference.verdict is VerificationState.NOT_FOUND:
        return "it cannot be found"
    if reference.retracted:
        return "it was retracted"
    return "its studies found no benefit" if cited.on_topic else "it is about something else"


def _missing(held: Held, names: Mapping[str, str]) -> str:
    """What is not held: no study of some pairs, and of others no result of the studies that name them."""
    unstudied = [_pair(pair, names) for pair, studies in held.missing.items() if not studies]
    told = [f"No study of {'; '.join(unstudied) or 'it'} is held."] if unstudied or not held.missing else []
    for pair, studies in held.missing.items():
        if studies:
            told.append(f"No result on {_pair(pair, names)} is held; studies that name both: {listed(studies)}.")
    return " ".join(told)


def _pair(pair: tuple[str, str], names: Mapping[str, str]) -> str:
    return ENGLISH.naming(about(names, *pair), None).bare


def _plain(term: str) -> str:
    return term.replace("_", " ").lower()
