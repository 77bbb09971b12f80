"""Phrases: the parts of a sentence that several sentences share, in the words of one language."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.evidence.catalogue import Catalogue, Effect, Naming
from kb.evidence.certainty import Rating
from kb.evidence.comparable import better_of
from kb.evidence.evidence import Evidence
from kb.evidence.lines import Key
from kb.evidence.results import indirect
from kb.evidence.synthesis import Answer, pooled_studies
from schema.comparator import Comparator
from schema.condition import Condition
from schema.names import label_in
from schema.outcome import Outcome
from schema.pooled import Absolute
from schema.terms import Better, ComparatorClass, ComparatorGroup, Direction, OutcomeDomain, Synthesis, TimeWindow
from schema.therapy import Therapy

#: How many names, studies and harms a sentence lists before it says how many more there are.
LISTED = 3

#: The comparator of a study in which one arm got a treatment, and the other the same with the therapy beside it.
PART_ALONE = "component-alone"

#: Outcomes that are named themselves where all counted results measured them.
NAMED = frozenset({"depression", "anxiety"})

#: Stands in an effect for the people whom it counts.
WHO = "{who}"

_CLASSES = tuple(ComparatorClass)


@dataclass(frozen=True, slots=True)
class Said:
    """A line with what was found, ready to be put into words."""

    key: Key
    answer: Answer
    rating: Rating
    absolute: Absolute | None = None


def naming(entry: Therapy | Condition | Outcome | Comparator, words: Catalogue) -> Naming:
    """Return how an entry of the vocabulary stands in a sentence."""
    return words.naming(entry.name, label_in(words.language, entry.labels))


def names_of(evidence: Evidence, words: Catalogue) -> dict[str, str]:
    """The names of therapy and condition, and the words that agree with the therapy."""
    therapy = _therapy(evidence, words)
    condition = evidence.vocabulary.conditions.get(evidence.condition)
    bare = (naming(condition, words) if condition is not None else words.naming(evidence.condition, None)).bare
    return {
        "therapy": therapy.full,
        "Therapy": capital(therapy.full),
        "bare": therapy.bare,
        "condition": words.in_people.format(people=words.people_with(bare)),
        "people": words.people_with(bare),
        **{word: many if therapy.several else one for word, (one, many) in words.agreeing.items()},
    }


def _therapy(evidence: Evidence, words: Catalogue) -> Naming:
    therapy = evidence.vocabulary.therapies.get(evidence.therapy)
    return naming(therapy, words) if therapy is not None else words.naming(evidence.therapy, None)


def takes_plural(evidence: Evidence, words: Catalogue) -> bool:
    """Whether the therapy takes a verb in the plural."""
    return _therapy(evidence, words).several


def pronoun(evidence: Evidence, words: Catalogue) -> str:
    """Return what stands for the therapy that was just named."""
    return words.they if takes_plural(evidence, words) else words.it


def effect_of(line: Said, evidence: Evidence, words: Catalogue) -> Effect:
    """Return how the line's outcome gets better or worse."""
    id = line.key.outcome
    if id is None:
        id = _shared_outcome(line)
    outcome = evidence.vocabulary.outcomes.get(id) if id is not None else None
    if outcome is None:
        if still_in_pain(line, evidence):
            return words.still_in_pain
        return words.effects[line.key.domain, line.key.responders]
    name = words.outcome_name(naming(outcome, words), line.key.responders)
    if outcome.better is None:
        return words.unknown_effect(name)
    return words.more_is_better(name) if outcome.better is Better.HIGHER else words.less_is_better(name)


def of_whom(effect: Effect, who: str) -> Effect:
    """Return the effect with the people whom it counts."""

    def named(text: str) -> str:
        return text.replace(WHO, who)

    better, worse = (replace(verb, object=named(verb.object)) for verb in (effect.better, effect.worse))
    return Effect(better, worse, named(effect.noun))


def place(line: Said, evidence: Evidence, words: Catalogue) -> str:
    """Return " in people with" the condition; "among" them, where people whom something befalls are counted.

    Empty where the effect names them itself.
    """
    if WHO in effect_of(line, evidence, words).noun:
        return ""
    people = names_of(evidence, words)["people"]
    counts = line.key.responders and (
        line.key.outcome is not None
        or line.key.domain is OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS
        or still_in_pain(line, evidence)
    )
    return f" {(words.among_people if counts else words.in_people).format(people=people)}"


def still_in_pain(line: Said, evidence: Evidence) -> bool:
    """Whether all counted results count people who still have pain, and not those who got relief."""
    if line.key.domain is not OutcomeDomain.PAIN or not line.key.responders or line.key.outcome is not None:
        return False
    return all(better_of(result, evidence) is Better.LOWER for result in line.answer.counted)


