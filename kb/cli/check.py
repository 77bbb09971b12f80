"""``kb check``: the graph against the schema."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.context import Json, with_store
from kb.cli.tables import print_json

if TYPE_CHECKING:
    from kb.check import Fault

#: Findings of one kind and label that are printed.
SHOWN = 20


def check(
    every: Annotated[bool, typer.Option("--all", help=f"Print every finding, not only {SHOWN} of each kind.")] = False,
    as_json: Json = False,
) -> None:
    """Verify the graph: orphans, broken references, duplicate keys, circles, missing provenance, changed content."""
    from kb.check import check_graph

    findings = with_store(check_graph)
    if as_json:
        print_json({"findings": [{"kind": one.kind, "where": one.where, "message": one.message} for one in findings]})
    else:
        _print(findings, len(findings) if every else SHOWN)
        typer.echo(f"{len(findings):,} findings." if findings else "The graph is as the schema says.")
    if findings:
        raise typer.Exit(1)


def _print(findings: "Iterable[Fault]", shown: int) -> None:
    """Print the first of each kind and label, and how many there are beside them."""
    alike: dict[tuple[str, str], list[Fault]] = {}
    for one in findings:
        alike.setdefault((one.where.partition(" ")[0], one.kind), []).append(one)
    for (label, kind), some in alike.items():
        for one in some[:shown]:
            typer.echo(f"{one.where}: {one.message}")
        if len(some) > shown:
            typer.echo(f"{label}: {len(some) - shown:,} more of this kind ({kind}); --all prints them.")
