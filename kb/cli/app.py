"""The application: its commands."""

from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kb.cli.ask import ask
from kb.cli.audit import audit
from kb.cli.check import check
from kb.cli.context import interruptible
from kb.cli.diff import diff
from kb.cli.duplicates import duplicates
from kb.cli.evidence import evidence
from kb.cli.gaps import gaps
from kb.cli.impact import impact
from kb.cli.load import load
from kb.cli.pool import pool
from kb.cli.publish import publish
from kb.cli.receipt import receipt
from kb.cli.releases import releases
from kb.cli.retractions import retractions
from kb.cli.serve import demo, serve, status, stop
from kb.cli.studies import studies
from kb.cli.trials import trials
from kb.cli.verify import verify
from kb.cli.webhooks import webhooks

COMMANDS = (
    demo,
    load,
    publish,
    ask,
    evidence,
    studies,
    gaps,
    impact,
    retractions,
    audit,
    releases,
    trials,
    pool,
    duplicates,
    verify,
    diff,
    receipt,
    check,
    status,
    serve,
    stop,
)


def application() -> typer.Typer:
    """Return the command line with all its commands."""
    made = typer.Typer(
        name="kb",
        cls=_Commands,
        help="Treatise: what is known about a treatment for pain, how sure we are, and which studies say so.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(_options)
    for command in COMMANDS:
        made.command()(command)
    made.add_typer(webhooks)
    return made


class _Commands(TyperGroup):
    """The commands. Who ends one with Ctrl-C is told what stays and what to do."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named. Raises Interrupted."""
        with interruptible():
            return super().invoke(ctx)


def _say_version(asked: bool) -> None:
    if asked:
        from kb.releases.rules import rules_version

        typer.echo(f"treatise {version('treatise')}, rules of evidence {rules_version()}")
        raise typer.Exit


def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None: ...
