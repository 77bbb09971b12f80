"""Dose: how a treatment was given, in fields that can be asked for.

What to describe follows TIDieR, items 3 to 8 (Hoffmann 2014, doi:10.1136/bmj.g1687), and the parameters of the devices
and preparations of the field. Every number is one that the report prints; the print itself stands beside it.
"""

from typing import Self

from pydantic import Field, model_validator

from schema.record import Part
from schema.terms import Guidance, Leukocytes, ShamKind, Waveform


class Span(Part):
    """From ``low`` to ``high``, both included: the same number twice where it is one, one of them None for a limit."""

    low: float | None = Field(default=None, ge=0)
    high: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("a span needs its low or its high end")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"the span {self.low:g} to {self.high:g} runs backwards")
        return self

    def within(self, least: float | None, most: float | None) -> bool:
        """Whether all of it is surely at least ``least`` and at most ``most``: of an unknown end nothing is sure."""
        enough = least is None or (self.low is not None and self.low >= least)
        return enough and (most is None or (self.high is not None and self.high <= most))


class Guess(Part):
    """How many people of one arm guessed right which treatment they had: whether blinding held."""

    #: None where the report does not say which arm.
    arm: str | None = None
    right: int = Field(ge=0)
    asked: int = Field(ge=1)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.right > self.asked:
            raise ValueError(f"{self.right} of {self.asked} people guessed right")
        return self


class Sham(Part):
    """What stood in for the treatment, and whether people could tell."""

    kind: ShamKind
    #: One for each arm, where the report asked; empty is not asked, or not read.
    guesses: tuple[Guess, ...] = ()


class Dose(Part):
    """How the treatment was given in the arm that got it; a span covers several such arms. None is not reported."""

    waveform: Waveform | None = None
    #: Whether the amplitude follows the response that is measured after each pulse.
    closed_loop: bool | None = None
    #: In hertz; of sound and shock waves too.
    frequency: Span | None = None
    #: Of one pulse, in microseconds.
    pulse_width: Span | None = None
    #: In milliampere.
    current: Span | None = None
    #: In millijoule per square millimetre (shock waves).
    energy_density: Span | None = None
    #: In watt per square centimetre (ultrasound).
    power_density: Span | None = None
    #: Pulses of one session.
    pulses: Span | None = None
    leukocytes: Leukocytes | None = None
    #: Of one injection, in millilitre.
    volume: Span | None = None
    #: In all, in millions.
    cells: Span | None = None
    device: str | None = None
    guidance: Guidance | None = None
    #: Sessions, injections or modules in all.
    sessions: Span | None = None
    sessions_per_week: Span | None = None
    #: Of one session.
    minutes: Span | None = None
    #: From the first session to the last.
    weeks: Span | None = None
    sham: Sham | None = None