def _shared_outcome(line: Said) -> str | None:
    """The one outcome that all counted results measured, where the word for its domain would be too wide."""
    if line.key.responders:
        return None
    measured = {result.finding.outcomes for result in line.answer.counted}
    only = next(iter(measured)) if len(measured) == 1 else ()
    return only[0] if len(only) == 1 and only[0] in NAMED else None


def comparators_of(line: Said, evidence: Evidence, words: Catalogue) -> str:
    """Return what the therapy was compared with."""
    counted = line.answer.counted
    if line.key.comparison is ComparatorGroup.ACTIVE:
        each = [set(result.finding.comparators) for result in counted]
        # What both arms got is named, that it is a part of the combination need not be.
        added = all(PART_ALONE in ids and len(ids) > 1 for ids in each)
        ids = sorted({id for ids in each for id in (ids - {PART_ALONE} or ids)})
        known = evidence.vocabulary.comparators
        if not 0 < len(ids) < LISTED or not all(id in known for id in ids) or not all(each):
            return words.other_treatments
        names = [words.without_it if id == PART_ALONE else naming(known[id], words).full for id in ids]
        return joined([words.alone.format(name=name) if added else name for name in names], words.conjunction_or)
    classes = {result.finding.comparator_class for result in counted}
    named = [words.comparators[kind] for kind in _CLASSES if kind in classes and kind in words.comparators]
    return joined(named, words.conjunction_or) if named else words.undescribed


def when(line: Said, words: Catalogue) -> str:
    """Return when the line's results were measured; empty where that is not known."""
    days = [result.finding.timepoint_days for result in line.answer.counted]
    if line.key.window is TimeWindow.UP_TO_2_WEEKS and all(day is not None and day <= 1 for day in days):
        return words.within_a_day
    return words.windows[line.key.window]


def basis_of(answer: Answer, words: Catalogue) -> str:
    """Return how many studies and people an answer rests on."""
    count = len(answer.counted)
    if answer.synthesis is Synthesis.REVIEW_CONCLUSION:
        pooled = pooled_studies(answer.counted[0])
        studies = words.review.format(count=pooled) if pooled and pooled > 1 else words.review_unknown
    elif answer.synthesis is Synthesis.NONE and all(result.study.review for result in answer.counted):
        studies = words.review_unknown if count == 1 else words.reviews.format(count=count)
    else:
        together = answer.synthesis is Synthesis.POOLED and not partly(answer, words)
        several = words.pooled if together else words.studies
        studies = words.one_study if count == 1 else several.format(count=count)
    if answer.people is None:
        return words.people_unknown.format(studies=studies)
    if answer.people_unknown:
        return words.people_unknown_in(studies, words.count(answer.people), answer.people_unknown)
    # Of a trial of more than two arms of which those compared were not told, all people are counted.
    most = any(result.all_arms for result in answer.counted)
    return (words.people_at_most if most else words.people).format(studies=studies, count=words.count(answer.people))


def partly(answer: Answer, words: Catalogue) -> list[str]:
    """That an answer speaks for some of the studies only, or a review for studies that did not compare the two."""
    if answer.synthesis is Synthesis.REVIEW_CONCLUSION and indirect(answer.counted[0]):
        return [words.indirect]
    if answer.synthesis is Synthesis.DIRECTION_OF_EFFECT and answer.direction is not Direction.UNCLEAR:
        silent = sum(1 for result in answer.counted if not result.usable)
        return [words.silent(silent)] if silent else []
    pooled = answer.pool.pooled
    if answer.synthesis is not Synthesis.POOLED or pooled is None or pooled.k == len(answer.counted):
        return []
    return [words.pooled_some.format(k=pooled.k, count=len(answer.counted))]


def listed(names: Sequence[str], words: Catalogue) -> str:
    """Return the names, some of many."""
    if len(names) <= LISTED + 1:
        return joined(names, words.conjunction_and)
    return joined([*names[:LISTED], words.more(len(names) - LISTED)], words.conjunction_and)


def joined(names: Sequence[str], conjunction: str) -> str:
    """Return the names with commas and a conjunction before the last."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def plain(value: float, words: Catalogue) -> str:
    """A printed number with all its decimals, and the language's decimal mark."""
    mark = words.decimal(0.5, 1)[1]
    return f"{value:g}".replace(".", mark)


def closed(words: Catalogue, *sentences: str) -> str:
    """Return the sentences with capitals and full stops, as the language joins words; empty ones are left out."""
    return " ".join(f"{capital(words.joined(sentence))}." for sentence in sentences if sentence)


def capital(text: str) -> str:
    """Return the text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
