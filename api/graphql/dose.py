"""Doses: what a client asks of how a treatment was given."""

import dataclasses

import strawberry

from api.graphql.derive import term_type
from kb.questions.studies import DoseFilter, Limits, Wanted
from schema.terms import Guidance, Leukocytes, ShamKind, Waveform


@strawberry.input(description="At least and at most, both included; leave one out for no limit.")
class LimitsInput:
    """Limits of a number."""

    least: float | None = None
    most: float | None = None


@strawberry.input(
    description="What a dose must be like, in the units of the type Dose. A study that does not report a field that is "
    "asked for is left out."
)
class DoseInput:
    """One argument for each field of a dose."""

    waveform: term_type(Waveform) | None = None  # pyright: ignore[reportInvalidTypeForm]
    closed_loop: bool | None = None
    frequency: LimitsInput | None = None
    pulse_width: LimitsInput | None = None
    current: LimitsInput | None = None
    energy_density: LimitsInput | None = None
    power_density: LimitsInput | None = None
    pulses: LimitsInput | None = None
    leukocytes: term_type(Leukocytes) | None = None  # pyright: ignore[reportInvalidTypeForm]
    volume: LimitsInput | None = None
    cells: LimitsInput | None = None
    device: str | None = strawberry.field(default=None, description="Part of its name.")
    guidance: term_type(Guidance) | None = None  # pyright: ignore[reportInvalidTypeForm]
    sessions: LimitsInput | None = None
    sessions_per_week: LimitsInput | None = None
    minutes: LimitsInput | None = None
    weeks: LimitsInput | None = None
    sham: term_type(ShamKind) | None = strawberry.field(  # pyright: ignore[reportInvalidTypeForm]
        default=None, description="The kind of sham that it was compared with."
    )


def dose_filter(asked: DoseInput | None) -> DoseFilter | None:
    """Return the filter that a client asks for."""
    if asked is None:
        return None
    found: dict[str, Wanted] = {}
    for field in dataclasses.fields(asked):  # pyright: ignore[reportArgumentType]
        value = getattr(asked, field.name)
        if isinstance(value, LimitsInput):
            found[field.name] = Limits(value.least, value.most)
        elif value is not None:
            found[field.name] = value
    return DoseFilter(found)
