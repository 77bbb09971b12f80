"""Publish: make the next release out of what is approved and not published.

1. Stamp the records with the number of the release to be. Readers of the newest release do not see the stamp: what
   was published before stands in revisions until then.
2. Derive the summaries of the touched pairs from the stamped content, and write those that differ as new versions.
3. Create the release. This one write makes all of it visible at once.

Killed before the third step, nothing has changed for readers, and publishing again completes the same number. An
edit that lands while a release is being made waits for the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from kb.errors import ConstraintViolated, StoreBusy
from kb.evidence.evidence import Vocabulary
from kb.ingest.apply import now
from kb.questions.merged import follow
from kb.questions.records import current_release
from kb.questions.vocabulary import read_catalogue
from kb.releases.derive import Pair, derive, standing_summaries
from kb.releases.rules import rules_version
from kb.releases.touched import all_pairs, touched
from kb.store import Statement, Store, batches
from schema.record import DRAFT
from schema.records import LOADED
from schema.release import Change, Release
from schema.summary import Judged, Summary

#: Changes told in the release itself; all of them can be read from the summaries.
CHANGES_TOLD = 500


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: the release (None when nothing was pending), and counts."""

    release: Release | None
    records: int
    summaries_derived: int
    summaries_changed: int


async def pending_records(store: Store) -> dict[str, int]:
    """Return how many records of each label the newest release does not hold as they are now."""
    release = await current_release(store)
    found: dict[str, int] = {}
    for kind in LOADED:
        rows = await store.read("count_pending", {"Label": kind.label}, release=release)
        found[kind.label] = rows[0]["pending"]
    return found


async def publish(store: Store, *, who: str, message: str | None = None, rules: str | None = None) -> Published:
    """Publish everything that is approved and pending. Raises StoreBusy if another release came first.

    ``rules``: version of the rules of evidence, the present one unless given. Where the newest release was made by
    others, every answer is derived anew, also when nothing is pending.
    """
    rules = rules or rules_version()
    before = await current_release(store)
    number = before + 1
    old = (await read_catalogue(store, before)).vocabulary
    changed = await _stamp(store, before, number)
    renewed = before > 0 and await _rules_of(store, before) != rules
    if not any(changed.values()) and not renewed:
        return Published(None, 0, 0, 0)
    await _end_merged(store, number)
    new = (await read_catalogue(store, number)).vocabulary
    pairs = await touched(store, changed, before, number, old, new)
    if renewed:
        pairs |= await all_pairs(store, number, new)
    pairs |= {(row["therapy"], row["condition"]) for row in await store.read("summaries_since", number=number)}
    changes, derived = await _write_summaries(store, pairs, before, number, new)
    records = sum(len(ids) for ids in changed.values())
    release = Release(
        id=str(number),
        number=number,
        published=now(),
        message=message,
        who=who,
        content_hash_of_release=_content_hash(changed, changes),
        rules=rules,
        records=records,
        summaries_changed=len(changes),
        changes=tuple(changes[:CHANGES_TOLD]),
    )
    try:
        await store.write("create_release", id=release.id, properties=release.properties())
    except ConstraintViolated as taken:
        raise StoreBusy(
            f"Release {number} was published by somebody else at the same time.", "Publish again."
        ) from taken
    return Published(release, records, derived, len(changes))


async def _rules_of(store: Store, number: int) -> str | None:
    (row,) = await store.read("nodes_by_id", {"Label": "Release"}, ids=[str(number)])
    return Release.from_properties(row["node"]).rules


async def _stamp(store: Store, before: int, number: int) -> dict[str, dict[str, str]]:
    """Put the pending records into the release to be; return their ids and content hashes by label."""
    stamped: dict[str, dict[str, str]] = {}
    for kind in LOADED:
        names = {"Label": kind.label}
        pending = await store.read("pending_nodes", names, release=before)
        # A record that was in an earlier release has a revision that ends now.
        edited = {row["id"] for row in pending if row["first_release"] <= before}
        for rows in batches([{"id": row["id"], "hash": row["hash"]} for row in pending]):
            closing = [row for row in rows if row["id"] in edited]
            steps = [Statement("stamp_nodes", names, {"rows": rows, "number": number})]
            if closing:
                params: dict[str, Any] = {"rows": closing, "label": kind.label, "number": number, "draft": DRAFT}
                steps.append(Statement("close_revisions", names, params))
            results = await store.write_all(steps)
            hashes = {row["id"]: row["hash"] for row in rows}
            stamped.setdefault(kind.label, {}).update({row["id"]: hashes[row["id"]] for row in results[0]})
    return stamped


