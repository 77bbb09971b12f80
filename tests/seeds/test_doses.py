"""Structured doses say what their study's texts print, and nothing else."""

import re
from itertools import combinations, combinations_with_replacement

import pytest

from schema.dose import Dose, Span
from schema.study import Study
from tests.seeds.conftest import Seeds

WORDS = {
    "half": 0.5, "half-hour": 30, "one": 1, "once": 1, "single": 1, "a": 1, "two": 2, "twice": 2, "three": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "daily": 7, "weekly": 1, "fortnight": 0.5,
    "one-hour": 60, "2-week": 0.5,
}  # fmt: skip

#: What one printed unit is in ours.
UNITS = {
    "frequency": {"khz": 1_000, "mhz": 1_000_000, "hz": 1},
    "pulse_width": {"ms": 1_000, "microseconds": 1},
    "minutes": {"h": 60, "hour": 60, "1-hour": 60, "2-hour": 60},
    "weeks": {"days": 1 / 7, "day": 1 / 7},
    "sessions_per_week": {"a day": 7, "daily": 7},
    "cells": {"x 10^6": 1, "x 10^8": 100},
}


def printed(study: Study) -> str:
    """The texts that describe what was given, and whether it could be told apart."""
    texts = [study.intervention, study.dose_as_printed, study.comparator]
    return " ".join(filter(None, texts)).lower().replace("-", " - ")


def amounts(study: Study, field: str) -> set[float]:
    """Every number that the texts print, in the unit of the field too."""
    text = printed(study)
    plain = {float(one) for one in re.findall(r"\d+(?:\.\d+)?", text)}
    plain |= {value for word, value in WORDS.items() if re.search(rf"\b{word.replace('-', ' - ')}\b", text)}
    return plain | {round(number * factor, 6) for number in plain for factor in UNITS.get(field, {}).values()}


def spans(dose: Dose) -> dict[str, Span]:
    """The fields of a dose that are numbers."""
    return {name: value for name in Dose.model_fields if isinstance(value := getattr(dose, name), Span)}


def test_every_number_of_a_dose_is_printed_or_the_sum_of_printed_ones(seeds: Seeds) -> None:
    compared = 0
    for study in seeds.studies.values():
        if study.dose is None:
            continue
        for field, span in spans(study.dose).items():
            known = amounts(study, field)
            # A screening visit and eight sessions are nine; twice daily is fourteen times a week.
            known |= {sum(pair) for pair in combinations_with_replacement(sorted(known), 2)} | {
                14.0 if "twice daily" in printed(study) else 0
            }
            if field == "sessions":
                known |= {sum(three) for three in combinations(sorted(known)[:40], 3)}
            for value in (span.low, span.high):
                if value is not None:
                    assert round(value, 6) in known, (study.id, field, value, printed(study))
                    compared += 1
    assert compared > 400


def test_every_word_of_a_dose_is_printed(seeds: Seeds) -> None:
    signs = {
        "BURST": "burst", "HIGH_FREQUENCY": "khz", "DIRECT_CURRENT": "direct current",
        "RICH": "rich", "POOR": "poor|reduced", "ULTRASOUND": "ultrasound", "FLUOROSCOPY": "fluoroscop",
    }  # fmt: skip
    for study in seeds.studies.values():
        dose = study.dose
        if dose is None:
            continue
        for term in (dose.waveform, dose.leukocytes, dose.guidance):
            assert term is None or re.search(signs[term], printed(study)), (study.id, term)
        if dose.device is not None:
            assert dose.device.lower() in printed(study).replace(" - ", "-"), study.id
        if dose.sham is not None and dose.sham.guesses:
            told = study.risk_of_bias.blinding_participants if study.risk_of_bias is not None else None
            for guess in dose.sham.guesses:
                assert f"{guess.right} of {guess.asked}" in (told or ""), study.id


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"waveform": "BURST"}, {"deer2018sunburst", "deer2023distinct", "hara2022burst"}),
        ({"leukocytes": "RICH"}, {"mishra2014tenniselbow"}),
    ],
)
def test_trials_of_one_kind_are_found(seeds: Seeds, asked: dict[str, str], expected: set[str]) -> None:
    ((field, wanted),) = asked.items()
    assert {
        study.id for study in seeds.studies.values() if study.dose and getattr(study.dose, field) == wanted
    } == expected
