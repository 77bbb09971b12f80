"""``kb retractions``: mark what notices say of the graph's citations, and what that changes before it is published."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.context import NOTHING, Json, access, agreed, before_writing, settings, with_store
from kb.cli.impact import impact_json, print_impact
from kb.cli.publish import print_retractions, publish_retractions, published_json, tell
from kb.cli.tables import counted, print_json, print_problems, print_table, problems_json, words
from kb.errors import SourceUnavailable, UsageError
from schema.terms import BibliographicSource

if TYPE_CHECKING:
    from kb.releases import Published
    from kb.retractions import Mark, Marking
    from kb.store import Store
    from loaders.fetch.errors import FetchError
    from schema.notice import Notice
    from schema.parsed import Problem

PUBLISH = "Publish what is marked now, in a release without the other drafts?"


def retractions(
    source: Annotated[Path | None, typer.Option("--source", help="Retraction Watch's table, as CSV.")] = None,
    online: Annotated[
        bool, typer.Option("--online", help="Ask PubMed for its present records of the graph's citations.")
    ] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Say what would happen, and write nothing.")] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish the marks at once, in a release without the other drafts.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking, on a terminal too.")] = False,
    as_json: Json = False,
) -> None:
    """Mark retractions, concerns, corrections and reinstatements. Without a source: what the graph's own links say.

    It prints what would change before anything is published; what is marked waits for "kb publish", which may take
    it alone (--only-retractions). On a terminal it asks before it writes; in a script it writes.

    Exit code 1: something could not be read. Exit code 3: PubMed did not answer for some, which are pending; running it
    again goes on from there.
    """
    if source is not None and online:
        raise UsageError("--source and --online were both given.", "Mark from one, then from the other.")
    if preview and publish:
        raise UsageError("--preview and --publish were both given.", "Look first, then publish.")
    asking = not (preview or yes or as_json) and sys.stdin.isatty() and sys.stdout.isatty()
    told = _Told(source, online=online)
    found = with_store(lambda store: told.mark(store, write=not (preview or asking)))
    if as_json:
        published = _published() if publish else None
        print_json(_json(found, told.pending, published, written=0 if preview else len(found.unwritten)))
    else:
        _print(found, told.pending)
        if asking and found.unwritten:
            if not agreed("Write and publish this?" if publish else "Write this?", NOTHING):
                raise typer.Exit(1)
            shown = found.problems
            found = with_store(lambda store: told.mark(store, write=True))
            print_problems([one for one in found.problems if one not in shown])
        _print_written(found, preview=preview, waits=not publish)
        if publish or (asking and _publishable(found) and agreed(PUBLISH, "What is marked waits for kb publish.")):
            print_retractions(_published())
    if told.pending:
        raise typer.Exit(SourceUnavailable.exit_code)
    if any(problem.rejected for problem in found.problems):
        raise typer.Exit(1)


def _published() -> "Published":
    done = publish_retractions()
    tell()
    return done


def _publishable(found: "Marking") -> bool:
    return bool(found.marks) and found.impact is not None


def _print_written(found: "Marking", *, preview: bool, waits: bool) -> None:
    if preview and found.unwritten:
        typer.echo(NOTHING)
    elif found.unwritten:
        count = counted(len(found.unwritten), "mark")
        typer.echo(f"Written: {count}{', waiting for kb publish' * waits}.")
    elif found.marks:
        typer.echo(f"All of it was written before{' and waits for kb publish' * waits}.")


@dataclass(frozen=True, slots=True)
class _Pending:
    """A citation that PubMed was asked about and said nothing of."""

    pmid: str
    error: "FetchError"


class _Told:
    """The notices of one call: read or fetched once, marked as often as needed."""

    def __init__(self, source: Path | None, *, online: bool) -> None:
        self.name = "PubMed" if online else "links in the graph" if source is None else str(source)
        self.form = "retraction-links" if source is None else "retraction-watch"
        self.online = online
        self.problems: list[Problem] = []
        self.pending: list[_Pending] = []
        self.notices: list[Notice] | None = None if source is None else self._read(source)

    async def mark(self, store: "Store", *, write: bool) -> "Marking":
        """Find the marks; with ``write`` write those that the graph does not hold."""
        from kb.retractions import find_marking, link_notices, write_marks

        if self.notices is None and self.online:
            self.notices = await self._fetched(store)
        notices = [one async for one in link_notices(store)] if self.notices is None else self.notices
        found = await find_marking(store, notices)
        problems = [*self.problems, *found.problems]
        if write and found.marks:
            report = await write_marks(store, found, name=self.name, form=self.form, who=settings().user)
            problems += report.problems
        return replace(found, problems=problems)

    def _read(self, source: Path) -> "list[Notice]":
        from loaders import retraction_watch
        from schema.notice import Notice

        notices: list[Notice] = []
        try:
            with before_writing(), source.open("rb") as stream:
                for one in retraction_watch.parse(stream, str(source)):
                    if isinstance(one, Notice):
                        notices.append(one)
                    else:
                        self.problems.append(one)
        except OSError as error:
            raise UsageError(f"{source} cannot be read: {error.strerror or error}.", "Check the path.") from error
        return notices

    async def _fetched(self, store: "Store") -> "list[Notice]":
        import io

        from kb.retractions import known_pmids, notices_of
        from loaders import pubmed
        from loaders.fetch.client import open_web
        from loaders.fetch.pubmed import fetch_pubmed
        from schema.citation import Citation
        from schema.parsed import Problem

        notices: list[Notice] = []
        async with open_web(access()) as web:
            async for batch in fetch_pubmed(web, await known_pmids(store)):
                if batch.error is not None:
                    self.pending += [_Pending(pmid, batch.error) for pmid in batch.pmids]
                    continue
                for pmid in batch.missing:
                    message = f"PubMed has no record with PMID {pmid} any more; look it up"
                    self.problems.append(Problem(f"PubMed {pmid}", message, rejected=False))
                for one in pubmed.parse(io.BytesIO(batch.content), "PubMed"):
                    if isinstance(one, Problem):
                        self.problems.append(one)
                    elif isinstance(one.record, Citation):
                        notices += notices_of(one.record)
        return notices


def _print(found: "Marking", pending: Sequence[_Pending]) -> None:
    rows = [
        [one.citation.id, one.citation.title or "", words(one.retraction.state), one.retraction.date or "–", one.where]
        for one in found.marks
    ]
    if rows:
        columns = ["citation", "title", "state", "date", "told by"]
        print_table(f"{counted(len(rows), 'mark')} to publish", columns, rows, wide="title", whole=["citation"])
        if found.impact is None:
            typer.echo("Nothing is published yet that it could change.")
        else:
            typer.echo(f"In release {found.impact.release} it would change:")
            print_impact(found.impact)
    else:
        which = "No citation that could be asked about" if pending else "No citation of the graph"
        typer.echo(f"{which} stands differently from what is published.")
    print_problems(found.problems)
    _print_pending(pending)


def _print_pending(pending: Sequence[_Pending]) -> None:
    """Print what nobody knows yet: each citation, then every reason once, with what to do."""
    from schema.parsed import Problem

    if not pending:
        return
    print_problems([Problem(f"PubMed {one.pmid}", "pending: PubMed could not be asked") for one in pending])
    for one in {one.error.message: one for one in pending}.values():
        count = sum(each.error.message == one.error.message for each in pending)
        typer.echo(f"kb: {count:,} pending: PubMed could not be asked: {one.error.message}", err=True)
        typer.echo(f"    {one.error.hint}", err=True)
    typer.echo("    What is pending stays as it was; run it again later.", err=True)


def _json(
    found: "Marking", pending: Sequence[_Pending], published: "Published | None", *, written: int
) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "release": None, "studies": [], "findings": [], "reviews": [], "changed": [], "pages": [],
    }  # fmt: skip
    return {
        "marked": [_mark_json(one) for one in found.marks],
        "written": written,
        **(nothing if found.impact is None else impact_json(found.impact)),
        "published": None if published is None else published_json(published),
        "pending": [
            {"pmid": one.pmid, "source": BibliographicSource.PUBMED, "reason": one.error.message} for one in pending
        ],
        "problems": problems_json(found.problems),
    }


def _mark_json(mark: "Mark") -> dict[str, Any]:
    told = mark.retraction
    return {
        "key": mark.citation.id,
        "pmid": mark.citation.pmid,
        "doi": mark.citation.doi,
        "state": told.state,
        "before": mark.citation.retraction.state,
        "notice": {
            "pmid": told.notice_pmid,
            "doi": told.notice_doi,
            "date": told.date,
            "reason": told.reason,
            "url": told.source_url,
            "where": mark.where,
        },
    }
