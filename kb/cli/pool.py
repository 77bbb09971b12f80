"""``kb pool``: a meta-analysis of the studies in a file. Neither needs nor touches the graph."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kb.cli.context import Json
from kb.cli.tables import counted, print_json, print_problems, print_table, problems_json
from kb.errors import InputProblem, UsageError

if TYPE_CHECKING:
    from kb.cli.effect_table import Row, Table
    from kb.evidence.pooling import LeftOut, Pooled
    from schema.parsed import Problem

#: Problems printed in full; the rest are counted, and all of them are in ``--json``.
PROBLEMS_SHOWN = 50

#: What the estimates are, where they are logarithms.
LOGARITHMS = {"RR": "log risk ratio", "OR": "log odds ratio"}

Measure = Literal["MD", "SMD", "RR", "OR", "RD"]
Estimator = Literal["REML", "DL", "PM", "HE", "ML", "FE"]


def pool(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with a header. Columns: yi and vi (or sei); or m1,sd1,n1,m2,sd2,n2 with --measure MD or SMD; or "
            "events1,n1,events2,n2 with --measure RR, OR or RD. 1 is the therapy, 2 the comparator. study names a row."
        ),
    ],
    measure: Annotated[Measure | None, typer.Option(help="What to make of the numbers of two arms.")] = None,
    method: Annotated[Estimator, typer.Option(help="How the variance between studies is estimated.")] = "REML",
    knapp_hartung: Annotated[
        bool,
        typer.Option("--knapp-hartung", help="Hartung–Knapp–Sidik–Jonkman interval; its factor at least 1."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Pool the studies of a file: estimate, heterogeneity, prediction interval, and each study left out in turn."""
    table = _read(file, measure)
    rows = table.rows
    if table.problems:
        _print_problems(file, table.problems, as_json)
        raise typer.Exit(1)
    from kb.evidence import pooling

    try:
        pooled = pooling.pool(
            [row.effect.estimate for row in rows],
            [row.effect.variance for row in rows],
            method=method,
            knapp_hartung=knapp_hartung,
        )
    except InputProblem as problem:
        raise InputProblem(f"{file}: {problem.message}", problem.hint) from problem
    notes = [*_table_notes(table), *pooled.notes]
    if as_json:
        print_json(_document(pooled, rows, measure, notes))
    else:
        _print_pooled(pooled, rows, measure, notes)


def _read(file: Path, measure: str | None) -> "Table":
    from kb.cli.effect_table import read_studies

    try:
        content = file.read_bytes()
    except OSError as wrong:
        raise UsageError(f"The file {file} cannot be read: {wrong.strerror}.", "Check the path.") from wrong
    return read_studies(content, str(file), measure)


def _print_problems(file: Path, problems: "Sequence[Problem]", as_json: bool) -> None:
    if as_json:
        print_json({"problems": problems_json(problems)})
        return
    print_problems(problems, PROBLEMS_SHOWN)
    typer.echo(f"Nothing was computed: {file} has {counted(len(problems), 'problem')}.", err=True)


def _table_notes(table: "Table") -> list[str]:
    rows = table.rows
    names = [row.study for row in rows]
    twice = sorted({name for name in names if names.count(name) > 1})
    corrected = [row.study for row in rows if row.effect.corrected]
    notes: list[str] = []
    if table.unused:
        notes.append(f"Columns with numbers that were not used: {', '.join(table.unused)}.")
    if twice:
        notes.append(f"In more than one row, and counted as independent: {', '.join(twice)}.")
    if corrected:
        notes.append(f"½ was added to the cells, one or more being empty: {', '.join(corrected)}.")
    return notes


