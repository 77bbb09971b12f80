"""``kb load``: records from files into the graph."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, settings, with_store
from kb.cli.tables import print_json, print_table

if TYPE_CHECKING:
    from kb.ingest import FileReport

#: Problems printed in full; the rest are counted, and all of them are in ``--json``.
PROBLEMS_SHOWN = 200


def load(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders: seeds, PubMed XML, RIS, BibTeX, tables …")],
    preview: Annotated[bool, typer.Option("--preview", help="Say what would happen, and write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Load records. What was loaded waits for ``kb publish``; loading again changes nothing."""
    reports = load_paths(paths, preview=preview, show_progress=not as_json)
    if as_json:
        print_json({"files": [report_json(one) for one in reports]})
    else:
        print_reports(reports, preview)
    if any(one.problems and any(problem.rejected for problem in one.problems) for one in reports):
        raise typer.Exit(1)


def load_paths(paths: list[Path], *, preview: bool = False, show_progress: bool = True) -> "list[FileReport]":
    """Load files and folders, with a progress bar on standard error where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from kb.cli.sources import files_of, open_source
    from kb.ingest import load_sources

    files = files_of(paths)
    console = Console(stderr=True)
    shown = show_progress and console.is_terminal
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[records]:,} records, {task.fields[rate]:,.0f}/s"),
        TimeRemainingColumn(),
        console=console,
        disable=not shown,
        transient=True,
    )
    with bar:
        size = sum(file.stat().st_size for file in files)
        task = bar.add_task("Loading", total=size, records=0, rate=0.0)
        sources = [open_source(file, lambda read: bar.advance(task, read)) for file in files]
        totals: dict[str, int] = {}

        def progress(report: "FileReport") -> None:
            totals[report.path] = report.read
            records, elapsed = sum(totals.values()), bar.tasks[0].elapsed or 0
            bar.update(task, records=records, rate=records / elapsed if elapsed else 0.0)

        return with_store(
            lambda store: load_sources(store, sources, who=settings().user, preview=preview, progress=progress)
        )


def report_json(report: "FileReport") -> dict[str, Any]:
    """Return what became of one file, as the JSON contract has it."""
    from kb.ingest import Action

    return {
        "path": report.path,
        "format": report.format,
        "read": report.read,
        **{action.value: report.counts[action] for action in Action},
        "problems": [{"where": one.where, "message": one.message} for one in report.problems],
    }


def print_reports(reports: "list[FileReport]", preview: bool) -> None:
    """Print the closing table and every problem with its place."""
    from kb.ingest import Action

    actions = list(Action)
    rows = [
        [one.path, one.format or "not recognised", f"{one.read:,}", *(f"{one.counts[action]:,}" for action in actions)]
        for one in reports
    ]
    if len(reports) > 1:
        totals = [f"{sum(one.counts[action] for one in reports):,}" for action in actions]
        rows.append(["all", "", f"{sum(one.read for one in reports):,}", *totals])
    numeric = ["read", *(action.value for action in actions)]
    title = "What would happen (nothing was written)" if preview else "Loaded"
    print_table(title, ["file", "format", *numeric], rows, numeric=numeric, wide="file")
    problems = [problem for one in reports for problem in one.problems]
    for problem in problems[:PROBLEMS_SHOWN]:
        typer.echo(f"{'' if problem.rejected else 'warning: '}{problem.where}: {problem.message}", err=True)
    if len(problems) > PROBLEMS_SHOWN:
        typer.echo(f"… and {len(problems) - PROBLEMS_SHOWN:,} more; --json prints them all.", err=True)
