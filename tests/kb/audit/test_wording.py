"""The lexicon: how firmly a claim is put, and whether harms are told."""

import json
from pathlib import Path
from typing import Any

import pytest

from kb.audit.wording import Wording, denies_harms, excess, speaks_of_harms, wording
from schema.terms import Certainty, Direction, Strength

#: Sentences as pages write them, the certainty of a benefit that is held, and whether they claim more than that.
SENTENCES = json.loads((Path(__file__).parents[2] / "fixtures" / "wordings.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("one", SENTENCES, ids=lambda one: f"{one['certainty']}-{one['text'][:40]}")
def test_a_sentence_beside_the_certainty_of_a_benefit(one: dict[str, Any]) -> None:
    claim = wording(one["text"])
    assert (excess(claim, Direction.BENEFIT, Certainty[one["certainty"]]) > 0) is one["stronger"], claim.name


@pytest.mark.parametrize("piece", ["not ", "who do not ", "gives better ", "TENS ", "no ", "if ", "a"])
def test_a_sentence_of_one_thing_over_and_over_is_judged(piece: str) -> None:
    assert wording(piece * 100_000) is Wording.NO_CLAIM


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("PRP cures knee pain.", Wording.ABSOLUTE),
        ("It is clinically proven to reduce pain.", Wording.ABSOLUTE),
        ("TENS relieves pain.", Wording.CERTAIN),
        ("TENS is not ineffective for back pain.", Wording.CERTAIN),
        ("SCS never fails to relieve pain.", Wording.ABSOLUTE),
        ("No other treatment relieves back pain like SCS.", Wording.CERTAIN),
        ("SCS is an option when no other treatment has helped.", Wording.NO_CLAIM),
        ("Patients say: “TENS changed my life and took my knee pain away.”", Wording.CERTAIN),
        ("This form changes your settings of SCS.", Wording.NO_CLAIM),
        ("PNS cut pain by 50% in our patients.", Wording.CERTAIN),
        ("SCS stops the pain.", Wording.CERTAIN),
        ("Do not stop pain treatment without asking.", Wording.NO_CLAIM),
        ("Your pain will be gone after PRP.", Wording.CERTAIN),
        ("Your pain won't disappear with TENS.", Wording.NO_CLAIM),
        ("You will feel less pain with TENS.", Wording.CERTAIN),
        ("Take less pain medicine before TENS.", Wording.NO_CLAIM),
        ("TENS beats placebo.", Wording.CERTAIN),
        ("PRP is the gold standard for knee pain.", Wording.CERTAIN),
        ("Imaging is the gold standard for diagnosing stenosis before SCS.", Wording.NO_CLAIM),
        ("PRP delays knee replacement.", Wording.CERTAIN),
        ("PRP has not been shown to delay knee replacement.", Wording.NO_CLAIM),
        ("Few patients benefit from TENS.", Wording.NO_CLAIM),
        ("Only a minority of patients get relief with TENS.", Wording.POSSIBLE),
        ("TENS probably reduces pain.", Wording.PROBABLE),
        ("TENS may reduce pain.", Wording.POSSIBLE),
        ("Early studies of PRP are encouraging.", Wording.POSSIBLE),
        ("It is uncertain whether TENS reduces pain.", Wording.UNCERTAIN),
        ("TENS does not relieve pain.", Wording.NO_CLAIM),
        ("There is no evidence that TENS helps.", Wording.NO_CLAIM),
        ("Does TENS relieve pain?", Wording.NO_CLAIM),
        ("TENS is a small device with pads.", Wording.NO_CLAIM),
        ("Virtual reality relieves pain; it is not known whether it lasts.", Wording.CERTAIN),
        ("Studies have not shown that TENS works, yet we cure pain.", Wording.ABSOLUTE),
        ("There is no cure for fibromyalgia, but PRP relieves pain.", Wording.CERTAIN),
        ("TENS relieves pain, but more research is needed.", Wording.POSSIBLE),
        ("Opioids are the best treatment for back pain.", Wording.CERTAIN),
    ],
)
def test_how_firmly_a_claim_is_put(text: str, level: Wording) -> None:
    assert wording(text) is level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("TENS may help, but it is not known whether it does.", Wording.UNCERTAIN),
        ("TENS may help, but we do not know if it really works", Wording.UNCERTAIN),
        # So GRADE words a result of very low certainty.
        ("PRP may reduce pain, but the evidence is very uncertain.", Wording.UNCERTAIN),
        ("PRP might relieve knee pain; the evidence for this is weak.", Wording.UNCERTAIN),
        ("PRP may reduce pain, but the evidence that it does is of very low certainty.", Wording.UNCERTAIN),
        ("TENS relieves pain, but it is not known whether it does.", Wording.CERTAIN),
        ("TENS probably relieves pain, although the evidence is uncertain.", Wording.PROBABLE),
        ("TENS may help, but it is not known whether it lasts.", Wording.POSSIBLE),
        ("TENS may help, but it is not known whether it works for children.", Wording.POSSIBLE),
        ("TENS may help, but the evidence for children is very uncertain.", Wording.POSSIBLE),
        ("TENS may help, but it is not known why it does.", Wording.POSSIBLE),
        ("TENS may help, but the evidence is not uncertain.", Wording.POSSIBLE),
        ("TENS may help, but the evidence is of low certainty.", Wording.POSSIBLE),
        ("TENS may help, but the evidence is very uncertain; PRP may relieve pain.", Wording.POSSIBLE),
    ],
)
def test_a_doubt_about_the_same_effect_takes_back_what_may_be(text: str, level: Wording) -> None:
    assert wording(text) is level


