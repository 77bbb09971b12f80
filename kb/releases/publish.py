"""Publish: make the next release, out of everything that is approved and pending or of marks of retraction alone.

1. Put what is to be published under the number of the release to be. Readers of the newest release do not see it: what
   was published before stands in revisions until then.
2. Derive the summaries of the touched pairs as that number holds their evidence, and write those that differ as new
   versions.
3. Create the release. This one write makes all of it visible at once.

Killed before the third step, nothing has changed for readers, and publishing again, in either way, takes back what was
left and begins anew. An edit that lands while a release is being made waits for the next one.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from kb.collector import seldom_collected
from kb.errors import TreatiseError
from kb.ingest.apply import now
from kb.questions.records import current_release
from kb.questions.vocabulary import VOCABULARY, read_vocabulary
from kb.releases.attempt import Attempt, begin
from kb.releases.retraction_marks import PublishedMark, publish_marks, told
from kb.releases.rules import rules_of, rules_version
from kb.releases.stamp import Stamped, renew_indexes, stamp_pending
from kb.releases.touched import NOTHING_TOUCHED, all_pairs, touched
from kb.releases.versions import write_summaries
from kb.store import Store
from schema.record import DRAFT
from schema.records import LOADED
from schema.release import Change, Release

log = logging.getLogger(__name__)

#: Changes told in the release itself; all of them can be read from the summaries.
CHANGES_TOLD = 500

#: Why an answer changed whose findings and judgements are the same.
WORDING = "the wording of a record or a rule of evidence changed"
REPORTS = "what became of a report was marked"


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: the release (None when nothing was pending), counts, and the marks where only they went."""

    release: Release | None
    records: int
    summaries_derived: int
    summaries_changed: int
    marks: Sequence[PublishedMark] = ()


NOTHING = Published(None, 0, 0, 0)


async def pending_records(store: Store) -> dict[str, int]:
    """Return how many records of each label the newest release does not hold as they are now."""
    release = await current_release(store)
    found: dict[str, int] = {}
    for kind in LOADED:
        rows = await store.read("count_pending", {"Label": kind.label}, numbers=[release + 1, DRAFT])
        found[kind.label] = rows[0]["pending"]
    return found


async def publish(store: Store, *, who: str, message: str | None = None, rules: str | None = None) -> Published:
    """Publish everything that is approved and pending. Raises StoreBusy if somebody else publishes at the same time.

    ``rules``: version of the rules of evidence, the present one unless given. Where the newest release was made by
    others, every answer is derived anew, also when nothing is pending.
    """
    attempt = await begin(store)
    rules = rules or rules_version()
    stamped = await stamp_pending(attempt)
    renewed = await _renewed(attempt, rules)
    if not stamped.records and not renewed:
        await attempt.finish(None)
        return NOTHING
    return await _release(attempt, stamped, WORDING, who, message, rules, renewed=renewed)


async def publish_retractions(
    store: Store, *, who: str, message: str | None = None, rules: str | None = None
) -> Published:
    """Publish what became of published citations, and nothing else that is pending; the message says of which.

    Otherwise like :func:`publish`; with no such mark there is no release, whatever the rules.
    """
    attempt = await begin(store)
    rules = rules or rules_version()
    marks = await publish_marks(attempt)
    if not marks:
        await attempt.finish(None)
        return NOTHING
    stamped = Stamped(named=True)
    stamped.add("Citation", {one.citation.id: one.citation.content_hash() for one in marks})
    said = f"Retractions only ({told(marks)})"
    message = f"{message} {said}" if message else said
    renewed = await _renewed(attempt, rules)
    why = WORDING if renewed else REPORTS
    return await _release(attempt, stamped, why, who, message, rules, renewed=renewed, marks=marks)


async def _release(
    attempt: Attempt,
    stamped: Stamped,
    why: str,
    who: str,
    message: str | None,
    rules: str,
    *,
    renewed: bool,
    marks: Sequence[PublishedMark] = (),
) -> Published:
    """Derive what the stamped records touch, and create the release."""
    store, before, number = attempt.store, attempt.before, attempt.number
    derived, changed = 0, 0
    shown: list[Change] = []
    contents = sha256(stamped.digest)
    with seldom_collected():
        same = before > 0 and not any(stamped.counts[label] for label in VOCABULARY)
        new = await read_vocabulary(store, number, places=same and not renewed)
        old = new if same else await read_vocabulary(store, before)
        found = await touched(store, stamped.ids, before, number, old, new) if before else NOTHING_TOUCHED
        pairs = found.pairs
        if renewed or not before:
            pairs = pairs | await all_pairs(store, number, new)
        reached = found.findings if same and not renewed else None
        async for batch in write_summaries(attempt, pairs, old, new, why, reached):
            derived += batch.derived
            changed += len(batch.changes)
            for change in batch.changes:
                contents.update(change.model_dump_json().encode())
            shown += batch.changes[: CHANGES_TOLD - len(shown)]
    release = Release(
        id=str(number),
        number=number,
        published=now(),
        message=message,
        who=who,
        content_hash_of_release=contents.hexdigest(),
        rules=rules,
        records=stamped.records,
        summaries_changed=changed,
        changes=tuple(shown),
    )
    await attempt.finish(release)
    await _eased(store, stamped)
    return Published(release, stamped.records, derived, changed, marks)


async def _eased(store: Store, stamped: Stamped) -> None:
    """Make the next release as quick as may be; this one is there, whatever comes of it."""
    try:
        await renew_indexes(store, stamped)
    except TreatiseError as wrong:
        log.warning("The release is made. An index is not made anew, which the next command does: %s", wrong)


async def _renewed(attempt: Attempt, rules: str) -> bool:
    """Whether the newest release was made by other rules."""
    return attempt.before > 0 and await rules_of(attempt.store, attempt.before) != rules
