"""``kb impact``: what would change if a citation were retracted, put under concern, corrected or reinstated."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import Json, with_store
from kb.cli.tables import print_json, print_table, words
from schema.terms import RetractionState

if TYPE_CHECKING:
    from kb.retractions import Impact
    from kb.store import Store
    from schema.citation import Citation
    from schema.summary import Summary


def impact(
    citation: Annotated[str, typer.Argument(help="A citation by PMID, DOI, PMCID or its key, in any spelling.")],
    state: Annotated[
        RetractionState, typer.Option("--state", case_sensitive=False, help="What would have become of it.")
    ] = RetractionState.RETRACTED,
    as_json: Json = False,
) -> None:
    """Say what would change in the newest release if a citation stood differently. Writes nothing."""

    async def work(store: "Store") -> "tuple[Citation, Impact]":
        from kb.questions import Questions
        from kb.retractions import suppose
        from loaders.identifiers import identified

        questions = Questions(store)
        kind, value = identified(citation) or ("id", citation)
        asked = await questions.citation(
            id={"id": value, "nct": f"nct:{value}"}.get(kind),
            pmid=value if kind == "pmid" else None,
            doi=value if kind == "doi" else None,
            pmcid=value if kind == "pmcid" else None,
        )
        return asked, await suppose(questions, asked, state)

    asked, found = with_store(work)
    if as_json:
        now = asked.retraction.state
        print_json({"citation": asked.id, "state": state, "stateNow": now, **impact_json(found)})
        return
    typer.echo(f"{asked.id}: {asked.title or 'without title'}")
    typer.echo(f"Now {words(asked.retraction.state)}. If it were {words(state)}, in release {found.release}:")
    print_impact(found)
    typer.echo("Nothing was written.")


def impact_json(found: "Impact") -> dict[str, Any]:
    """Return what would change, as the JSON contract has it."""
    return {
        "release": found.release,
        "studies": [one.id for one in found.studies],
        "findings": [one.id for one in found.findings],
        "reviews": [one.id for one in found.reviews],
        "changed": [
            {
                "therapy": one.therapy,
                "condition": one.condition,
                "before": _answer_json(one.before),
                "after": None if one.after is None else _answer_json(one.after),
            }
            for one in found.changed
        ],
        "pages": [
            {
                "id": one.page.id,
                "title": one.page.title,
                "url": one.page.url,
                "references": [{"id": each.id, "printed": each.printed} for each in one.references],
                "statements": [{"id": each.id, "claim": each.claim} for each in one.statements],
            }
            for one in found.pages
        ],
    }


def _answer_json(summary: "Summary") -> dict[str, Any]:
    return {"direction": summary.direction, "certainty": summary.certainty, "sentence": summary.sentence}


def print_impact(found: "Impact") -> None:
    """Print what would change, from the studies to the pages."""
    reached = (("studies", found.studies), ("findings", found.findings), ("reviews that include them", found.reviews))
    for name, records in reached:
        listed = ", ".join(one.id for one in records) or "none"
        typer.echo(f"  {name}: {listed}")
    rows = [
        [
            f"{one.therapy} for {one.condition}",
            f"{words(one.before.direction)}, {words(one.before.certainty)}: {one.before.sentence}",
            "no answer" if one.after is None
            else f"{words(one.after.direction)}, {words(one.after.certainty)}: {one.after.sentence}",
        ]
        for one in found.changed
    ]  # fmt: skip
    if rows:
        print_table(f"{len(rows)} answers change", ["answer", "before", "after"], rows)
    else:
        typer.echo("  no answer changes")
    for one in found.pages:
        typer.echo(f"  page {one.page.id} ({one.page.title})")
        for reference in one.references:
            typer.echo(f"    refers to it: {reference.printed}")
        for statement in one.statements:
            typer.echo(f"    claims: {statement.claim}")
