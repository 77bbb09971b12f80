"""English. Wording after GRADE's informative statements (Santesso 2020, doi:10.1016/j.jclinepi.2019.10.014).

High certainty takes no hedge, moderate "probably", low "may"; for very low the sentence says that we are very unsure.
No difference is "little or no difference"; no result is ever called "not significant". Short words: a reading grade
of eight or less is aimed at, names of therapies and conditions apart.
"""

import re
from functools import lru_cache

from kb.evidence.catalogue import Catalogue, Effect, Naming, Verb
from schema.names import Label
from schema.terms import Certainty, ComparatorClass, Language, OutcomeDomain, TimeWindow

#: First words that keep their capital: people, places, brands.
_PROPER = frozenset({"Achilles", "De", "Kinesio", "X-ray", "Empowered", "Mindfulness-Oriented"})

#: What a comparator's name adds for who keeps the vocabulary, and no reader needs.
_REMARK = re.compile(r", kind .*$")

#: What ends the part of a name that a verb agrees with.
_AFTER_HEAD = re.compile(
    r"\s*\([^)]*\)|\s+(?:of|on|into|for|to|with|in|before|after|by|from|through|injected|using|at|without)\b.*"
)


@lru_cache(maxsize=4096)
def plural(name: str) -> bool:
    """Whether the name takes a plural verb: "opioids reduce", but "monitoring of symptoms reduces"."""
    head = _AFTER_HEAD.sub("", name).strip()
    last = head.split()[-1] if head.split() else ""
    return re.search(r"[^siu]s$", last) is not None or last.endswith(("ies", "ees"))


#: Last words of names of which one can count one, two, three: they take an article.
_COUNTED = frozenset(
    {"programme", "protocol", "tracker", "trial", "marker", "biomarker", "cream", "sedative", "device", "service"}
    | {
        "version",
        "needle",
        "dressing",
        "tear",
        "rupture",
        "fracture",
        "injury",
        "attack",
        "shoulder",
        "finger",
        "socket",
    }
)

#: First words that make an article needless.
_DETERMINED = frozenset({"the", "another", "other", "one", "usual", "standard"})


@lru_cache(maxsize=4096)
def _inside(name: str) -> str:
    """Return the name as it stands inside a sentence: as :func:`uncapitalised`, "a wearable activity tracker"."""
    name = _REMARK.sub("", name)
    told = uncapitalised(name)
    words = _AFTER_HEAD.sub("", name).strip().casefold().split()
    if not words or words[-1] not in _COUNTED or words[0] in _DETERMINED:
        return told
    return f"{'an' if words[0][0] in 'aeiou' else 'a'} {told}"


def _naming(name: str, _: Label | None) -> Naming:
    told = _inside(name)
    return Naming(told, told, plural(name))


@lru_cache(maxsize=4096)
def uncapitalised(name: str) -> str:
    """Return the name without its capital: "cognitive behavioural therapy", but "TENS", "X-ray"."""
    first = name.split(" ", 1)[0]
    if first in _PROPER or re.match(r"[A-Z0-9]{2}|[A-Z]\b", first.replace("-", "")) or sum(map(str.isupper, first)) > 1:
        return name
    return name[:1].lower() + name[1:]


def _effect(plain: str, third: str, thing: str, worse_plain: str, worse_third: str, noun: str = "") -> Effect:
    better, worse = Verb(plain, third, plain, thing), Verb(worse_plain, worse_third, worse_plain, thing)
    return Effect(better, worse, noun or thing)


def _improve(thing: str) -> Effect:
    return _effect("improve", "improves", thing, "worsen", "worsens")


def _more_people(reach: str, do: str = "") -> Effect:
    """``reach``: what people do, after "who"; ``do``: the same after "help more people", where it differs."""
    better = Verb("help", "helps", "help", f"more {{who}} {do or reach}")
    worse = Verb("lead", "leads", "lead", f"to fewer {{who}} who {reach}")
    return Effect(better, worse, f"how many {{who}} {reach}")


def _overall() -> Effect:
    judged = "by the authors' own conclusion"
    return Effect(
        Verb("help", "helps", "help", f"overall, {judged},"),
        Verb("do", "does", "do", f"harm overall, {judged},"),
        f"how people do overall, {judged},",
    )


#: First words of names of which there is one, and of which one person has one.
_THE = frozenset({"impact", "length", "use", "time", "severity", "range", "overall", "combined", "need", "change"})
_ONE = frozenset({"need", "switch", "change"})


