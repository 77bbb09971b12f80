"""``kb evidence``: many answers at once, to read as a page or to hand on."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kb.cli.context import with_store
from kb.cli.replaced import tell_replaced
from kb.cli.tables import camel_case, json_text, number, print_json, print_table, words, write_whole
from kb.errors import UsageError

if TYPE_CHECKING:
    from kb.questions.collection import Collection
    from kb.store import Store


def evidence(
    condition: Annotated[str | None, typer.Option("--condition", "-c", help="A condition by any name.")] = None,
    therapy: Annotated[str | None, typer.Option("--therapy", "-t", help="A therapy by any name.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every answer of the release.")] = False,
    form: Annotated[
        Literal["table", "json", "html"],
        typer.Option("--format", help="A table, JSON, or a self-contained page with every figure."),
    ] = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
    as_of: Annotated[int | None, typer.Option("--as-of", help="As of this release; else the newest.")] = None,
) -> None:
    """Write the answers of a condition, a therapy, both, or all of them, with their figures and reports."""
    if everything is (condition is not None or therapy is not None):
        raise UsageError("Say which answers.", "Give --condition, --therapy or both; or --all.")
    if output is not None and form == "table":
        raise UsageError("A table is for the screen.", "Give --format html or --format json with --output.")
    collection = with_store(lambda store: _read(store, condition, therapy, as_of))
    if form == "table":
        _print(collection)
    elif form == "json":
        document = collection_json(collection)
        if output is None:
            print_json(document)
        else:
            write_whole(output, lambda out: out.write(json_text(document)))
    else:
        _write_page(collection, _title(collection, condition, therapy), output)


async def _read(store: "Store", condition: str | None, therapy: str | None, as_of: int | None) -> "Collection":
    from kb.questions import Questions
    from kb.questions.collection import read_collection

    questions = Questions(store)
    found = await read_collection(questions, condition=condition, therapy=therapy, as_of=as_of)
    await tell_replaced(questions, condition=condition, therapy=therapy, as_of=found.release.number)
    return found


def _title(collection: "Collection", condition: str | None, therapy: str | None) -> str:
    if condition is None and therapy is None:
        return "What is known about treatments for pain"
    from kb.evidence.catalogue.en import uncapitalised

    named = [f"for {uncapitalised(collection.chapters[0].condition.name)}"] if condition and collection.chapters else []
    if therapy and collection.chapters:
        named.insert(0, f"about {uncapitalised(collection.chapters[0].answers[0][0].name)}")
    return " ".join(["What is known", *named])


def _write_page(collection: "Collection", title: str, output: Path | None) -> None:
    from kb.export.evidence_page import write_evidence_page

    if output is None:
        write_evidence_page(collection, title, sys.stdout)
        return
    write_whole(output, lambda out: write_evidence_page(collection, title, out))
    typer.echo(f"{collection.answers:,} answers of release {collection.release.number} are in {output}.", err=True)


def collection_json(collection: "Collection") -> dict[str, Any]:
    """Return the answers with all lines and the fields of their records."""
    return {
        "release": collection.release.number,
        "answers": [
            {
                "condition": {"id": chapter.condition.id, "name": chapter.condition.name},
                "therapy": {"id": therapy.id, "name": therapy.name},
                **camel_case(summary.model_dump(mode="json", exclude={"id", "condition", "therapy", "first", "until"})),
                "studies": summary.carrying,
            }
            for chapter in collection.chapters
            for therapy, summary in chapter.answers
        ],
    }


def _print(collection: "Collection") -> None:
    rows = [
        [
            chapter.condition.name,
            therapy.name,
            summary.sentence,
            words(summary.direction),
            words(summary.certainty),
            f"{summary.study_count}",
            number(summary.participant_count),
        ]
        for chapter in collection.chapters
        for therapy, summary in chapter.answers
    ]
    columns = ["condition", "therapy", "answer", "direction", "certainty", "studies", "people"]
    title = f"{collection.answers:,} answers, as of release {collection.release.number}"
    print_table(title, columns, rows, numeric=["studies", "people"], wide="answer")