def _document(pooled: "Pooled", rows: "Sequence[Row]", measure: str | None, notes: Sequence[str]) -> dict[str, Any]:
    """Return the result as the JSON contract has it."""
    return {
        "k": pooled.k,
        "method": pooled.method,
        "knappHartung": pooled.knapp_hartung,
        "level": pooled.level,
        "measure": measure,
        "scale": _scale(measure),
        "estimate": pooled.pooled.estimate,
        "se": pooled.pooled.se,
        "ciLow": pooled.pooled.ci_low,
        "ciHigh": pooled.pooled.ci_high,
        "p": pooled.pooled.p,
        "tau2": pooled.heterogeneity.tau2,
        "tau2Low": pooled.heterogeneity.tau2_low,
        "tau2High": pooled.heterogeneity.tau2_high,
        "i2": pooled.heterogeneity.i2,
        "q": pooled.heterogeneity.q,
        "qP": pooled.heterogeneity.q_p,
        "predictionLow": pooled.prediction_low,
        "predictionHigh": pooled.prediction_high,
        "studies": [
            {
                "study": row.study,
                "where": row.where,
                "estimate": row.effect.estimate,
                "variance": row.effect.variance,
                "corrected": row.effect.corrected,
            }
            for row in rows
        ],
        "leaveOneOut": [_left_out(one, rows) for one in pooled.leave_one_out],
        "notes": list(notes),
    }


def _left_out(one: "LeftOut", rows: "Sequence[Row]") -> dict[str, Any]:
    return {
        "without": rows[one.without].study,
        "where": rows[one.without].where,
        "estimate": one.pooled.estimate,
        "se": one.pooled.se,
        "ciLow": one.pooled.ci_low,
        "ciHigh": one.pooled.ci_high,
        "p": one.pooled.p,
        "tau2": one.heterogeneity.tau2,
        "i2": one.heterogeneity.i2,
    }


def _scale(measure: str | None) -> str:
    return LOGARITHMS.get(measure or "", measure or "as given")


def _print_pooled(pooled: "Pooled", rows: "Sequence[Row]", measure: str | None, notes: Sequence[str]) -> None:
    mean, between = pooled.pooled, pooled.heterogeneity
    studies = "1 study" if pooled.k == 1 else f"{pooled.k} studies"
    interval = "Hartung–Knapp" if pooled.knapp_hartung else "normal"
    typer.echo(f"{studies}, {pooled.method}, {interval} interval of {pooled.level:g} %, scale: {_scale(measure)}")
    lines = [
        ["estimate", _number(mean.estimate), _span(mean.ci_low, mean.ci_high)],
        ["standard error", _number(mean.se), ""],
        ["p", _number(mean.p), ""],
        ["prediction for a new study", "", _span(pooled.prediction_low, pooled.prediction_high)],
        ["τ²", _number(between.tau2), _span(between.tau2_low, between.tau2_high)],
        ["I², per cent", _number(between.i2), ""],
        ["Q", _number(between.q), ""],
        ["p of Q", _number(between.q_p), ""],
    ]
    if measure in LOGARITHMS:
        lines.insert(1, [f"as {measure}", *_ratios(mean.estimate, mean.ci_low, mean.ci_high)])
        lines.insert(5, [f"as {measure}", *_ratios(None, pooled.prediction_low, pooled.prediction_high)])
    print_table("Pooled", ["figure", "value", "interval"], lines, numeric=["value"])
    print_table(
        "Studies, and the pool without each",
        ["study", "estimate", "se", "pool without it", "interval", "τ²", "I²"],
        [_study_line(row, left) for row, left in zip(rows, pooled.leave_one_out or [None] * len(rows), strict=True)],
        numeric=["estimate", "se", "pool without it", "τ²", "I²"],
    )
    for note in notes:
        typer.echo(note)


def _study_line(row: "Row", left: "LeftOut | None") -> list[str]:
    own = [row.study, _number(row.effect.estimate), _number(row.effect.variance**0.5)]
    if left is None:
        return [*own, "–", "–", "–", "–"]
    span = _span(left.pooled.ci_low, left.pooled.ci_high)
    return [
        *own, _number(left.pooled.estimate), span, _number(left.heterogeneity.tau2), _number(left.heterogeneity.i2),
    ]  # fmt: skip


def _ratios(estimate: float | None, low: float | None, high: float | None) -> list[str]:
    value, low, high = (None if one is None else _exponential(one) for one in (estimate, low, high))
    return ["" if estimate is None else _number(value), _span(low, high)]


def _exponential(logarithm: float) -> float:
    from math import exp, inf

    try:
        return exp(logarithm)
    except OverflowError:
        return inf


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _span(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{_number(low)} to {_number(high)}"
