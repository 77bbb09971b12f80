"""``kb studies``: studies by what they studied and how the treatment was given."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, with_store
from kb.cli.replaced import tell_replaced
from kb.cli.tables import camel_case, number, print_json, print_table, words
from schema.terms import StudyDesign

if TYPE_CHECKING:
    from kb.store import Store
    from schema.dose import Dose
    from schema.study import Study


def studies(
    therapy: Annotated[str | None, typer.Option("--therapy", "-t", help="A therapy by any name.")] = None,
    condition: Annotated[str | None, typer.Option("--condition", "-c", help="A condition by any name.")] = None,
    design: Annotated[StudyDesign | None, typer.Option("--design", case_sensitive=False, help="Only these.")] = None,
    dose: Annotated[
        list[str] | None,
        typer.Option("--dose", "-d", help="How it was given: waveform=burst, 'minutes>=20', leukocytes=poor …"),
    ] = None,
    as_of: Annotated[int | None, typer.Option("--as-of", help="As of this release; else the newest.")] = None,
    as_json: Json = False,
) -> None:
    """List studies of a therapy, a condition or both, narrower ones included, by how the treatment was given."""
    from kb.questions.studies import parse_dose_filter

    wanted = parse_dose_filter(dose or [])

    async def ask(store: "Store") -> "list[Study]":
        from kb.questions import Questions
        from kb.questions.paging import EVERYTHING
        from kb.questions.studies import read_studies

        questions = Questions(store)
        at = await questions.number(as_of)
        found = await read_studies(
            questions, EVERYTHING, therapy=therapy, condition=condition, design=design, dose=wanted, as_of=at
        )
        await tell_replaced(questions, condition=condition, therapy=therapy, as_of=at)
        return list(found.items)

    found = with_store(ask)
    if as_json:
        print_json({"studies": [_study_json(one) for one in found]})
        return
    rows = [
        [one.id, one.name, words(one.design), number(one.participants), given(one.dose) or one.dose_as_printed or "–"]
        for one in found
    ]
    columns = ["id", "study", "design", "people", "how it was given"]
    print_table(f"{len(found)} studies", columns, rows, numeric=["people"], wide="how it was given", whole=["id"])


def given(dose: "Dose | None") -> str:
    """Return a dose in one line: ``burst, 8 sessions, 60 minutes``."""
    if dose is None:
        return ""
    parts: list[str] = []
    for field in type(dose).model_fields:
        value = getattr(dose, field)
        if value is None:
            continue
        if field in _UNITS:
            parts.append(f"{_span(value.low, value.high)} {_UNITS[field]}")
        elif field == "sham":
            parts.append(f"sham: {words(value.kind)}")
        elif field == "closed_loop":
            parts.append("closed loop" if value else "open loop")
        elif field == "leukocytes":
            parts.append(f"leukocyte-{words(value)}")
        else:
            parts.append(value if field == "device" else words(value))
    return ", ".join(parts)


#: What a number counts.
_UNITS = {
    "frequency": "Hz",
    "pulse_width": "µs",
    "current": "mA",
    "energy_density": "mJ/mm²",
    "power_density": "W/cm²",
    "pulses": "pulses",
    "volume": "mL",
    "cells": "million cells",
    "sessions": "sessions",
    "sessions_per_week": "a week",
    "minutes": "minutes",
    "weeks": "weeks",
}


def _span(low: float | None, high: float | None) -> str:
    if low is None:
        return f"up to {number(high)}"
    if high is None:
        return f"{number(low)} or more"
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def _study_json(study: "Study") -> dict[str, Any]:
    return {
        "id": study.id,
        "name": study.name,
        "title": study.title,
        "design": study.design,
        "participants": study.participants,
        "therapies": study.therapies,
        "conditions": study.conditions,
        "doseAsPrinted": study.dose_as_printed,
        "dose": None if study.dose is None else camel_case(study.dose.model_dump(mode="json", exclude_none=True)),
        "citations": study.citations,
    }
