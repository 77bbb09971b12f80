"""Words: plain sentences from effect × certainty (rule 6), filled from one language's :mod:`kb.evidence.catalogue`.

The verb tells the certainty (GRADE guidelines 26, Santesso 2020, doi:10.1016/j.jclinepi.2019.10.014). Every sentence
names what the therapy was compared with, when, in how many studies and people. Absence is said in words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kb.evidence.catalogue import Catalogue
from kb.evidence.catalogue.en import ENGLISH
from kb.evidence.evidence import Evidence
from kb.evidence.figures import figures, is_slight, relief
from kb.evidence.lines import BESIDE, OWN_MEASURE
from kb.evidence.phrases import (
    Said,
    basis_of,
    capital,
    closed,
    comparators_of,
    effect_of,
    listed,
    names_of,
    naming,
    of_whom,
    partly,
    place,
    plain,
    pronoun,
    takes_plural,
    when,
)
from kb.evidence.results import Result, of_children
from kb.evidence.rollup import Hierarchy
from kb.evidence.synthesis import Answer
from schema.effect import RATIOS
from schema.terms import (
    Better,
    Certainty,
    ComparatorClass,
    ComparatorGroup,
    Direction,
    EffectMeasure,
    StudyDesign,
    Synthesis,
    TimeWindow,
)

#: Directions that say something; how many other times are told beside the leading one.
_SURE = frozenset({Direction.BENEFIT, Direction.HARM, Direction.NO_DIFFERENCE})
TIMES = 2

_USUAL = ComparatorGroup.USUAL_CARE
_SHAM = ComparatorGroup.SHAM_OR_PLACEBO


def line_sentence(line: Said, evidence: Evidence, words: Catalogue = ENGLISH) -> str:
    """Return the sentences of one line: what is found against what, then in whom and when."""
    key, answer = line.key, line.answer
    fill = names_of(evidence, words) | {
        "basis": basis_of(answer, words),
        "noun": of_whom(effect_of(line, evidence, words), words.bare_people).noun,
        "compared": words.compared_with.format(comparators=comparators_of(line, evidence, words)),
    }
    if key.predicts:
        return closed(words, words.predicts.format(**fill), _auc(answer, words))
    if key.one_group:
        return closed(words, words.one_group.format(**fill), words.one_group_limit)
    if key.comparison is ComparatorGroup.WITHIN_THERAPY:
        if _of_one_group(answer):
            return closed(words, words.within_group.format(**fill), *partly(answer, words), words.within_group_limit)
        return closed(words, words.within.format(**fill), *partly(answer, words), words.within_limit)
    rests_on = words.rests_on.format(basis=fill["basis"])
    if window := when(line, words):
        rests_on = words.measured.format(rests_on=rests_on, window=window)
    where = place(line, evidence, words)
    if answer.direction is Direction.UNCLEAR:
        noun = of_whom(effect_of(line, evidence, words), fill["people"]).noun
        stated = words.unclear.format(**fill | {"noun": f"{noun}{where}"})
        return closed(words, stated, rests_on, *partly(answer, words), _leaning(answer, words))
    if answer.direction is Direction.MIXED:
        stated = _mixed(answer, words.mixed, words.mixed_one, words.mixed_some).format(**fill)
        return closed(words, stated, rests_on, *partly(answer, words))
    compared = "" if "{comparators}" in _pattern(line, words) else f", {fill['compared']}"
    stated = f"{_statement(line, evidence, words)}{where}{compared}"
    return closed(words, stated, *figures(line, evidence, words), rests_on, *partly(answer, words))


def head_sentence(lines: Sequence[Said], evidence: Evidence, retracted_studies: int, words: Catalogue = ENGLISH) -> str:
    """Return the sentence of the whole answer: the leading line, what stands beside it, and what is missing.

    ``lines`` in their order, at least one.
    """
    lead = lines[0]
    parts = [line_sentence(lead, evidence, words), *relief(lines, evidence, words)]
    comparative = not (lead.key.predicts or lead.key.one_group or lead.key.comparison is ComparatorGroup.WITHIN_THERAPY)
    if comparative:
        parts += _other_times(lines, evidence, words)
        parts += _beside(lines, evidence, words)
    # Mixed or undescribed controls may have been a sham for some.
    perhaps_sham = (_SHAM, ComparatorGroup.NONE)
    if not (lead.key.predicts or lead.key.one_group) and not any(
        line.key.comparison in perhaps_sham and not line.key.one_group and not line.key.predicts for line in lines
    ):
        parts.append(closed(words, words.no_sham))
    parts += _narrower(lead.answer.counted, evidence, words)
    parts += _people(lead.answer.counted, evidence, words)
    if retracted_studies:
        parts.append(words.some_retracted(retracted_studies))
    return " ".join(parts)


def retracted_sentence(studies: int, evidence: Evidence, words: Catalogue = ENGLISH) -> str:
    """Return the sentence of a question all of whose evidence was retracted."""
    return capital(words.joined(words.retracted(studies).format(**names_of(evidence, words))))


def _of_one_group(answer: Answer) -> bool:
    """Whether what was compared are different therapies of the group asked for, and not forms or doses of one."""
    return all(
        not result.names_therapy and result.finding.comparator_class is not ComparatorClass.DOSE
        for result in answer.counted
    )


def _mixed(answer: Answer, ways: str, one: str, some: str) -> str:
    """Return the pattern for mixed results: of ``one`` result, of ``some`` with a benefit and none against, or both."""
    if len(answer.counted) == 1:
        return one
    own = {result.direction for result in answer.counted}
    helped = Direction.BENEFIT in own and not own & {Direction.HARM, Direction.MIXED}
    return some if helped and not answer.against else ways


def _other_times(lines: Sequence[Said], evidence: Evidence, words: Catalogue) -> list[str]:
    """What the same outcome says against the same kind of comparator at another time, where that differs."""
    lead = lines[0]
    if lead.answer.direction not in _SURE:
        return []
    parts: list[str] = []
    for line in lines[1:]:
        same = replace(line.key, window=lead.key.window) == lead.key
        if not same or line.answer.direction not in _SURE or line.answer.direction is lead.answer.direction:
            continue
        then = capital(when(line, words) or words.unknown_time)
        basis = basis_of(line.answer, words)
        if line.rating.certainty is not Certainty.VERY_LOW:
            stated = _statement(line, evidence, words, again=True)
            stated = stated[:1].lower() + stated[1:]
            parts.append(closed(words, words.at_other_time.format(When=then, statement=stated, basis=basis)))
        elif {line.answer.direction, lead.answer.direction} == {Direction.BENEFIT, Direction.HARM}:
            parts.append(closed(words, words.other_way_at_other_time.format(When=then, basis=basis)))
    return parts[:TIMES]


def _people(counted: Sequence[Result], evidence: Evidence, words: Catalogue) -> list[str]:
    """What one result is about beside the question: children, people with something else, other therapies."""
    parts: list[str] = []
    children = sum(1 for result in counted if of_children(result.study))
    if children:
        parts.append(
            closed(words, words.children(children, len(counted), len(counted) == 1 and counted[0].study.review))
        )
    if len(counted) == 1:
        known, tree = evidence.vocabulary.conditions, evidence.vocabulary.condition_tree
        asked = known.get(evidence.condition)
        near = tree.narrower(evidence.condition) | tree.broader(evidence.condition)
        others = [known[id] for id in sorted(set(counted[0].finding.conditions) - near) if id in known]
        names = [naming(one, words).full for one in others if one.kind not in OWN_MEASURE]
        if names and asked is not None and asked.kind not in OWN_MEASURE:
            parts.append(closed(words, words.also_about(listed(names, words), counted[0].study.review)))
        parts += _therapies_too(counted[0], evidence, words)
    return parts


def _therapies_too(result: Result, evidence: Evidence, words: Catalogue) -> list[str]:
    """Which other therapies the one result is about: given with this one, or taken together with it by a review."""
    known, tree = evidence.vocabulary.therapies, evidence.vocabulary.therapy_tree
    near = tree.narrower(evidence.therapy) | tree.broader(evidence.therapy)
    others = [id for id in sorted(set(result.finding.therapies) - near) if id in known]
    names = [naming(known[id], words).full for id in others]
    return [closed(words, words.also_of.format(names=listed(names, words)))] if names else []


def _beside(lines: Sequence[Said], evidence: Evidence, words: Catalogue) -> list[str]:
    """What the same outcome says against the other kinds of comparator."""
    lead = lines[0]
    parts: list[str] = []
    for group in (_SHAM, _USUAL, ComparatorGroup.ACTIVE):
        told = [
            line
            for line in lines[1:]
            if line.key.comparison is group
            and (line.key.domain, line.key.outcome) == (lead.key.domain, lead.key.outcome)
            and not (line.key.predicts or line.key.one_group)
            and line.answer.direction is not Direction.UNCLEAR
        ]
        # How many people got relief stands for how much, where nothing else was measured against this comparator.
        other = min(told, key=lambda line: line.key.responders != lead.key.responders, default=None)
        if other is None or group is lead.key.comparison:
            continue
        both = {group, lead.key.comparison} == {_SHAM, _USUAL}
        if not both and lead.answer.direction is not Direction.UNCLEAR:
            continue
        parts.append(_beside_sentence(other, evidence, words))
        if both and other.key.responders == lead.key.responders:
            parts += _only_one(lead, other, evidence, words)
    return parts


def _beside_sentence(line: Said, evidence: Evidence, words: Catalogue) -> str:
    comparators = comparators_of(line, evidence, words)
    compared = capital(words.compared_with.format(comparators=comparators))
    basis = basis_of(line.answer, words)
    if line.answer.direction is Direction.MIXED:
        stated = _mixed(line.answer, words.beside_mixed, words.beside_mixed_one, words.beside_mixed_some)
        return closed(words, stated.format(Compared=compared, basis=basis))
    stated = _statement(line, evidence, words, again=True)
    if "{comparators}" in _pattern(line, words):
        return closed(words, f"{stated} ({basis})")
    return closed(words, words.beside.format(Compared=compared, statement=stated[:1].lower() + stated[1:], basis=basis))


def _only_one(lead: Said, other: Said, evidence: Evidence, words: Catalogue) -> list[str]:
    """Say that the therapy did better than one kind of comparator alone, where it was the same one in the same people.

    Of a group of therapies (or conditions) the two lines may be about different ones: those may be what differs. So may
    the time, where both are known.
    """
    windows = {lead.key.window, other.key.window}
    other_time = len(windows) > 1 and TimeWindow.UNKNOWN not in windows
    if other_time or not _in_common(lead, other, evidence):
        return []
    by_group = {line.key.comparison: line for line in (lead, other)}
    usual, sham = by_group[_USUAL], by_group[_SHAM]
    fill = {"usual": comparators_of(usual, evidence, words), "sham": comparators_of(sham, evidence, words)}
    fill |= names_of(evidence, words) | {"it": pronoun(evidence, words)}
    said = (usual.answer.direction, sham.answer.direction)
    if said == (Direction.BENEFIT, Direction.NO_DIFFERENCE):
        return [closed(words, words.better_than_usual_only.format(**fill))]
    if said == (Direction.NO_DIFFERENCE, Direction.BENEFIT):
        return [closed(words, words.better_than_sham_only.format(**fill))]
    return []


def _in_common(one: Said, other: Said, evidence: Evidence) -> bool:
    """Whether most results of each of two lines are about a form of the therapy, and people, that the other has too.

    One that is narrower or broader than the other's counts as the same.
    """
    vocabulary = evidence.vocabulary
    return all(
        _mostly(
            [named([result], evidence) for result in mine.answer.counted], named(its.answer.counted, evidence), tree
        )
        for named, tree in ((_therapies, vocabulary.therapy_tree), (_conditions, vocabulary.condition_tree))
        for mine, its in ((one, other), (other, one))
    )


def _mostly(named: Sequence[set[str]], others: set[str], tree: Hierarchy) -> bool:
    alike = [ids for ids in named if any((tree.broader(id) | tree.narrower(id)) & others for id in ids)]
    return 2 * len(alike) > len(named)


def _therapies(counted: Iterable[Result], evidence: Evidence) -> set[str]:
    """The therapies asked for that results name."""
    under = evidence.vocabulary.therapy_tree.narrower(evidence.therapy)
    return {id for result in counted for id in result.finding.therapies if id in under}


def _conditions(counted: Iterable[Result], evidence: Evidence) -> set[str]:
    """The conditions asked for that results name."""
    under = evidence.vocabulary.condition_tree.narrower(evidence.condition)
    return {id for result in counted for id in result.finding.conditions if id in under}


def _narrower(counted: Sequence[Result], evidence: Evidence, words: Catalogue) -> list[str]:
    conditions, therapies = evidence.vocabulary.conditions, evidence.vocabulary.therapies
    parts: list[str] = []
    if counted and not any(result.names_condition for result in counted):
        ids = sorted(_conditions(counted, evidence))
        if names := [naming(conditions[id], words).bare for id in ids if id in conditions]:
            parts.append(closed(words, words.from_narrower_conditions.format(names=listed(names, words))))
    if counted and not any(result.names_therapy for result in counted):
        ids = sorted(_therapies(counted, evidence))
        if names := [naming(therapies[id], words).bare for id in ids if id in therapies]:
            parts.append(closed(words, words.from_narrower_therapies.format(names=listed(names, words))))
    return parts


def _pattern(line: Said, words: Catalogue) -> str:
    active = line.key.comparison is ComparatorGroup.ACTIVE
    certainty = line.rating.certainty
    if line.answer.direction is Direction.NO_DIFFERENCE:
        return (words.no_difference_between if active else words.no_difference)[certainty]
    # Another treatment may help more. Unwanted effects are had or not, whatever the others got, and people are counted.
    counted = line.key.domain in BESIDE or line.key.responders
    if line.answer.direction is Direction.HARM and active and not counted:
        return words.worse_than_active[certainty]
    return words.better_or_worse[certainty]


def _statement(line: Said, evidence: Evidence, words: Catalogue, *, again: bool = False) -> str:
    names = names_of(evidence, words)
    effect = of_whom(effect_of(line, evidence, words), words.bare_people if again else names["people"])
    if again:
        named_again = pronoun(evidence, words)
        names |= {"therapy": named_again, "Therapy": named_again}
    verb = effect.worse if line.answer.direction is Direction.HARM else effect.better
    third = verb.many if takes_plural(evidence, words) else verb.third
    slight = line.rating.certainty is not Certainty.VERY_LOW and is_slight(line.answer, evidence)
    return _pattern(line, words).format(
        **names,
        plain=verb.plain,
        third=third,
        object=words.slightly.format(object=verb.object) if slight else verb.object,
        worse=words.slightly_worse if slight else words.worse,
        noun=effect.noun,
        comparators=comparators_of(line, evidence, words),
    )


def _leaning(answer: Answer, words: Catalogue) -> str:
    """Why it is not clear: nothing was read, numbers that contradict each other, or points without their precision."""
    pooled = answer.pool.pooled
    if answer.synthesis is Synthesis.POOLED and pooled is not None:
        null = 1 if pooled.measure in RATIOS else 0
        return words.leaning_pooled((pooled.estimate > null) == (pooled.better is Better.HIGHER))
    if not answer.favouring and not answer.against:
        some = sum(1 for result in answer.counted if _contradicts_itself(result))
        review = answer.counted[0].study.review
        return words.contradicting(some, len(answer.counted), review) if some else words.no_direction
    return words.leaning(answer.favouring, answer.against, len(answer.counted))


def _contradicts_itself(result: Result) -> bool:
    """Whether a result says nothing although an arm that it favours was read: its own numbers say otherwise."""
    finding = result.finding
    sided = finding.favours is not None or finding.direction in (Direction.BENEFIT, Direction.HARM)
    return result.vote is None and sided and result.study.design is not StudyDesign.GUIDELINE


def _auc(answer: Answer, words: Catalogue) -> str:
    effect = answer.effect
    if effect is None or effect.measure is not EffectMeasure.AUC or effect.estimate is None:
        return ""
    return words.predicts_auc.format(auc=plain(effect.estimate, words))
