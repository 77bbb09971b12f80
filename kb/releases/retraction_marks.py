"""Marks of retraction alone: what became of published citations goes into a release, and every other draft waits.

A citation that differs from what is published in its mark only is stamped like any other record. One that is edited
otherwise too stays a draft: the release holds its published content with the mark, as a revision that stands until
the draft is published. So does one that another citation is merged into by a draft, and the merged one, which readers
still find, is marked with it. A citation that was never published has nothing to mark.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.ingest.apply import keep_revisions, revision
from kb.ingest.existing import Existing, read_existing
from kb.questions.merged import open_merges
from kb.questions.records import edited_ids, read_records
from kb.releases.attempt import Attempt
from kb.releases.stamp import stamp_records
from kb.store import Statement, Store, batches, portions
from schema.citation import Citation, Retraction
from schema.record import DRAFT
from schema.terms import RetractionState

#: Citations compared at once.
AT_ONCE = 1000

#: Citations named in the words about a release.
NAMED = 20


@dataclass(frozen=True, slots=True)
class PublishedMark:
    """A citation as the release holds it, marked, and what became of it before."""

    citation: Citation
    before: Retraction


@dataclass(frozen=True, slots=True)
class _Pending:
    """A mark that waits. ``now``: the citation that has it. ``alone``: nothing else of it waits."""

    mark: PublishedMark
    now: Existing
    alone: bool


async def publish_marks(attempt: Attempt) -> list[PublishedMark]:
    """Put the marks that wait into the release to be, and nothing else; return them by id."""
    label = Citation.label
    pending = await _pending(attempt.store, attempt.before)
    stamped: set[str] = set()
    for rows in batches([{"id": one.now.record.id, "hash": one.now.content_hash} for one in pending if one.alone]):
        stamped |= (await stamp_records(attempt, label, rows, {row["id"] for row in rows})).keys()
    # What was edited a moment ago stays a draft too.
    beside = [one for one in pending if one.mark.citation.id not in stamped]
    for rows in batches([revision(one.mark.citation, attempt.number, one.now.load_run) for one in beside]):
        closed = {"ids": [row["record_id"] for row in rows], "label": label, "number": attempt.number, "draft": DRAFT}
        await attempt.write(Statement("supersede_revisions", None, closed), keep_revisions(rows))
    return [one.mark for one in pending]


async def _pending(store: Store, release: int) -> list[_Pending]:
    """The marks that citations have and the release does not hold, by id."""
    leads = {id_: id_ for id_ in await edited_ids(store, Citation.label, release)}
    merges = await open_merges(store)
    leads |= {one.citation: one.into for one in merges}
    kept = {one.into for one in merges}
    found: list[_Pending] = []
    ids = sorted(leads)
    for some in portions(ids, AT_ONCE):
        held = await read_records(store, Citation.label, some, release)
        newest = await read_existing(store, Citation.label, {leads[id_] for id_ in some})
        for id_ in some:
            published, now = held.get(id_), newest.get(leads[id_])
            if isinstance(published, Citation) and now is not None:
                found += _differing(published, now, merging=id_ in kept)
    return found


def _differing(published: Citation, now: Existing, *, merging: bool) -> Iterable[_Pending]:
    assert isinstance(now.record, Citation)
    if now.approved and published.retraction != now.record.retraction:
        marked = published.model_copy(update={"retraction": now.record.retraction})
        yield _Pending(PublishedMark(marked, published.retraction), now, alone=marked == now.record and not merging)


def told(marks: Sequence[PublishedMark]) -> str:
    """Return in words what became of which citations: ``retracted: pmid:1, pmid:2; corrected: pmid:3``."""
    said: list[str] = []
    for state in RetractionState:
        ids = [one.citation.id for one in marks if one.citation.retraction.state is state]
        if ids:
            more = f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else ""
            said.append(f"{state.replace('_', ' ').lower()}: {', '.join(ids[:NAMED])}{more}")
    return "; ".join(said)
