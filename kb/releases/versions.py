"""Versions: the answers of a release that differ from those before, written beside them, and what to say of each."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import orjson

from kb.evidence.evidence import Vocabulary
from kb.releases.attempt import Attempt
from kb.releases.derive import Pair, derive, standing_summaries
from kb.store import Statement
from schema.release import Change
from schema.summary import Judged, Summary

#: Answers derived before they are written.
AT_ONCE = 500


async def write_summaries(
    attempt: Attempt, pairs: set[Pair], vocabulary: Vocabulary, otherwise: str
) -> tuple[list[Change], int]:
    """Derive the pairs and write those whose answer differs from the one before.

    Returns the changes, and how many answers were derived. ``otherwise``: why an answer changed whose evidence is the
    same.
    """
    changes: list[Change] = []
    derived = 0
    batch: list[tuple[Pair, Summary | None]] = []
    async for one in derive(attempt.store, pairs, attempt.number, vocabulary):
        batch.append(one)
        derived += 1
        if len(batch) == AT_ONCE:
            changes += await _write_batch(attempt, batch, otherwise)
            batch = []
    changes += await _write_batch(attempt, batch, otherwise)
    return changes, derived


async def _write_batch(attempt: Attempt, batch: Sequence[tuple[Pair, Summary | None]], otherwise: str) -> list[Change]:
    if not batch:
        return []
    standing = await standing_summaries(attempt.store, (pair for pair, _ in batch), attempt.before)
    written: list[dict[str, Any]] = []
    ended: list[dict[str, Any]] = []
    changes: list[Change] = []
    for pair, summary in batch:
        earlier = standing.get(pair)
        same = earlier is not None and summary is not None and _answer(earlier) == _answer(summary)
        if same or (earlier is None and summary is None):
            continue
        if summary is not None:
            written.append(
                {"id": summary.id, "properties": summary.properties() | {"answer_hash": _answer_hash(summary)}}
            )
        if earlier is not None:
            ended.append({"id": earlier.id, "until": attempt.number})
        changes.append(_change(pair, earlier, summary, otherwise))
    await attempt.write(
        Statement("write_summaries", None, {"rows": written}),
        Statement("end_summaries", None, {"rows": ended}),
    )
    return changes


def _answer(summary: Summary) -> dict[str, Any]:
    """What makes two versions the same answer: everything but the releases they belong to."""
    return summary.model_dump(mode="json", exclude={"id", "first", "until"})


def _answer_hash(summary: Summary) -> str:
    """Stands beside a version: two versions with the same one are the same answer."""
    return sha256(orjson.dumps(_answer(summary), option=orjson.OPT_SORT_KEYS)).hexdigest()


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
