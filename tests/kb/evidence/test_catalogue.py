"""Catalogues: every language says everything, and says it plainly."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from string import Formatter
from typing import Any

import pytest
import readability

from kb.evidence.catalogue import Catalogue
from kb.evidence.catalogue.en import ENGLISH
from kb.evidence.catalogue.es import SPANISH
from kb.evidence.evidence import Evidence
from kb.evidence.summaries import TRANSLATED, summarise
from schema.effect import Arm
from schema.study import Harm
from schema.summary import Summary, worded
from schema.terms import ComparatorClass, Direction, Language, Measured, OutcomeDomain, RetractionState
from tests.kb.evidence.test_pools import THREE, known, responders
from tests.kb.evidence.test_seeds import Answers
from tests.kb.evidence.trials import citation, evidence, finding, study

#: Words that are filled in whatever the language; each language adds those that agree with the therapy.
FILLED = frozenset(
    {
        *("therapy", "Therapy", "bare", "condition", "people", "comparators", "compared", "Compared", "basis", "noun"),
        *(
            "object",
            "When",
            "plain",
            "third",
            "rests_on",
            "window",
            "auc",
            "usual",
            "sham",
            "it",
            "statement",
            "names",
            "count",
        ),
        *("studies", "told", "harms", "events", "n", "low", "high", "points", "least", "most", "size"),
        *("with", "without", "reach", "k", "worse", "when", "name"),
    }
)


def spanish(summary: Summary) -> tuple[str, str]:
    told = worded(summary, Language.ES)
    assert told is not None
    assert told.harms_sentence is not None
    return told.sentence, told.harms_sentence


@pytest.mark.parametrize("words", TRANSLATED)
def test_every_language_says_everything(words: Catalogue):
    for field in fields(Catalogue):
        if field.name == "agreeing":
            continue
        one, other = getattr(ENGLISH, field.name), getattr(words, field.name)
        if isinstance(one, Mapping):
            assert set(one) == set(other), field.name
        # A text that is nothing but what is filled in may be the same.
        if isinstance(one, str) and re.search(r"[a-z]{3}", re.sub(r"\{\w+\}", "", one)):
            assert one != other, f"{field.name} is not translated"


@pytest.mark.parametrize("words", [ENGLISH, SPANISH], ids=["English", "Spanish"])
def test_every_text_asks_only_for_what_is_filled_in(words: Catalogue):
    for field in fields(Catalogue):
        value = getattr(words, field.name)
        for text in [value] if isinstance(value, str) else list(value.values()) if isinstance(value, Mapping) else []:
            if isinstance(text, str):
                asked = {name for _, name, _, _ in Formatter().parse(text) if name}
                assert asked <= FILLED | set(words.agreeing), field.name


def test_spanish_says_the_same_with_its_own_numbers():
    found = summarise(known(*THREE, *(responders(id, (30, 50), (15, 50)) for id in "abc")))
    assert found is not None
    sentence, harms = spanish(found)
    assert sentence.startswith(
        "La TENS probablemente reduce el dolor en personas con artrosis de rodilla, en comparación con un tratamiento"
    )
    assert "En una escala de 0 a 100, la puntuación media fue 14,1 puntos mejor" in sentence
    assert "3 estudios tomados en conjunto con 380 personas" in sentence
    assert "De 100 personas, unas 60 logran un claro alivio del dolor con la TENS" in sentence
    assert harms == (
        "Lo que hemos leído de estos estudios no informa de efectos no deseados. Eso no significa que no los hubiera."
    )
    assert "14.1 points better" in found.sentence
    assert (
        "Of 100 people, about 60 get clear pain relief with TENS, and about 30 with a sham treatment" in found.sentence
    )


def test_harms_are_called_by_their_spanish_name_and_what_a_study_prints_is_quoted():
    arms = (Arm(name="sham", n=110, percent=10.5),)
    told = (
        Harm(event="adverse events", outcome="adverse-events", citation="local:a", arms=arms),
        Harm(event="skin reaction", outcome="adverse-events", citation="local:a", text="rare"),
        Harm(event="falls", citation="local:a"),
    )
    found = summarise(evidence([finding("a")], study("a", harms=told)))
    assert found is not None
    assert spanish(found)[1] == (
        "Sobre efectos no deseados, el único estudio informó: A: efectos adversos («sham» 10,5 %), "
        "efectos adversos, «skin reaction» («rare»), «falls» (sin cifras leídas)."
    )
    assert "A: adverse events (sham 10.5 %), skin reaction (rare), falls" in found.harms_sentence


def test_spanish_agrees_with_several_therapies():
    found = summarise(evidence([finding("a", Direction.BENEFIT, therapies=("opioids",))], therapy="opioids"))
    assert found is not None
    assert spanish(found)[0].startswith("Los opioides podrían reducir el dolor")


def test_retracted_evidence_is_worded_in_every_language():
    found = summarise(evidence([finding("a")], citation("a", RetractionState.RETRACTED)))
    assert found is not None
    assert spanish(found)[0].startswith("El único estudio que tenemos de la TENS en personas con artrosis de rodilla")


def test_spanish_contracts_an_article_and_says_what_was_compared_by_its_spanish_name():
    of_exercise = evidence(
        [finding("a", therapies=("exercise",))], citation("a", RetractionState.RETRACTED), therapy="exercise"
    )
    found = summarise(of_exercise)
    assert found is not None
    assert spanish(found)[0].startswith(
        "El único estudio que tenemos del ejercicio en personas con artrosis de rodilla"
    )
    active = {"comparator_class": ComparatorClass.ACTIVE, "comparators": ("exercise",)}
    found = summarise(evidence([finding("a", Direction.BENEFIT, **active)]))
    assert found is not None
    assert "en comparación con el ejercicio. Esto se basa en" in spanish(found)[0]


def test_a_name_without_a_label_stands_in_spanish_in_quotation_marks():
    found = summarise(
        evidence([finding("a", Direction.BENEFIT, conditions=("fibromyalgia",))], condition="fibromyalgia")
    )
    assert found is not None
    assert spanish(found)[0].startswith("La TENS podría reducir el dolor en personas con «fibromyalgia»")


@pytest.mark.parametrize(
    ("put_together", "written"),
    [
        ("a el calor y de el frío", "al calor y del frío"),
        ("ejercicio y ibuprofeno", "ejercicio e ibuprofeno"),
        ("calor y hielo", "calor y hielo"),
        ("fisioterapia y hipnosis", "fisioterapia e hipnosis"),
        ("tramadol o opioides", "tramadol u opioides"),
        ("entre él y ella", "entre él y ella"),
    ],
)
def test_spanish_words_change_beside_others(put_together: str, written: str):
    assert SPANISH.joined(put_together) == written


@pytest.mark.parametrize(("number", "written"), [(999, "999"), (1234, "1234"), (12345, "12\N{NO-BREAK SPACE}345")])
def test_spanish_whole_numbers(number: int, written: str):
    assert SPANISH.count(number) == written


def grade(text: str) -> float:
    """Flesch–Kincaid reading grade."""
    sentences = re.split(r"(?<=[.!?]) ", text)
    tokens = [" ".join(re.findall(r"\w+(?:[.,]\d+)*|[^\w\s]", sentence)) for sentence in sentences]
    measures: Any = readability.getmeasures("\n".join(tokens), lang="en")
    return measures["readability grades"]["Kincaid"]


@pytest.mark.parametrize(("some", "results"), [(1, 1), (2, 2), (1, 3)])
def test_a_contradiction_reads_at_grade_eight_and_in_every_language(some: int, results: int):
    assert grade(f"{ENGLISH.contradicting(some, results, False)}.") <= 8
    assert "contradicen" in SPANISH.contradicting(some, results, False)
    contradicting = [finding(f"s{number}", favours="COMPARATOR") for number in range(some)]
    silent = [finding(f"s{number}", Direction.UNCLEAR) for number in range(some, results)]
    found = summarise(evidence([*contradicting, *silent]))
    assert found is not None
    assert SPANISH.contradicting(some, results, False) in spanish(found)[0]
    assert grade(found.sentence) <= 8


def test_every_answer_of_the_seeds_reads_at_grade_eight(pairs: list[Evidence]):
    # Names of therapies, conditions and outcomes are as hard as they are: short ones stand in for them.
    vocabulary = pairs[0].vocabulary
    short = replace(
        vocabulary,
        therapies=named("TENS", vocabulary.therapies),
        conditions=named("back pain", vocabulary.conditions),
        outcomes=named("stress", vocabulary.outcomes),
        comparators=named("exercise", vocabulary.comparators),
    )
    said: set[str] = set()
    for pair in pairs:
        found = summarise(replace(pair, vocabulary=short))
        assert found is not None
        said |= {found.sentence, *(line.sentence for line in found.lines)}
    assert {text: grade(text) for text in said if grade(text) > 8} == {}


def named(name: str, records: Mapping[str, Any]) -> dict[str, Any]:
    return {id: one.model_copy(update={"name": name}) for id, one in records.items()}


def test_no_text_of_the_seeds_is_left_unfilled_in_any_language(answers: Answers):
    for summary in answers.values():
        for told in (*summary.translations, *(one for line in summary.lines for one in line.translations)):
            for text in (told.sentence, told.harms_sentence or "."):
                assert "{" not in text
                assert "  " not in text
                assert text.endswith((".", '."')), text


def test_spanish_parts_the_two_that_are_compared_from_the_people_who_are_counted():
    misuse = {"domain": OutcomeDomain.OPIOID_USE, "outcomes": ("opioid-misuse",), "measured": Measured.RESPONDERS}
    active = {"comparator_class": ComparatorClass.ACTIVE, "comparators": ("exercise",)}
    found = summarise(evidence([finding("a", Direction.NO_DIFFERENCE, **misuse, **active)]))
    assert found is not None
    said, _ = spanish(found)
    first = said.split(". ")[0]
    assert "se diferencian" in first or "diferenciarse" in first
    assert first.count(" entre ") == 1
    assert "entre las personas con" in first
