"""``kb load``: records from files, archives, standard input and identifiers into the graph."""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import NOTHING, Json, access, agreed, before_writing, settings, with_store
from kb.cli.tables import print_json, print_problems, print_table, problems_json
from kb.errors import SourceUnavailable, UsageError

if TYPE_CHECKING:
    from kb.cli.sources import Input
    from kb.ingest import FileReport
    from schema.parsed import Problem


def load(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files, folders, zip or gzip archives, - for standard input, and identifiers: pmid:17845835, "
            "doi:10.1016/j.pain.2007.07.028, PMC8022268, NCT04676100."
        ),
    ] = None,
    ids: Annotated[
        Path | None, typer.Option("--ids", help="A file of identifiers, one or more in a line; # begins a comment.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column", help="What a column of a table holds: 'Main author=first_author', 'Notes=' for nothing."
        ),
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Say what would happen, and write nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking, on a terminal too.")] = False,
    as_json: Json = False,
) -> None:
    """Load records. What was loaded waits for kb publish; loading again changes nothing.

    On a terminal it shows what would happen and asks before it writes; in a script it writes.
    """
    if not what and ids is None:
        raise UsageError("Nothing to load was named.", "Give files, folders or identifiers, or --ids FILE.")
    # These wait for the loaders, which the other commands do without.
    from kb.cli.columns import columns_json, print_columns

    asking = not (preview or yes or as_json) and sys.stdin.isatty() and sys.stdout.isatty() and "-" not in (what or ())
    with ExitStack() as held:
        loading = _Loading(what or (), ids, column or (), held)
        reports = loading.run(preview=preview or asking, show_progress=not as_json)
        if asking:
            print_columns(loading.inputs, loading.columns)
            print_reports(reports, preview=True)
            if not any(_writes(one) for one in reports):
                typer.echo("There is nothing to write.")
                raise typer.Exit(loading.exit_code(reports))
            if not agreed("Write this?", NOTHING):
                raise typer.Exit(1)
            reports = loading.run(preview=False, show_progress=True)
        if as_json:
            print_json(
                {
                    "files": [report_json(one) for one in reports],
                    "columns": columns_json(loading.inputs, loading.columns),
                }
            )
        else:
            if preview:
                print_columns(loading.inputs, loading.columns)
            print_reports(reports, preview)
    raise typer.Exit(loading.exit_code(reports))


def load_paths(paths: Sequence[Path], *, preview: bool = False, show_progress: bool = True) -> "list[FileReport]":
    """Load files and folders, with a progress bar on standard error where that is a terminal."""
    with ExitStack() as held:
        return _Loading(paths, None, (), held).run(preview=preview, show_progress=show_progress)


class _Loading:
    """What one call loads: gathered once, read as often as needed."""

    def __init__(self, what: Sequence[str | Path], ids: Path | None, columns: Sequence[str], held: ExitStack) -> None:
        from kb.cli.columns import check_columns, column_fields
        from kb.cli.sources import gather

        self.columns = column_fields(columns)
        with before_writing():
            gathered = gather(what, ids, access, held)
        self.inputs: list[Input | Problem] = gathered.inputs
        self._unanswered = gathered.unanswered
        check_columns(columns, self.inputs, self.columns)

    def run(self, *, preview: bool, show_progress: bool) -> "list[FileReport]":
        """Load, or find out what loading would do."""
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        from kb.cli.sources import Input, sources_of
        from kb.ingest import load_sources

        console = Console(stderr=True)
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TextColumn("{task.fields[records]:,} records, {task.fields[rate]:,.0f}/s"),
            TimeRemainingColumn(),
            console=console,
            disable=not (show_progress and console.is_terminal),
            transient=True,
        )
        with bar:
            size = sum(one.size for one in self.inputs if isinstance(one, Input))
            task = bar.add_task("Reading" if preview else "Loading", total=size, records=0, rate=0.0)
            with before_writing():
                sources = sources_of(self.inputs, self.columns, lambda read: bar.advance(task, read))
            counted: dict[str, int] = {}
            records = 0

            def progress(report: "FileReport") -> None:
                nonlocal records
                records += report.read - counted.get(report.path, 0)
                counted[report.path] = report.read
                elapsed = bar.tasks[0].elapsed or 0
                bar.update(task, records=records, rate=records / elapsed if elapsed else 0.0)

            return with_store(
                lambda store: load_sources(store, sources, who=settings().user, preview=preview, progress=progress)
            )

    def exit_code(self, reports: "Sequence[FileReport]") -> int:
        """3 where a source did not answer for what was named, 1 where something was left out, 0 where all is well."""
        if self._unanswered:
            return SourceUnavailable.exit_code
        return int(any(problem.rejected for one in reports for problem in one.problems))


def _writes(report: "FileReport") -> bool:
    from kb.ingest import Action

    return bool(report.counts[Action.NEW] or report.counts[Action.UPDATED])


def report_json(report: "FileReport") -> dict[str, Any]:
    """Return what became of one file, as the JSON contract has it."""
    from kb.ingest import Action

    return {
        "path": report.path,
        "format": report.format,
        "read": report.read,
        **{action.value: report.counts[action] for action in Action},
        "problems": problems_json(report.problems),
    }


def print_reports(reports: "list[FileReport]", preview: bool) -> None:
    """Print the closing table and every problem with its place."""
    from kb.ingest import Action

    actions = list(Action)
    folder = _folder([one.path for one in reports])
    rows = [
        [
            one.path.removeprefix(folder),
            one.format or "–",
            f"{one.read:,}",
            *(f"{one.counts[action]:,}" for action in actions),
        ]
        for one in reports
    ]
    if len(reports) > 1:
        totals = [f"{sum(one.counts[action] for one in reports):,}" for action in actions]
        rows.append(["all", "", f"{sum(one.read for one in reports):,}", *totals])
    numeric = ["read", *(action.value for action in actions)]
    title = "What would happen (nothing was written)" if preview else "Loaded"
    place = f": files of {folder}" if folder else ""
    print_table(f"{title}{place}", ["file", "format", *numeric], rows, numeric=numeric, wide="file")
    print_problems([problem for one in reports for problem in one.problems])


def _folder(names: Sequence[str]) -> str:
    """Return the folder that all names begin with, with its last slash; an empty text for a single name."""
    steps = zip(*(Path(name).parts[:-1] for name in names), strict=False)
    common = [step[0] for step in takewhile(lambda step: len(set(step)) == 1, steps)]
    return f"{Path(*common)}{os.sep}" if common and len(names) > 1 else ""
