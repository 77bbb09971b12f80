"""``kb gaps``: what is not known about a condition, a therapy or both."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, with_store
from kb.cli.replaced import tell_replaced
from kb.cli.tables import print_json, print_table, words
from schema.terms import GapKind, OutcomeDomain

if TYPE_CHECKING:
    from kb.evidence.gaps import Gap
    from kb.store import Store

#: Pairs without a study that are printed by name; all of them are in ``--json``.
SHOWN = 20


def gaps(
    condition: Annotated[str | None, typer.Argument(help="A condition by any name.")] = None,
    therapy: Annotated[str | None, typer.Option("--therapy", "-t", help="A therapy by any name.")] = None,
    domain: Annotated[
        OutcomeDomain | None, typer.Option("--domain", case_sensitive=False, help="Only this domain.")
    ] = None,
    kind: Annotated[GapKind | None, typer.Option("--kind", case_sensitive=False, help="Only this kind.")] = None,
    as_of: Annotated[int | None, typer.Option("--as-of", help="As of this release; else the newest.")] = None,
    as_json: Json = False,
) -> None:
    """List what no study measured, what is not sure, and which therapies have no result for the condition."""

    async def ask(store: "Store") -> "tuple[list[Gap], dict[str, str]]":
        from kb.questions import Questions
        from kb.questions.gaps import read_gaps
        from kb.questions.paging import EVERYTHING

        questions = Questions(store)
        at = await questions.number(as_of)
        found = await read_gaps(
            questions, EVERYTHING, condition=condition, therapy=therapy, domain=domain, kind=kind, as_of=at
        )
        await tell_replaced(questions, condition=condition, therapy=therapy, as_of=at)
        vocabulary = (await questions.catalogue(at)).vocabulary
        return list(found.items), {
            one.id: one.name for one in (*vocabulary.therapies.values(), *vocabulary.conditions.values())
        }

    found, names = with_store(ask)
    if as_json:
        print_json({"gaps": [_gap_json(one) for one in found]})
        return
    print_gaps(found, names)


def print_gaps(found: "list[Gap]", names: dict[str, str]) -> None:
    """Print one row for each therapy and condition that was studied, and count those that were not."""
    pairs: dict[tuple[str, str], dict[GapKind, list[str]]] = {}
    for gap in found:
        if gap.domain is not None:
            sure = f" ({words(gap.certainty)})" if gap.certainty is not None else ""
            kinds = pairs.setdefault((gap.therapy, gap.condition), {})
            kinds.setdefault(gap.kind, []).append(words(gap.domain) + sure)
    trials = {(gap.therapy, gap.condition): gap.trials for gap in found}
    rows = [
        [
            names[therapy],
            names[condition],
            ", ".join(kinds.get(GapKind.NOT_MEASURED, ["–"])),
            ", ".join(kinds.get(GapKind.LOW_CERTAINTY, ["–"])),
            ", ".join(trials[therapy, condition]) or "–",
        ]
        for (therapy, condition), kinds in sorted(pairs.items(), key=lambda pair: [names[id] for id in pair[0]])
    ]
    if rows:
        columns = ["therapy", "condition", "no study measured", "measured, and not sure", "trials under way"]
        print_table(f"{len(found):,} open questions", columns, rows)
    missing = [gap for gap in found if gap.domain is None]
    if missing:
        more = " (--json lists them)" if len(missing) > SHOWN else ""
        typer.echo(f"No result at all on {len(missing):,} pairs{more}:")
        shown = sorted(f"{names[gap.therapy]} – {names[gap.condition]}" for gap in missing)[:SHOWN]
        typer.echo("  " + "\n  ".join(shown))
    if not found:
        typer.echo("No open question: every core domain has a result of at least moderate certainty.")


def _gap_json(gap: "Gap") -> dict[str, Any]:
    return {
        "therapy": gap.therapy,
        "condition": gap.condition,
        "domain": gap.domain,
        "kind": gap.kind,
        "certainty": gap.certainty,
        "studies": gap.studies,
        "trials": gap.trials,
    }