def test_what_an_editor_recorded_outweighs_a_paraphrase() -> None:
    assert wording("PRP heals tissue", Strength.HEDGES) is Wording.POSSIBLE
    assert wording("PRP may heal tissue", Strength.ASSERTS) is Wording.CERTAIN
    assert wording("PRP is injected", Strength.ASSERTS) is Wording.NO_CLAIM


def test_each_certainty_allows_its_own_wording() -> None:
    allowed = {
        Certainty.HIGH: Wording.CERTAIN,
        Certainty.MODERATE: Wording.PROBABLE,
        Certainty.LOW: Wording.POSSIBLE,
        Certainty.VERY_LOW: Wording.UNCERTAIN,
    }
    for certainty, most in allowed.items():
        for level in Wording:
            assert excess(level, Direction.BENEFIT, certainty) == (0 if level < 0 else max(0, level - most))


@pytest.mark.parametrize("direction", [Direction.NO_DIFFERENCE, Direction.HARM])
def test_no_claim_of_benefit_stands_against_the_evidence(direction: Direction) -> None:
    assert excess(Wording.POSSIBLE, direction, Certainty.VERY_LOW)
    assert not excess(Wording.UNCERTAIN, direction, Certainty.MODERATE)
    assert not excess(Wording.NO_CLAIM, direction, Certainty.HIGH)


def test_mixed_evidence_is_uncertain_however_much_there_is() -> None:
    assert excess(Wording.POSSIBLE, Direction.MIXED, Certainty.HIGH)
    assert not excess(Wording.UNCERTAIN, Direction.UNCLEAR, Certainty.HIGH)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Infection and lead migration are known risks.", True),
        ("Skin irritation can occur.", True),
        ("It works without side effects.", False),
        ("More effective treatment with fewer side effects.", False),
        ("It lowers addiction and adverse reactions.", False),
        ("It is for people at risk of chronic pain.", False),
        ("It has fewer side effects, but infections occur.", True),
        ("Unlike opioids, which carry a risk of addiction, TENS relieves pain.", False),
        ("Unlike opioids, TENS can irritate the skin and carries a risk of burns.", True),
    ],
)
def test_fewer_harms_are_no_harms_told(text: str, told: bool) -> None:
    assert speaks_of_harms(text) is told


@pytest.mark.parametrize(
    ("text", "after", "level"),
    [
        ("TENS may help.", "It is not known whether it does.", Wording.UNCERTAIN),
        ("TENS may help.", "But the evidence is very uncertain.", Wording.UNCERTAIN),
        ("TENS may help.", "However, we do not know if it works.", Wording.UNCERTAIN),
        ("TENS may help.", "It is not known whether it lasts.", Wording.POSSIBLE),
        ("TENS may help.", "PRP may help too.", Wording.POSSIBLE),
        ("TENS helps.", "It is not known whether it does.", Wording.CERTAIN),
    ],
)
def test_a_doubt_in_the_next_sentence_counts_as_one_in_the_same(text: str, after: str, level: Wording) -> None:
    assert wording(text, after=after) is level


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("PRP has no side effects.", True),
        ("There are no known side effects of TENS.", True),
        ("Stem cells are completely safe.", True),
        ("TENS works without any side effects.", True),
        ("It is a risk-free treatment.", True),
        ("PRP has no serious side effects.", False),
        ("TENS has fewer side effects.", False),
        ("No treatment is without risks.", False),
        ("TENS is not completely safe.", False),
        ("Is PRP completely safe?", False),
        ("The trial saw no side effects.", False),
        ("There is no risk that it breaks.", False),
        ("TENS is free of charge, but it can irritate the skin.", False),
    ],
)
def test_that_there_are_no_harms_is_a_claim(text: str, denied: bool) -> None:
    assert denies_harms(text) is denied