async def _end_merged(store: Store, number: int) -> None:
    """End what was published of merged citations, where this release holds the one that they were merged into."""
    rows = await store.read("open_revisions", draft=DRAFT)
    kept = await follow(store, {row["into"] for row in rows})
    held = await store.read("nodes_by_id", {"Label": "Citation"}, ids=sorted(set(kept.values())))
    here = {row["node"]["id"] for row in held if row["node"]["since"] == number}
    if ended := [row["id"] for row in rows if kept[row["into"]] in here]:
        await store.write("end_revisions", ids=ended, number=number)


async def _write_summaries(
    store: Store, pairs: set[Pair], before: int, number: int, vocabulary: Vocabulary
) -> tuple[list[Change], int]:
    """Derive the pairs and write those whose answer differs from the one before; return the changes."""
    changes: list[Change] = []
    derived = 0
    batch: list[tuple[Pair, Summary | None]] = []
    async for one in derive(store, pairs, number, vocabulary):
        batch.append(one)
        derived += 1
        if len(batch) == 500:
            changes += await _write_batch(store, batch, before, number)
            batch = []
    changes += await _write_batch(store, batch, before, number)
    return changes, derived


async def _write_batch(
    store: Store,
    batch: Sequence[tuple[Pair, Summary | None]],
    before: int,
    number: int,
) -> list[Change]:
    if not batch:
        return []
    standing = await standing_summaries(store, (pair for pair, _ in batch), before)
    written: list[dict[str, Any]] = []
    ended: list[dict[str, Any]] = []
    dropped: list[str] = []
    changes: list[Change] = []
    for pair, summary in batch:
        earlier = standing.get(pair)
        same = earlier is not None and summary is not None and _answer(earlier) == _answer(summary)
        if same or summary is None:
            # An attempt that did not come about may have left a version behind.
            dropped.append(f"{pair[0]}|{pair[1]}|{number}")
        else:
            written.append(
                {"id": summary.id, "properties": summary.properties() | {"answer_hash": _answer_hash(summary)}}
            )
        if earlier is not None:
            ended.append({"id": earlier.id, "until": DRAFT if same else number})
        if not same and (earlier or summary):
            changes.append(_change(pair, earlier, summary))
    await store.write_all(
        [
            Statement("drop_summaries", None, {"ids": dropped}),
            Statement("write_summaries", None, {"rows": written}),
            Statement("end_summaries", None, {"rows": ended}),
        ]
    )
    return changes


def _answer(summary: Summary) -> dict[str, Any]:
    """What makes two versions the same answer: everything but the releases they belong to."""
    return summary.model_dump(mode="json", exclude={"id", "first", "until"})


def _answer_hash(summary: Summary) -> str:
    """Stands beside a version: two versions with the same one are the same answer."""
    return sha256(orjson.dumps(_answer(summary), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _change(pair: Pair, before: Summary | None, after: Summary | None) -> Change:
    if before is None:
        why = "first answer"
    elif after is None:
        why = "no finding is left"
    elif set(before.retracted_studies) != set(after.retracted_studies):
        why = "a study was retracted or reinstated"
    elif _judged(before) != _judged(after):
        why = "a reviewer confirmed or changed a certainty"
    elif before.findings != after.findings:
        why = "findings were added, changed or removed"
    else:
        why = "the wording of a record or a rule of evidence changed"
    return Change(
        therapy=pair[0],
        condition=pair[1],
        before=before.sentence if before else None,
        after=after.sentence if after else None,
        why=why,
    )


def _judged(summary: Summary) -> list[tuple[Judged, ...]]:
    return [line.judgements for line in summary.lines if line.judgements]


def _content_hash(changed: dict[str, dict[str, str]], changes: list[Change]) -> str:
    digest = sha256()
    for label, hashes in sorted(changed.items()):
        for id_, content_hash in sorted(hashes.items()):
            digest.update(f"{label}:{id_}={content_hash};".encode())
    for change in sorted(changes, key=lambda one: (one.therapy, one.condition)):
        digest.update(change.model_dump_json().encode())
    return digest.hexdigest()