def _outcome_name(naming: Naming, counts: bool) -> str:
    name = naming.full
    first = name.split(" ", 1)[0]
    if counts:
        return f"the number of people with {'a ' if first in _ONE else ''}{name}"
    return f"the {name}" if first in _THE else name


def _people_with(condition: str) -> str:
    """Return who has a condition: "people with chronic pain", but "people on long-term opioid therapy"."""
    return f"people {'on' if condition.endswith(' therapy') else 'with'} {condition}"


def _children(some: int, studies: int, review: bool) -> str:
    if review:
        return "The review was of children or teenagers"
    if some < studies:
        one = f"{some} of the {studies} studies {'was' if some == 1 else 'were'}"
        return f"{one} of children or teenagers only"
    return f"{'The study was' if studies == 1 else 'All the studies were'} of children or teenagers"


def _also_about(names: str, review: bool) -> str:
    return f"The {'review' if review else 'study'} was about {names} too"


def _people_unknown_in(studies: str, people: str, unknown: int) -> str:
    silent = "one" if unknown == 1 else f"{unknown}"
    return f"{studies} with at least {people} people, as {silent} did not say how many"


def _retracted(studies: int) -> str:
    if studies == 1:
        return "The only study of {therapy} {condition} that we hold was retracted. Nothing can be concluded from it."
    all_of_them = f"All {studies} studies of {{therapy}} {{condition}} that we hold were retracted."
    return f"{all_of_them} Nothing can be concluded from them."


def _some_retracted(studies: int) -> str:
    those = "One study on this question was" if studies == 1 else f"{studies} studies on this question were"
    return f"{those} retracted and not counted."


def _harms_none_read(studies: int) -> str:
    if not studies:
        return "No study is left that tells of harms. That does not mean that there are none."
    these = "this study" if studies == 1 else "these studies"
    return f"Harms are not reported in what we have read of {these}. That does not mean that there were none."


def _harms_read(told: int, studies: int) -> str:
    if studies == 1:
        return "On harms, the one study reported: {harms}."
    return f"On harms, {told} of {studies} studies reported: {{harms}}."


def _harms_more(more: int) -> str:
    return f"{more} more {'is' if more == 1 else 'are'} listed with the studies"


def _leaning_pooled(towards: bool) -> str:
    way = "towards" if towards else "away from"
    return f"Taken together the studies lean {way} the therapy, but not enough to be sure"


def _silent(some: int) -> str:
    return f"{'One' if some == 1 else some} of these studies {'does' if some == 1 else 'do'} not say which way"


def _contradicting(some: int, results: int, review: bool) -> str:
    if results == 1:
        whose = "review" if review else "study"
        return f"The {whose}'s own numbers contradict each other, so we cannot tell which is right"
    if some == results:
        return f"The numbers of each of the {results} results contradict each other, so we cannot tell which are right"
    return (
        f"In {some} of the {results} results the numbers contradict each other. "
        "What we have read does not say which way the others point"
    )


def _leaning(favouring: int, against: int, results: int) -> str:
    exact = "what we have read does not tell how exact"
    if results == 1:
        return f"The result leans {'towards' if favouring else 'away from'} the therapy, but {exact} it is"
    return (
        f"Of {results} results, {favouring} lean towards the therapy and {against} away from it, but {exact} they are"
    )


def _decimal(value: float, places: int) -> str:
    return f"{value:.{places}f}".rstrip("0").rstrip(".") if abs(value) < 1000 else f"{value:,.0f}"


def _points(size: float, places: int) -> str:
    told = _decimal(size, places)
    return f"{told} point" if told == "1" else f"{told} points"


