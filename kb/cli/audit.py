"""``kb audit``: a patient-education page beside the evidence, for an editor and for a site's own checks."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kb.cli.context import Json, access, asked_web, with_store
from kb.cli.tables import counted, json_text, print_table, words, write_whole
from kb.errors import InputProblem, UsageError
from schema.terms import VerificationState

if TYPE_CHECKING:
    from kb.audit import Audit, AuditedReference, AuditedStatement
    from kb.store import Store
    from schema.page_text import PageText


def audit(
    page_file: Annotated[
        str | None, typer.Argument(metavar="FILE|URL", help="An HTML, Markdown or text page, or its address.")
    ] = None,
    page: Annotated[str | None, typer.Option("--page", help="A page of the knowledge base, by its id.")] = None,
    form: Annotated[
        Literal["table", "json", "sarif", "html"],
        typer.Option("--format", help="A table, JSON, SARIF 2.1.0 for code hosts, or a report to send."),
    ] = "table",
    as_json: Json = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
    online: Annotated[
        bool,
        typer.Option(
            "--online/--offline",
            help="Ask Crossref, PubMed and Europe PMC about references that the knowledge base cannot settle, or not "
            "(as with KB_OFFLINE).",
        ),
    ] = True,
    as_of: Annotated[int | None, typer.Option("--as-of", help="As of this release; else the newest.")] = None,
) -> None:
    """Check a page's references and claims against the evidence; claims of pages in English alone.

    Exit code 0: nothing needs fixing.

    Exit code 1: something does: there are errors or warnings; notes do not count.

    Exit code 2: the command was called wrongly, or the file cannot be read.

    Exit code 3: nothing needs fixing so far, but a source, the page's address or the graph could not be asked.
    """
    if (page_file is None) is (page is None):
        raise UsageError("Say which page.", "Give a file, an address, or --page with the id of a page.")
    chosen = "json" if as_json else form
    if output is not None and chosen == "table":
        raise UsageError("A table is for the screen.", "Give --format html, json or sarif with --output.")
    found = _audited(page_file, page, as_of, online=online)
    if chosen == "table":
        _print(found)
    else:
        _write(found, chosen, output)
    _tell_silent(found)
    if found.needs_work:
        raise typer.Exit(1)
    if any(one.not_asked for one in found.references):
        raise typer.Exit(3)


def _audited(page_file: str | None, page: str | None, as_of: int | None, *, online: bool) -> "Audit":
    from kb.audit import audit_page, audit_text
    from loaders.page import read_reference

    text = None if page_file is None else _page_text(page_file)

    async def work(store: "Store") -> "Audit":
        from kb.cli.asking import open_asking

        async with AsyncExitStack() as opened:
            ask = online and not access().offline
            asking = await opened.enter_async_context(open_asking(access())) if ask else None
            if text is not None:
                return await audit_text(store, text, as_of, asking)
            return await audit_page(store, page or "", read_reference, as_of, asking)

    return with_store(work)


def _tell_silent(found: "Audit") -> None:
    """Say which sources could not be asked, and why."""
    from kb.verification import NAMES

    reasons = {(source, why): None for one in found.references for source, why in one.not_asked.items()}
    for source, why in reasons:
        typer.echo(f"kb: {NAMES[source]} could not be asked: {why}", err=True)


def _page_text(place: str) -> "PageText":
    from loaders.page import read_page

    if place.startswith(("http://", "https://")):
        data = _fetched(place)
    else:
        try:
            data = Path(place).read_bytes()
        except OSError as wrong:
            raise UsageError(f"The file {place} cannot be read: {wrong.strerror}.", "Check the path.") from wrong
    found = read_page(data, place)
    if found.cut is not None:
        raise InputProblem(
            f"{place}:{found.cut}: elements are nested too deeply; nothing behind that line can be read.",
            "Give the page with fewer elements inside each other, or its text.",
        )
    if not found.passages and not found.references:
        raise InputProblem(f"{place}: no text was found in it.", "Give an HTML, Markdown or text page.")
    return found


def _fetched(address: str) -> bytes:
    import asyncio

    from loaders.fetch.errors import NotThere

    async def ask() -> bytes:
        async with asked_web(access()) as web:
            try:
                return await web.get(address, page=True)
            except NotThere as wrong:
                raise InputProblem(wrong.message, "Check the address.") from wrong

    return asyncio.run(ask())


def _write(found: "Audit", form: str, output: Path | None) -> None:
    from kb.audit.report import report_html
    from kb.audit.sarif import sarif

    if form == "html":
        text = report_html(found)
    else:
        document = audit_json(found) if form == "json" else sarif(found)
        text = json_text(document)
    if output is None:
        typer.echo(text)
    else:
        write_whole(output, lambda out: out.write(text))


def audit_json(found: "Audit") -> dict[str, Any]:
    """Return an audit as the JSON contract has it."""
    return {
        "page": found.id or found.name,
        "title": found.title,
        "release": found.release,
        "needsFixing": found.needs_work,
        "problems": [{"rule": p.rule, "level": p.level, "message": p.message} for p in found.problems],
        "references": [_reference_json(one) for one in found.references],
        "statements": [_statement_json(one) for one in found.statements],
    }


def _reference_json(one: "AuditedReference") -> dict[str, Any]:
    return {
        "position": one.position,
        "printed": one.printed.printed,
        "line": one.printed.line,
        "verdict": one.verdict,
        "citation": None if one.citation is None else one.citation.id,
        "held": one.held,
        "differences": [difference.model_dump() for difference in one.differences],
        "offTopic": one.off_topic,
        "retracted": one.retracted,
        "note": one.note,
        "checks": [
            {
                "source": each.check.source,
                "checked": each.check.checked,
                "verdict": each.check.verdict,
                "stale": each.stale,
                "lookedFor": each.check.looked_for,
                "foundAs": each.check.found_as,
                "differences": [difference.model_dump() for difference in each.check.differences],
            }
            for each in one.checks
        ],
        "notAsked": [{"source": source, "reason": reason} for source, reason in one.not_asked.items()],
        "problems": [{"rule": p.rule, "level": p.level, "message": p.message} for p in one.problems],
    }


def _statement_json(one: "AuditedStatement") -> dict[str, Any]:
    return {
        "text": one.text,
        "line": one.line,
        "therapies": one.therapies,
        "conditions": one.conditions,
        "wording": one.wording.name,
        "evidence": [
            {
                "therapy": answer.therapy,
                "condition": answer.condition,
                "direction": answer.direction,
                "certainty": answer.certainty,
                "sentence": answer.sentence,
            }
            for answer in one.evidence
        ],
        "strongerThanEvidence": one.stronger_than_evidence,
        "harmsMentioned": one.harms_mentioned,
        "references": [
            {
                "position": each.position,
                "citation": each.citation,
                "cited": each.cited,
                "onTopic": each.on_topic,
                "supports": each.supports,
            }
            for each in one.references
        ],
        "problems": [{"rule": p.rule, "level": p.level, "message": p.message} for p in one.problems],
    }


def _print(found: "Audit") -> None:
    if found.references:
        print_table(
            f"{found.title or found.name}: {counted(len(found.references), 'reference')}",
            ["no.", "printed", "verdict", "to do"],
            [
                [
                    str(one.position),
                    one.printed.printed,
                    ", ".join(_marks(one)),
                    "\n".join(problem.message for problem in one.problems) or "nothing",
                ]
                for one in found.references
            ],
            whole=["no.", "verdict"],
        )
    if found.statements:
        print_table(
            f"{counted(len(found.statements), 'claim')} beside the evidence, as of release {found.release}",
            ["claim", "evidence held", "to do"],
            [[_place(one) + one.text, _evidence(one, found), _to_do(one)] for one in found.statements],
        )
    elif not found.problems:
        typer.echo("No sentence claims an effect of a therapy that the knowledge base names.")
    for problem in found.problems:
        typer.echo(problem.message)
    stronger = sum(one.stronger_than_evidence for one in found.statements)
    unusable = sum(any(p.level != "note" for p in one.problems) for one in found.references)
    pending = sum(one.verdict is VerificationState.PENDING for one in found.references)
    unchecked = f"; {pending} could not be checked" if pending else ""
    typer.echo(
        f"{stronger} of {len(found.statements)} claims are stronger than the evidence; "
        f"{unusable} of {len(found.references)} references need work{unchecked}."
    )


def _marks(one: "AuditedReference") -> list[str]:
    return [
        words(one.verdict),
        *(["off topic"] if one.off_topic else []),
        *(["retracted"] if one.retracted else []),
    ]


def _place(one: "AuditedStatement") -> str:
    return f"line {one.line}: " if one.line else ""


def _evidence(one: "AuditedStatement", found: "Audit") -> str:
    from kb.audit.audit import about

    return "\n".join(
        f"{about(found.names, answer.therapy, answer.condition)}: "
        f"{words(answer.direction)}, {words(answer.certainty)} certainty"
        for answer in one.evidence
    ) or "none"  # fmt: skip


def _to_do(one: "AuditedStatement") -> str:
    """The problems, without the sentences of the answers: those are in the report and in JSON."""
    told = dict.fromkeys(
        "stronger than the evidence" if problem.rule == "stronger-than-evidence" and one.evidence else problem.message
        for problem in one.problems
    )
    return "\n".join(told) or "nothing"
