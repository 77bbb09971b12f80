"""Words: plain sentences from effect × certainty (rule 6), filled from one language's :mod:`kb.evidence.catalogue`.

The verb tells the certainty (GRADE guidelines 26, Santesso 2020, doi:10.1016/j.jclinepi.2019.10.014). Every sentence
names what the therapy was compared with, when, in how many studies and people. Absence is said in words; harms that
were not read are "not reported", never "none".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.evidence.catalogue import Catalogue, Effect
from kb.evidence.catalogue.en import ENGLISH
from kb.evidence.certainty import Rating
from kb.evidence.evidence import Evidence
from kb.evidence.lines import Key
from kb.evidence.results import Result
from kb.evidence.synthesis import Answer, pooled_studies
from schema.effect import Arm
from schema.study import Harm
from schema.terms import (
    Better,
    ComparatorClass,
    ComparatorGroup,
    Direction,
    EffectMeasure,
    OutcomeDomain,
    Synthesis,
)

#: How many names, studies and harms a sentence lists before it says how many more there are.
LISTED = 3

#: Outcomes that are named themselves where all counted results measured them.
NAMED = frozenset({"depression", "anxiety"})

_USUAL = ComparatorGroup.USUAL_CARE
_SHAM = ComparatorGroup.SHAM_OR_PLACEBO


@dataclass(frozen=True, slots=True)
class Said:
    """A line with what was found, ready to be put into words."""

    key: Key
    answer: Answer
    rating: Rating


def line_sentence(line: Said, evidence: Evidence, words: Catalogue = ENGLISH) -> str:
    """Return the sentences of one line: what is found against what, then in whom and when."""
    key, answer = line.key, line.answer
    fill = _names(evidence, words) | {
        "basis": _basis(answer, words),
        "noun": _effect(line, evidence, words).noun,
        "compared": words.compared_with.format(comparators=_comparators(line, evidence, words)),
    }
    if key.predicts:
        return _closed(words.predicts.format(**fill), _auc(answer, words))
    if key.one_group:
        return _closed(words.one_group.format(**fill), words.one_group_limit)
    if key.comparison is ComparatorGroup.WITHIN_THERAPY:
        return _closed(words.within.format(**fill), words.within_limit)
    rests_on = words.rests_on.format(basis=fill["basis"])
    if window := words.windows[key.window]:
        rests_on = words.measured.format(rests_on=rests_on, window=window)
    if answer.direction is Direction.UNCLEAR:
        return _closed(words.unclear.format(**fill), rests_on, _leaning(answer, words))
    if answer.direction is Direction.MIXED:
        single = len(answer.counted) == 1
        return _closed((words.mixed_one if single else words.mixed).format(**fill), rests_on)
    compared = "" if "{comparators}" in _pattern(line, words) else f", {fill['compared']}"
    return _closed(f"{_statement(line, evidence, words)} {fill['condition']}{compared}", rests_on)


def head_sentence(lines: Sequence[Said], evidence: Evidence, retracted_studies: int, words: Catalogue = ENGLISH) -> str:
    """Return the sentence of the whole answer: the leading line, what stands beside it, and what is missing.

    ``lines`` in their order, at least one.
    """
    lead = lines[0]
    parts = [line_sentence(lead, evidence, words)]
    comparative = not (lead.key.predicts or lead.key.one_group or lead.key.comparison is ComparatorGroup.WITHIN_THERAPY)
    if comparative:
        parts += _beside(lines, evidence, words)
    # Mixed or undescribed controls may have been a sham for some.
    perhaps_sham = (_SHAM, ComparatorGroup.NONE)
    if not (lead.key.predicts or lead.key.one_group) and not any(
        line.key.comparison in perhaps_sham and not line.key.one_group and not line.key.predicts for line in lines
    ):
        parts.append(_closed(words.no_sham))
    parts += _narrower(lead.answer.counted, evidence, words)
    if retracted_studies:
        parts.append(words.some_retracted(retracted_studies))
    return " ".join(parts)


def retracted_sentence(studies: int, evidence: Evidence, words: Catalogue = ENGLISH) -> str:
    """Return the sentence of a question all of whose evidence was retracted."""
    return _capital(words.retracted(studies).format(**_names(evidence, words)))


def harms_sentence(
    lines: Sequence[Said], results: Sequence[Result], evidence: Evidence, words: Catalogue = ENGLISH
) -> str:
    """Return what is known of harms: how many of the studies report any, which, and how the arms compare.

    ``results`` carry weight, those of the leading line first.
    """
    studies = list({result.study.id: result.study for result in results}.values())
    unsafe = {
        result.study.id for result in results if result.finding.domain is OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS
    }
    told = [(study, [harm for harm in study.harms if _stands(harm, evidence)]) for study in studies]
    told = [(study, harms) for study, harms in told if harms or study.id in unsafe]
    if not told:
        return words.harms_none_read(len(studies))
    listed: list[str] = []
    more = 0
    for study, harms in told:
        room = LISTED - len(listed)
        if harms and room > 0:
            listed.append(f"{study.name}: {', '.join(_harm(harm, words) for harm in harms[:LISTED])}")
            more += max(0, len(harms) - LISTED)
        else:
            more += len(harms)
    if more:
        listed.append(words.harms_more(more))
    parts: list[str] = []
    if listed:
        parts.append(words.harms_read(len(told), len(studies)).format(harms="; ".join(listed)))
    for line in lines:
        safety = line.key.domain is OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS and line.key.outcome is None
        if safety and line.answer.direction is not Direction.UNCLEAR:
            parts.append(line_sentence(line, evidence, words))
            break
    return " ".join(parts) or words.harms_none_read(len(studies))


def _beside(lines: Sequence[Said], evidence: Evidence, words: Catalogue) -> list[str]:
    """What the same outcome says against the other kinds of comparator."""
    lead = lines[0]
    parts: list[str] = []
    for group in (_SHAM, _USUAL, ComparatorGroup.ACTIVE):
        other = next(
            (
                line
                for line in lines[1:]
                if line.key.comparison is group
                and (line.key.domain, line.key.outcome) == (lead.key.domain, lead.key.outcome)
                and line.key.responders == lead.key.responders
                and not (line.key.predicts or line.key.one_group)
                and line.answer.direction is not Direction.UNCLEAR
            ),
            None,
        )
        if other is None or group is lead.key.comparison:
            continue
        both = {group, lead.key.comparison} == {_SHAM, _USUAL}
        if not both and lead.answer.direction is not Direction.UNCLEAR:
            continue
        parts.append(_beside_sentence(other, evidence, words))
        if both:
            parts += _only_one(lead, other, evidence, words)
    return parts


def _beside_sentence(line: Said, evidence: Evidence, words: Catalogue) -> str:
    comparators = _comparators(line, evidence, words)
    compared = _capital(words.compared_with.format(comparators=comparators))
    basis = _basis(line.answer, words)
    if line.answer.direction is Direction.MIXED:
        return _closed(words.beside_mixed.format(Compared=compared, basis=basis))
    stated = _statement(line, evidence, words, again=True)
    if "{comparators}" in _pattern(line, words):
        return _closed(f"{stated} ({basis})")
    return _closed(words.beside.format(Compared=compared, statement=stated[:1].lower() + stated[1:], basis=basis))


def _only_one(lead: Said, other: Said, evidence: Evidence, words: Catalogue) -> list[str]:
    by_group = {line.key.comparison: line for line in (lead, other)}
    usual, sham = by_group[_USUAL], by_group[_SHAM]
    fill = {"usual": _comparators(usual, evidence, words), "sham": _comparators(sham, evidence, words)}
    fill["it"] = _pronoun(evidence, words)
    said = (usual.answer.direction, sham.answer.direction)
    if said == (Direction.BENEFIT, Direction.NO_DIFFERENCE):
        return [_closed(words.better_than_usual_only.format(**fill))]
    if said == (Direction.NO_DIFFERENCE, Direction.BENEFIT):
        return [_closed(words.better_than_sham_only.format(**fill))]
    return []


def _narrower(counted: Sequence[Result], evidence: Evidence, words: Catalogue) -> list[str]:
    vocabulary = evidence.vocabulary
    parts: list[str] = []
    if counted and not any(result.names_condition for result in counted):
        under = vocabulary.condition_tree.narrower(evidence.condition)
        ids = sorted({id for result in counted for id in result.finding.conditions if id in under})
        names = [words.inside(vocabulary.conditions[id].name) for id in ids if id in vocabulary.conditions]
        if names:
            parts.append(_closed(words.from_narrower_conditions.format(names=_listed(names, words))))
    if counted and not any(result.names_therapy for result in counted):
        under = vocabulary.therapy_tree.narrower(evidence.therapy)
        ids = sorted({id for result in counted for id in result.finding.therapies if id in under})
        names = [words.inside(vocabulary.therapies[id].name) for id in ids if id in vocabulary.therapies]
        if names:
            parts.append(_closed(words.from_narrower_therapies.format(names=_listed(names, words))))
    return parts


def _pattern(line: Said, words: Catalogue) -> str:
    active = line.key.comparison is ComparatorGroup.ACTIVE
    certainty = line.rating.certainty
    if line.answer.direction is Direction.NO_DIFFERENCE:
        return (words.no_difference_between if active else words.no_difference)[certainty]
    if line.answer.direction is Direction.HARM and active:
        return words.worse_than_active[certainty]
    return words.better_or_worse[certainty]


def _statement(line: Said, evidence: Evidence, words: Catalogue, *, again: bool = False) -> str:
    effect = _effect(line, evidence, words)
    names = _names(evidence, words)
    if again:
        pronoun = _pronoun(evidence, words)
        names |= {"therapy": pronoun, "Therapy": pronoun}
    verb = effect.worse if line.answer.direction is Direction.HARM else effect.better
    third = verb.plain if names["make"] == "make" else verb.third
    return _pattern(line, words).format(
        **names,
        plain=verb.plain,
        third=third,
        object=verb.object,
        noun=effect.noun,
        comparators=_comparators(line, evidence, words),
    )


def _names(evidence: Evidence, words: Catalogue) -> dict[str, str]:
    therapy = evidence.vocabulary.therapies.get(evidence.therapy)
    condition = evidence.vocabulary.conditions.get(evidence.condition)
    name = therapy.name if therapy is not None else evidence.therapy
    bare = words.inside(condition.name if condition is not None else evidence.condition)
    plural = words.plural(name)
    return {
        "therapy": words.inside(name),
        "Therapy": _capital(name),
        "condition": words.with_condition.format(condition=bare),
        "bare_condition": bare,
        "make": "make" if plural else "makes",
        "do": "do" if plural else "does",
        "was": "were" if plural else "was",
    }


def _pronoun(evidence: Evidence, words: Catalogue) -> str:
    therapy = evidence.vocabulary.therapies.get(evidence.therapy)
    return words.they if words.plural(therapy.name if therapy is not None else evidence.therapy) else words.it


def _effect(line: Said, evidence: Evidence, words: Catalogue) -> Effect:
    id = line.key.outcome
    if id is None:
        id = _shared_outcome(line)
    outcome = evidence.vocabulary.outcomes.get(id) if id is not None else None
    if outcome is None:
        return words.effects[line.key.domain, line.key.responders]
    name = words.inside(outcome.name)
    if outcome.better is None:
        return words.unknown_effect(name)
    return words.more_is_better(name) if outcome.better is Better.HIGHER else words.less_is_better(name)


def _shared_outcome(line: Said) -> str | None:
    """The one outcome that all counted results measured, where the word for its domain would be too wide."""
    if line.key.responders:
        return None
    measured = {result.finding.outcomes for result in line.answer.counted}
    only = next(iter(measured)) if len(measured) == 1 else ()
    return only[0] if len(only) == 1 and only[0] in NAMED else None


def _comparators(line: Said, evidence: Evidence, words: Catalogue) -> str:
    counted = line.answer.counted
    if line.key.comparison is ComparatorGroup.ACTIVE:
        ids = sorted({id for result in counted for id in result.finding.comparators})
        known = evidence.vocabulary.comparators
        if not 0 < len(ids) < LISTED or not all(id in known for id in ids):
            return words.other_treatments
        if not all(result.finding.comparators for result in counted):
            return words.other_treatments
        return _joined([words.inside(known[id].name) for id in ids], words.conjunction_or)
    classes = {result.finding.comparator_class for result in counted}
    named = [words.comparators[kind] for kind in ComparatorClass if kind in classes and kind in words.comparators]
    return _joined(named, words.conjunction_or) if named else words.undescribed


def _basis(answer: Answer, words: Catalogue) -> str:
    count = len(answer.counted)
    if answer.synthesis is Synthesis.REVIEW_CONCLUSION:
        pooled = pooled_studies(answer.counted[0])
        studies = words.review.format(count=pooled) if pooled and pooled > 1 else words.review_unknown
    else:
        studies = words.one_study if count == 1 else words.studies.format(count=count)
    if answer.people is None:
        return words.people_unknown.format(studies=studies)
    told = words.people.format(studies=studies, count=f"{answer.people:,}")
    if answer.people_unknown:
        return words.people_unknown_in.format(told=told, count=answer.people_unknown)
    return told


def _leaning(answer: Answer, words: Catalogue) -> str:
    """Why it is not clear: nothing was read, or points without their precision."""
    if not answer.favouring and not answer.against:
        return words.no_direction
    return words.leaning(answer.favouring, answer.against, len(answer.counted))


def _auc(answer: Answer, words: Catalogue) -> str:
    effect = answer.effect
    if effect is None or effect.measure is not EffectMeasure.AUC or effect.estimate is None:
        return ""
    return words.predicts_auc.format(auc=f"{effect.estimate:g}")


def _stands(harm: Harm, evidence: Evidence) -> bool:
    citation = evidence.citations.get(harm.citation)
    return citation is not None and not citation.retracted


def _harm(harm: Harm, words: Catalogue) -> str:
    told = [part for arm in harm.arms if (part := _arm(arm, words))]
    text = harm.text.removeprefix("abstract: ") if harm.text else None
    return f"{harm.event} ({', '.join(told) or text or words.no_figures})"


def _arm(arm: Arm, words: Catalogue) -> str | None:
    if arm.events is not None:
        count = words.of.format(events=arm.events, n=arm.n) if arm.n is not None else f"{arm.events}"
        return f"{arm.name} {count}"
    return f"{arm.name} {arm.percent:g} %" if arm.percent is not None else None


def _listed(names: Sequence[str], words: Catalogue) -> str:
    if len(names) <= LISTED + 1:
        return _joined(names, words.conjunction_and)
    return _joined([*names[:LISTED], f"{len(names) - LISTED} more"], words.conjunction_and)


def _joined(names: Sequence[str], conjunction: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def _closed(*sentences: str) -> str:
    return " ".join(f"{_capital(sentence)}." for sentence in sentences if sentence)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
