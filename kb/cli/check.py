"""``kb check``: the graph against the schema."""

import typer

from kb.cli.context import Json, with_store
from kb.cli.tables import print_json


def check(as_json: Json = False) -> None:
    """Verify the graph: orphans, broken references, duplicate keys, circles, missing provenance, changed content."""
    from kb.check import check_graph

    findings = with_store(check_graph)
    if as_json:
        print_json({"findings": [{"where": one.where, "message": one.message} for one in findings]})
    else:
        for one in findings:
            typer.echo(f"{one.where}: {one.message}")
        typer.echo(f"{len(findings)} findings." if findings else "The graph is as the schema says.")
    if findings:
        raise typer.Exit(1)
