"""Versions: the answers of a release that differ from those before, written beside them, and what to say of each."""

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Any

import orjson

from kb.evidence.evidence import Vocabulary
from kb.releases.attempt import Attempt
from kb.releases.derive import KEPT, Derived, Pair, derive
from kb.store import Statement, batches
from schema.release import Change
from schema.summary import Judged, Summary

#: What tells versions of one answer apart.
VERSION = {"id", "first", "until"}

#: Answers derived before they are written.
AT_ONCE = 500


async def write_summaries(
    attempt: Attempt, pairs: Collection[Pair], vocabulary: Vocabulary, otherwise: str, reached: Collection[str] | None
) -> tuple[list[Change], int]:
    """Derive the pairs and write those whose answer differs from the one before.

    Returns the changes by pair, and how many answers were derived. ``otherwise``: why an answer changed whose evidence
    is the same. ``reached``: as for :func:`~kb.releases.derive.derive`.
    """
    changes: list[Change] = []
    derived = weight = 0
    batch: list[Derived] = []
    answers = derive(attempt.store, pairs, attempt.number, vocabulary, before=attempt.before, reached=reached)
    async for one in answers:
        batch.append(one)
        derived += 1
        weight += sum(len(summary.findings) for summary in (one.before, one.after) if summary is not None)
        if len(batch) == AT_ONCE or weight > KEPT:
            changes += await _write_batch(attempt, batch, otherwise)
            batch, weight = [], 0
    changes += await _write_batch(attempt, batch, otherwise)
    return sorted(changes, key=lambda one: (one.therapy, one.condition)), derived


async def _write_batch(attempt: Attempt, batch: Sequence[Derived], otherwise: str) -> list[Change]:
    written: list[dict[str, Any]] = []
    ended: list[str] = []
    changes: list[Change] = []
    for one in batch:
        before, after = one.before, one.after
        same = before is not None and after is not None and _same(before, after)
        if same or (before is None and after is None):
            continue
        if after is not None:
            written.append({"id": after.id, "properties": after.properties() | {"answer_hash": _answer_hash(after)}})
        if before is not None:
            ended.append(before.id)
        changes.append(_change(one.pair, before, after, otherwise))
    for rows in batches(written):
        await attempt.write(Statement("write_summaries", None, {"rows": rows}))
    if ended:
        await attempt.end_summaries(ended, attempt.number)
    return changes


def _same(one: Summary, other: Summary) -> bool:
    """Whether two versions are the same answer: everything but the releases they belong to."""
    return all(getattr(one, name) == getattr(other, name) for name in Summary.model_fields if name not in VERSION)


def _answer_hash(summary: Summary) -> str:
    """Stands beside a version: two versions with the same one are the same answer."""
    answer = summary.model_dump(mode="json", exclude=VERSION)
    return sha256(orjson.dumps(answer, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _change(pair: Pair, before: Summary | None, after: Summary | None, otherwise: str) -> Change:
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
        why = otherwise
    return Change(
        therapy=pair[0],
        condition=pair[1],
        before=before.sentence if before else None,
        after=after.sentence if after else None,
        why=why,
    )


def _judged(summary: Summary) -> list[tuple[Judged, ...]]:
    return [line.judgements for line in summary.lines if line.judgements]
