"""``kb verify``: citations compared with PubMed, Crossref and Europe PMC, field by field."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, access, settings, with_store
from kb.cli.tables import print_json, print_table, problems_json, words
from kb.errors import NotFound, UsageError
from schema.terms import VerificationState

if TYPE_CHECKING:
    from kb.store import Store
    from kb.verification import Report, Verified


def verify(
    keys: Annotated[
        list[str] | None, typer.Argument(help="Citations by PMID, DOI, PMCID or their key, in any spelling.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every citation, drafts included.")] = False,
    stale: Annotated[
        bool,
        typer.Option("--stale", help="Only those never checked, checked over a year ago, or corrected since."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare citations with PubMed, Crossref and Europe PMC. A changed verdict waits for "kb publish".

    Exit code 1: some differ or are not found. Exit code 3: none does, but a source could not be asked.
    """
    if bool(keys) == every and not (stale and not keys):
        raise UsageError("Say which citations to verify.", "Give identifiers or keys, or --all; --stale narrows it.")

    async def work(store: "Store") -> "Report":
        from rich.console import Console
        from rich.progress import Progress

        from kb.cli.asking import open_asking
        from kb.verification import citation_keys, verify

        ids = await _found(store, keys) if keys else await citation_keys(store)
        console = Console(stderr=True)
        bar = Progress(console=console, disable=as_json or not console.is_terminal, transient=True)
        with bar:
            task = bar.add_task("Verifying", total=len(ids))
            async with open_asking(access()) as asking:
                return await verify(
                    store,
                    ids,
                    asking,
                    who=settings().user,
                    stale_only=stale,
                    progress=lambda done: bar.advance(task, done),
                )

    report = with_store(work)
    if as_json:
        print_json(report_json(report))
    else:
        print_report(report)
    states = {one.verdict.state for one in report.verified}
    if report.problems or states & {VerificationState.MISMATCH, VerificationState.NOT_FOUND}:
        raise typer.Exit(1)
    if any(one.failures for one in report.verified):
        raise typer.Exit(3)


async def _found(store: "Store", keys: list[str]) -> list[str]:
    """The ids of the citations that were named, drafts included. Raises NotFound."""
    from kb.questions.merged import citations_with, follow
    from kb.questions.records import read_records
    from loaders.identifiers import identified
    from schema.record import DRAFT

    found: list[str] = []
    for key in keys:
        kind, value = identified(key) or ("id", key)
        named = [key, f"nct:{value}"] if kind in ("id", "nct") else [key, *await citations_with(store, kind, value)]
        held = await read_records(store, "Citation", (await follow(store, named)).values(), DRAFT)
        if not held:
            raise NotFound(key, kind="No citation")
        found += held
    return found


def report_json(report: "Report") -> dict[str, Any]:
    """Return what was found, as the JSON contract has it."""
    return {
        "citations": [_json(one) for one in report.verified],
        "fresh": report.fresh,
        "problems": problems_json(report.problems),
    }


def _json(one: "Verified") -> dict[str, Any]:
    return {
        "key": one.citation.id,
        "title": one.citation.title,
        "verdict": one.verdict.state,
        "note": one.verdict.note,
        "before": one.citation.verification,
        "changed": one.changed,
        "checks": [
            {
                "source": each.source,
                "checked": each.checked,
                "verdict": each.verdict,
                "lookedFor": each.looked_for,
                "foundAs": each.found_as,
                "differences": [difference.model_dump() for difference in each.differences],
            }
            for each in one.rests_on
        ],
        "notAsked": [{"source": source, "reason": reason} for source, reason in one.failures.items()],
    }


def print_report(report: "Report") -> None:
    """Print the verdicts that need somebody, the differences with both values, and what could not be asked."""
    from kb.verification import NAMES

    for one in report.verified:
        if one.verdict.state is VerificationState.VERIFIED:
            continue
        typer.echo(f"{one.citation.id}: {words(one.verdict.state)}: {one.verdict.note}")
        rows = [
            [NAMES[each.source], difference.field.replace("_", " "), difference.printed, difference.found]
            for each in one.rests_on
            for difference in each.differences
        ]
        if rows:
            print_table(one.citation.title or "without title", ["source", "field", "printed", "found"], rows)
    counts = {state: sum(one.verdict.state is state for one in report.verified) for state in VerificationState}
    told = ", ".join(f"{count:,} {words(state)}" for state, count in counts.items() if count)
    passed = f" {report.fresh:,} were checked within a year." if report.fresh else ""
    typer.echo(f"{told or 'Nothing was checked'}.{passed}")
    if changed := sum(one.changed for one in report.verified):
        typer.echo(f"{changed:,} verdicts changed; they wait for kb publish.")
    for one in report.problems:
        typer.echo(f"{one.where}: {one.message}", err=True)
    reasons = {(source, reason): None for one in report.verified for source, reason in one.failures.items()}
    for source, reason in reasons:
        typer.echo(f"kb: {NAMES[source]} could not be asked: {reason}", err=True)
    if reasons:
        typer.echo("    What is pending stays as it was; run it again later.", err=True)
