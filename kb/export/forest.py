"""Forest plots: where the marks of a pool stand. Drawn as SVG by the page's template; the numbers stand in a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, sqrt

from kb.export.numbers import number
from schema.effect import RATIOS
from schema.pooled import Pooled

WIDTH = 360
ROW = 22
#: Side of the largest square.
LARGEST = 14


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: its label, the estimate and its interval along the axis, and how large its square is."""

    label: str
    y: float
    x: float
    low: float
    high: float
    side: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Forest:
    """All marks of one pool, in pixels; ``diamond`` is the pool's own, ``prediction`` the ends of its interval."""

    width: float
    height: float
    no_difference: float
    marks: tuple[Mark, ...]
    diamond: Mark
    prediction: tuple[float, float] | None
    ticks: tuple[Tick, ...]


def forest(pooled: Pooled, names: Mapping[str, str]) -> Forest:
    """Return the plot of a pool; ratios stand on a logarithmic axis. ``names``: of the studies, by id."""
    ratio = pooled.measure in RATIOS
    scale = log if ratio else float
    null = scale(1.0) if ratio else 0.0
    ends = [null, scale(pooled.ci_low), scale(pooled.ci_high)]
    for study in pooled.studies:
        ends += [scale(study.ci_low), scale(study.ci_high)]
    least, most = min(ends), max(ends)
    # One very wide interval must not press all others into a line: it is cut at the edge of the axis.
    middle, reach = scale(pooled.estimate), 6 * max(scale(pooled.ci_high) - scale(pooled.ci_low), abs(null))
    if reach > 0:
        least, most = max(least, min(middle - reach, null)), min(most, max(middle + reach, null))
    room = (most - least) or 1.0
    least, most = least - room * 0.05, most + room * 0.05

    def at(value: float) -> float:
        return WIDTH * (min(max(value, least), most) - least) / (most - least)

    heaviest = max((study.weight for study in pooled.studies), default=1.0) or 1.0
    marks = tuple(
        Mark(
            names.get(study.study, study.study),
            ROW * (row + 0.5),
            at(scale(study.estimate)),
            at(scale(study.ci_low)),
            at(scale(study.ci_high)),
            max(3.0, LARGEST * sqrt(study.weight / heaviest)),
        )
        for row, study in enumerate(pooled.studies)
    )
    y = ROW * (len(marks) + 0.5)
    diamond = Mark("All", y, at(middle), at(scale(pooled.ci_low)), at(scale(pooled.ci_high)), LARGEST)
    prediction = None
    if pooled.prediction_low is not None and pooled.prediction_high is not None:
        prediction = (at(scale(pooled.prediction_low)), at(scale(pooled.prediction_high)))
    shown = sorted({least + (most - least) * part / 4 for part in range(5)})
    ticks = tuple(Tick(at(value), number(exp(value) if ratio else value, 2)) for value in shown)
    return Forest(WIDTH, y + 1.5 * ROW, at(null), marks, diamond, prediction, ticks)