ENGLISH = Catalogue(
    language=Language.EN,
    count=lambda value: f"{value:,}",
    decimal=_decimal,
    agreeing={"make": ("makes", "make"), "do": ("does", "do"), "was": ("was", "were")},
    naming=_naming,
    quoted=str,
    joined=str,
    effects={
        (OutcomeDomain.PAIN, False): _effect("reduce", "reduces", "pain", "increase", "increases"),
        (OutcomeDomain.PAIN, True): _more_people("get clear pain relief"),
        (OutcomeDomain.PHYSICAL_FUNCTION, False): _improve("day-to-day function"),
        (OutcomeDomain.PHYSICAL_FUNCTION, True): _more_people("can clearly do more", "do clearly more"),
        (OutcomeDomain.EMOTIONAL_FUNCTION, False): _improve("mood"),
        (OutcomeDomain.EMOTIONAL_FUNCTION, True): _more_people("recover their mood"),
        (OutcomeDomain.GLOBAL_IMPROVEMENT, False): _improve("how people rate their progress"),
        (OutcomeDomain.GLOBAL_IMPROVEMENT, True): _more_people("get better on the whole"),
        (OutcomeDomain.ROLE_FUNCTION, False): _improve("work and social life"),
        (OutcomeDomain.ROLE_FUNCTION, True): _more_people("work again"),
        (OutcomeDomain.INTERPERSONAL_FUNCTION, False): _improve("life with others"),
        (OutcomeDomain.INTERPERSONAL_FUNCTION, True): _more_people("get on well with others"),
        (OutcomeDomain.SLEEP, False): _improve("sleep"),
        (OutcomeDomain.SLEEP, True): _more_people("sleep well"),
        (OutcomeDomain.OPIOID_USE, False): _effect(
            "reduce", "reduces", "the use of opioids or other pain drugs", "increase", "increases"
        ),
        (OutcomeDomain.OPIOID_USE, True): _more_people("need less opioid or other pain medicine"),
        (OutcomeDomain.QUALITY_OF_LIFE, False): _improve("quality of life"),
        (OutcomeDomain.QUALITY_OF_LIFE, True): _more_people("get a better quality of life"),
        (OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS, False): _effect(
            "reduce", "reduces", "unwanted effects", "increase", "increases"
        ),
        (OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS, True): Effect(
            Verb("lead", "leads", "lead", "to fewer people with unwanted effects"),
            Verb("lead", "leads", "lead", "to more people with unwanted effects"),
            "how many people have unwanted effects",
        ),
        (OutcomeDomain.DISPOSITION, False): _improve("how people stay with their treatment"),
        (OutcomeDomain.DISPOSITION, True): _more_people("stay with their treatment"),
        # An outcome without a name is the authors' own conclusion on the whole.
        (OutcomeDomain.OTHER, False): _overall(),
        (OutcomeDomain.OTHER, True): _overall(),
    },
    more_is_better=lambda name: _effect("raise", "raises", name, "lower", "lowers"),
    less_is_better=lambda name: _effect("lower", "lowers", name, "raise", "raises"),
    unknown_effect=lambda name: _effect("improve", "improves", name, "worsen", "worsens"),
    outcome_name=_outcome_name,
    still_in_pain=Effect(
        Verb("leave", "leaves", "leave", "fewer people in clear pain"),
        Verb("leave", "leaves", "leave", "more people in clear pain"),
        "how many people are in clear pain",
    ),
    reach_still_in_pain="are still in clear pain",
    reach={
        OutcomeDomain.PAIN: "get clear pain relief",
        OutcomeDomain.PHYSICAL_FUNCTION: "can clearly do more",
        OutcomeDomain.EMOTIONAL_FUNCTION: "recover their mood",
        OutcomeDomain.GLOBAL_IMPROVEMENT: "get better on the whole",
        OutcomeDomain.ROLE_FUNCTION: "work again",
        OutcomeDomain.SLEEP: "sleep well",
        OutcomeDomain.OPIOID_USE: "need less opioid or other pain medicine",
        OutcomeDomain.QUALITY_OF_LIFE: "get a better quality of life",
        OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS: "have unwanted effects",
    },
    better_or_worse={
        Certainty.HIGH: "{Therapy} {third} {object}",
        Certainty.MODERATE: "{Therapy} probably {third} {object}",
        Certainty.LOW: "{Therapy} may {plain} {object}",
        Certainty.VERY_LOW: "We are very unsure whether {therapy} {third} {object}",
    },
    no_difference={
        Certainty.HIGH: "{Therapy} {make} little or no difference to {noun}",
        Certainty.MODERATE: "{Therapy} probably {make} little or no difference to {noun}",
        Certainty.LOW: "{Therapy} may make little or no difference to {noun}",
        Certainty.VERY_LOW: "We are very unsure whether {therapy} {make} a difference to {noun}",
    },
    no_difference_between={
        Certainty.HIGH: "There is little or no difference in {noun} between {therapy} and {comparators}",
        Certainty.MODERATE: "There is probably little or no difference in {noun} between {therapy} and {comparators}",
        Certainty.LOW: "There may be little or no difference in {noun} between {therapy} and {comparators}",
        Certainty.VERY_LOW: "We are very unsure whether there is a difference in {noun} between {therapy} and "
        "{comparators}",
    },
    worse_than_active={
        Certainty.HIGH: "{Therapy} {do} {worse} than {comparators} for {noun}",
        Certainty.MODERATE: "{Therapy} probably {do} {worse} than {comparators} for {noun}",
        Certainty.LOW: "{Therapy} may do {worse} than {comparators} for {noun}",
        Certainty.VERY_LOW: "We are very unsure whether {therapy} {do} {worse} than {comparators} for {noun}",
    },
    slightly="{object} slightly",
    worse="worse",
    slightly_worse="slightly worse",
    windows={
        TimeWindow.UP_TO_2_WEEKS: "in the first two weeks",
        TimeWindow.TO_3_MONTHS: "within three months",
        TimeWindow.TO_12_MONTHS: "after three to twelve months",
        TimeWindow.LONGER: "after more than a year",
        TimeWindow.UNKNOWN: "",
    },
    within_a_day="within a day",
    comparators={
        ComparatorClass.SHAM: "a sham treatment",
        ComparatorClass.PLACEBO: "a placebo",
        ComparatorClass.USUAL_CARE: "usual care",
        ComparatorClass.WAITLIST: "a waiting list",
        ComparatorClass.NO_TREATMENT: "no treatment",
    },
    it="it",
    they="they",
    people_with=_people_with,
    bare_people="people",
    in_people="in {people}",
    among_people="among {people}",
    compared_with="compared with {comparators}",
    alone="{name} alone",
    without_it="the same treatment without it",
    other_treatments="other treatments",
    undescribed="mixed or unknown care",
    mixed="Studies of {therapy} {condition} point different ways for {noun}, {compared}",
    mixed_one="The results of {therapy} {condition} are mixed for {noun}, {compared}",
    mixed_some="Some studies of {therapy} {condition} showed a benefit for {noun} and others did not, {compared}",
    unclear="It is not clear whether {therapy} {make} a difference to {noun}, {compared}",
    no_direction="What we have read does not say which way the results point",
    contradicting=_contradicting,
    leaning=_leaning,
    leaning_pooled=_leaning_pooled,
    rests_on="This rests on {basis}",
    measured="{rests_on}. The effect was measured {window}",
    within="{Therapy} {condition} {was} compared with another form or dose of the same treatment ({basis})",
    within_limit="This cannot tell whether it works better than no treatment",
    within_group="Different kinds of {therapy} {condition} were compared with each other ({basis})",
    within_group_limit="This cannot tell whether they work better than no treatment",
    on_scale="On a scale from {low} to {high}, people scored {points} on average (likely {least} to {most})",
    points_better=lambda size, places: f"{_points(size, places)} better",
    points_worse=lambda size, places: f"{_points(size, places)} worse",
    of_100="Of 100 people, about {with} {reach} with {therapy}, and about {without} with {comparators}",
    pooled_some="The figures of {k} of the {count} studies could be taken together",
    silent=_silent,
    one_group="{Therapy} {condition} {was} studied without a comparison group ({basis})",
    one_group_limit="Such studies cannot tell whether a change came from the treatment",
    predicts="Here {therapy} {was} studied as a way to foretell what will happen to {people} "
    "({basis}). This does not tell whether using it helps them",
    predicts_auc="Its area under the curve was {auc} (0.5 is chance, 1 is perfect)",
    retracted=_retracted,
    beside="{Compared}, {statement} ({basis})",
    beside_mixed="{Compared}, studies point different ways ({basis})",
    beside_mixed_one="{Compared}, the results are mixed ({basis})",
    beside_mixed_some="{Compared}, some studies showed a benefit and others did not ({basis})",
    at_other_time="{When}, {statement} ({basis})",
    other_way_at_other_time="{When}, the results pointed the other way ({basis})",
    unknown_time="in studies whose time of measurement is not known",
    better_than_usual_only="In these studies {it} did better than {usual}, but no better than {sham}",
    better_than_sham_only="In these studies {it} did better than {sham}, but no better than {usual}",
    no_sham="None of the studies that we hold used a sham or a placebo",
    from_narrower_conditions="The studies looked at narrower conditions only: {names}",
    from_narrower_therapies="The studies tested narrower forms only: {names}",
    children=_children,
    also_about=_also_about,
    also_of="The same result is about {names} too",
    some_retracted=_some_retracted,
    one_study="one study",
    studies="{count} studies",
    pooled="{count} studies taken together",
    review="a review of {count} studies",
    review_unknown="a review",
    indirect="No study in the review tested the two against each other",
    reviews="{count} reviews",
    people="{studies} with {count} people",
    people_at_most="{studies} with up to {count} people",
    people_unknown="{studies} with an unknown number of people",
    basis_when="{basis}, {when}",
    people_unknown_in=_people_unknown_in,
    harms_none_read=_harms_none_read,
    harms_read=_harms_read,
    harms_more=_harms_more,
    no_figures="no figures read",
    of="{events} of {n}",
    more=lambda count: f"{count} more",
    conjunction_or="or",
    conjunction_and="and",
)
