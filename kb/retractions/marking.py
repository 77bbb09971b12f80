"""Marking: find what notices are about in the graph, what that would change, and write it as a load of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from kb.ingest import FileReport, Source, load_sources
from kb.ingest.existing import read_aliases, read_existing, read_existing_citations
from kb.questions.merged import open_merges
from kb.questions.records import current_release, read_records
from kb.retractions.impact import Impact, find_impact
from kb.retractions.marks import Identifier, Mark, find_marks
from kb.store import Store
from schema.citation import Citation, citation_id
from schema.notice import Notice
from schema.parsed import Parsed, Problem

VERSION = "1"

#: Notices whose articles are looked up at a time.
BATCH = 2_500


@dataclass(frozen=True, slots=True)
class Marking:
    """What notices make of the graph, and what it would change in the newest release (None before the first).

    ``marks`` are those that the newest release does not hold; ``unwritten`` those of them that the graph does not hold.
    """

    marks: Sequence[Mark]
    unwritten: Sequence[Mark]
    problems: Sequence[Problem]
    impact: Impact | None


async def find_marking(store: Store, notices: Sequence[Notice]) -> Marking:
    """Find the citations that notices are about, and what marking them would change. Writes nothing."""
    citations, merged = await _articles(store, notices)
    marks, problems = find_marks(notices, citations.values(), merged)
    release = await current_release(store)
    # Where a merge waits for the next release, readers still find the merged citation: it is marked like the kept one.
    under = {one.citation.id: {one.citation.id} for one in marks}
    for merge in await open_merges(store):
        if merge.into in under:
            under[merge.into].add(merge.citation)
    held = await read_records(store, "Citation", {id_ for ids in under.values() for id_ in ids}, release)
    published = {id_: one for id_, one in held.items() if isinstance(one, Citation)}
    news: list[Mark] = []
    supposed: list[Citation] = []
    for one in marks:
        shown = [published[id_] for id_ in sorted(under[one.citation.id]) if id_ in published]
        otherwise = [each for each in shown if each.retraction != one.retraction]
        if otherwise or one.retraction != one.citation.retraction or not shown:
            news.append(one)
            supposed += [each.model_copy(update={"retraction": one.retraction}) for each in otherwise]
    unwritten = [one for one in marks if one.retraction != one.citation.retraction]
    return Marking(news, unwritten, problems, await find_impact(store, supposed, release) if release else None)


async def write_marks(store: Store, found: Marking, *, name: str, form: str, who: str) -> FileReport:
    """Write marks through the ordinary load; they wait for the next release.

    ``form``: the source, one of :data:`kb.ingest.merge.MARKS`. ``name``: as the person who marks calls it.
    """
    # With those that are written already: a run that was cut off is known again, and completed.
    records = [Parsed(one.marked, one.where) for one in found.marks]
    digest = sha256("".join(f"{one.record.id} {one.record.content_hash()};" for one in records).encode())
    source = Source(name, form, VERSION, digest.hexdigest(), whole=False, parse=lambda: iter(records))
    (report,) = await load_sources(store, [source], who=who)
    return report


async def _articles(store: Store, notices: Sequence[Notice]) -> tuple[dict[str, Citation], dict[Identifier, str]]:
    """The citations in the graph that have an identifier of the notices' articles, and identifiers they took over."""
    found: dict[str, Citation] = {}
    merged: dict[Identifier, str] = {}
    named = [one for one in notices if one.pmid or one.doi]
    for start in range(0, len(named), BATCH):
        wanted = [
            Citation(id=citation_id(pmid=one.pmid, doi=one.doi), title=None, pmid=one.pmid, doi=one.doi)
            for one in named[start : start + BATCH]
        ]
        existing = {one.record.id: one for one in await read_existing_citations(store, wanted)}
        aliases = await read_aliases(store, wanted)
        existing |= await read_existing(store, "Citation", {one.into for one in aliases} - existing.keys())
        found |= {id_: one.record for id_, one in existing.items() if isinstance(one.record, Citation)}
        merged |= {(one.name, one.value): one.into for one in aliases if one.name != "id"}
    return found, merged
