"""What a language must bring to say an answer: one file per language, one :class:`Catalogue` in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schema.names import Label
from schema.terms import Certainty, ComparatorClass, Language, OutcomeDomain, TimeWindow


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb in the forms that a sentence needs, with its object: ``reduce``, ``reduces`` (it), ``reduce`` (they)."""

    plain: str
    third: str
    many: str
    object: str


@dataclass(frozen=True, slots=True)
class Effect:
    """How to say that something got better or worse, and what it is called in "no difference in …".

    Where people are counted, ``{who}`` stands for them in each text: "more {who} sleep well".
    """

    better: Verb
    worse: Verb
    noun: str


@dataclass(frozen=True, slots=True)
class Naming:
    """How an entry of the vocabulary stands inside a sentence."""

    #: As one of a list, or after a word that needs no article.
    bare: str
    #: With the article that it needs.
    full: str
    #: Whether it takes a verb in the plural.
    several: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All texts of the answers in one language. Texts in braces are filled by :mod:`kb.evidence.sentences`."""

    language: Language
    #: A whole number, and one with at most so many decimals, as the language prints them.
    count: Callable[[int], str]
    decimal: Callable[[float, int], str]
    #: Words that agree with the therapy, for one and for several: each may stand in braces in any text.
    agreeing: Mapping[str, tuple[str, str]]
    #: How an entry of the vocabulary stands in a sentence: given its English name, and its label in the language.
    naming: Callable[[str, Label | None], Naming]
    #: How words that a study prints in English stand in a sentence.
    quoted: Callable[[str], str]
    #: How words change beside others, once sentences are put together.
    joined: Callable[[str], str]
    #: What a domain's means and its counts of people (True) are called.
    effects: Mapping[tuple[OutcomeDomain, bool], Effect]
    #: An outcome that is a line of its own, where more (``HIGHER``) or less of it is good.
    more_is_better: Callable[[str], Effect]
    less_is_better: Callable[[str], Effect]
    unknown_effect: Callable[[str], Effect]
    #: Such an outcome in a sentence: what is measured, or (True) how many people it befalls.
    outcome_name: Callable[[Naming, bool], str]
    #: A count of people who still have clear pain, and what such people are said to do.
    still_in_pain: Effect
    reach_still_in_pain: str
    #: What people reach whom a count of responders counts (or what befalls them), after a number of people.
    reach: Mapping[OutcomeDomain, str]
    #: GRADE's informative statements.
    better_or_worse: Mapping[Certainty, str]
    no_difference: Mapping[Certainty, str]
    no_difference_between: Mapping[Certainty, str]
    worse_than_active: Mapping[Certainty, str]
    #: An effect that is less than what matters: what gets better or worse by it, and "worse" than another treatment.
    slightly: str
    worse: str
    slightly_worse: str
    windows: Mapping[TimeWindow, str]
    #: What was measured during the treatment, or on the day of it: it says nothing of the days after.
    within_a_day: str
    comparators: Mapping[ComparatorClass, str]
    #: What stands for a therapy that was just named, one or several.
    it: str
    they: str
    #: Sentences.
    #: "People with" (or on) a condition, people without saying of which, and what happens in them, or among them where
    #: people of one kind are counted.
    people_with: Callable[[str], str]
    bare_people: str
    in_people: str
    among_people: str
    compared_with: str
    #: A treatment that both got, and some with the therapy beside it.
    alone: str
    without_it: str
    other_treatments: str
    undescribed: str
    mixed: str
    mixed_one: str
    mixed_some: str
    unclear: str
    no_direction: str
    #: Of so many results (the first number) out of all, the numbers contradict each other; or of the one review.
    contradicting: Callable[[int, int, bool], str]
    leaning: Callable[[int, int, int], str]
    leaning_pooled: Callable[[bool], str]
    rests_on: str
    measured: str
    within: str
    within_limit: str
    #: The same for therapies of one group.
    within_group: str
    within_group_limit: str
    #: Figures beside a sentence.
    on_scale: str
    points_better: Callable[[float, int], str]
    points_worse: Callable[[float, int], str]
    of_100: str
    pooled_some: str
    #: How many of several studies do not say which way.
    silent: Callable[[int], str]
    one_group: str
    one_group_limit: str
    predicts: str
    predicts_auc: str
    retracted: Callable[[int], str]
    #: Beside the head of an answer.
    beside: str
    beside_mixed: str
    beside_mixed_one: str
    beside_mixed_some: str
    at_other_time: str
    other_way_at_other_time: str
    unknown_time: str
    better_than_usual_only: str
    better_than_sham_only: str
    no_sham: str
    from_narrower_conditions: str
    from_narrower_therapies: str
    #: How many of how many studies, or (True) that the review, was of children only; what else one of them was about.
    children: Callable[[int, int, bool], str]
    also_about: Callable[[str, bool], str]
    also_of: str
    some_retracted: Callable[[int], str]
    #: What a line rests on.
    one_study: str
    studies: str
    pooled: str
    review: str
    review_unknown: str
    #: Of a review that compared the two by way of others alone.
    indirect: str
    reviews: str
    people: str
    people_at_most: str
    people_unknown: str
    #: What a number rests on, and when it was measured.
    basis_when: str
    people_unknown_in: Callable[[str, str, int], str]
    #: Harms.
    harms_none_read: Callable[[int], str]
    harms_read: Callable[[int, int], str]
    harms_more: Callable[[int], str]
    no_figures: str
    of: str
    more: Callable[[int], str]
    conjunction_or: str
    conjunction_and: str
