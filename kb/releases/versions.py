"""Versions: the answers of a release that differ from those before, written beside them, and what to say of each."""

import re
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import isclose
from typing import Any

import orjson

from kb.evidence.evidence import Vocabulary
from kb.questions.moves import Moves
from kb.questions.replacements import replacements
from kb.releases.attempt import Attempt
from kb.releases.derive import KEPT, Derived, Pair, derive
from kb.store import Statement, batches
from schema.record import Part
from schema.release import Change
from schema.summary import Judged, Summary

#: What tells versions of one answer apart.
VERSION = {"id", "first", "until"}

#: A judgement is of the evidence that its reviewer saw.
NOT_APPLIED = "what reviewers judged of this answer is kept, and does not apply to the other one"

#: Numbers that differ by less, beside their size or in all, are the same number.
CLOSE = 1e-9

#: A number of which the last digits may differ.
_DECIMAL = re.compile(rb"-?\d+\.\d+(?:e-?\d+)?")

#: Answers derived before they are written.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Written:
    """What became of some answers: how many were derived, and the changes, by pair."""

    derived: int
    changes: Sequence[Change]


async def write_summaries(
    attempt: Attempt,
    pairs: Collection[Pair],
    old: Vocabulary,
    new: Vocabulary,
    otherwise: str,
    reached: Collection[str] | None,
) -> AsyncIterator[Written]:
    """Derive the pairs in their order and write those whose answer differs from the one before; yield what was written.

    ``old`` and ``new``: the vocabularies of the release before and of this one. ``otherwise``: why an answer changed
    whose evidence is the same. ``reached``: as for :func:`~kb.releases.derive.derive`.
    """
    weight = 0
    batch: list[Derived] = []
    why = _Why(old, new, Moves(old, new), otherwise)
    answers = derive(attempt.store, pairs, attempt.number, new, before=attempt.before, reached=reached)
    async for one in answers:
        batch.append(one)
        weight += sum(len(summary.findings) for summary in (one.before, one.after) if summary is not None)
        if len(batch) == AT_ONCE or weight > KEPT:
            yield Written(len(batch), await _write_batch(attempt, batch, why))
            batch, weight = [], 0
    if batch:
        yield Written(len(batch), await _write_batch(attempt, batch, why))


async def _write_batch(attempt: Attempt, batch: Sequence[Derived], why: "_Why") -> list[Change]:
    written: list[dict[str, Any]] = []
    ended: list[str] = []
    changes: list[Change] = []
    for one in batch:
        before, after = one.before, one.after
        same = before is not None and after is not None and same_answer(before, after)
        if same or (before is None and after is None):
            continue
        if after is not None:
            written.append({"id": after.id, "properties": after.properties() | {"answer_hash": answer_hash(after)}})
        if before is not None:
            ended.append(before.id)
        changes.append(
            Change(
                therapy=one.pair[0],
                condition=one.pair[1],
                before=before.sentence if before else None,
                after=after.sentence if after else None,
                why=why.of(one.pair, before, after),
            )
        )
    for rows in batches(written):
        await attempt.write(Statement("write_summaries", None, {"rows": rows}))
    if ended:
        await attempt.end_summaries(ended, attempt.number)
    return changes


def same_answer(one: Summary, other: Summary) -> bool:
    """Whether two versions are the same answer: everything but the releases they belong to.

    Numbers are the same to CLOSE: another processor may add them in another order.
    """
    return all(_alike(getattr(one, name), getattr(other, name)) for name in Summary.model_fields if name not in VERSION)


def _alike(one: Any, other: Any) -> bool:
    if one == other:
        return True
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_alike, one, other))  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(one, Part) and type(one) is type(other):
        return all(_alike(getattr(one, name), getattr(other, name)) for name in type(one).model_fields)
    return False


def answer_hash(summary: Summary) -> str:
    """Return what stands beside a version: two versions with the same one are the same answer."""
    answer = orjson.dumps(summary.model_dump(mode="json", exclude=VERSION), option=orjson.OPT_SORT_KEYS)
    return sha256(_DECIMAL.sub(lambda number: b"%.9g" % float(number[0]), answer)).hexdigest()


@dataclass(frozen=True, slots=True)
class _Why:
    """Says why an answer changed."""

    old: Vocabulary
    new: Vocabulary
    moves: Moves
    otherwise: str

    def of(self, pair: Pair, before: Summary | None, after: Summary | None) -> str:
        merged = [
            one.what
            for label, id in zip(("Therapy", "Condition"), pair, strict=True)
            for one in replacements(label, id, self.old, self.new)
        ]
        if merged:
            if after is None and before is not None and _judged(before):
                merged.append(NOT_APPLIED)
            return "; ".join(merged)
        if before is None:
            return "first answer"
        if after is None:
            return "no finding is left"
        # One that came retracted, or left so, was not retracted by what was published.
        both = set(before.studies) & set(after.studies)
        if both & (set(before.retracted_studies) ^ set(after.retracted_studies)):
            return "a study was retracted or reinstated"
        if _judged(before) != _judged(after):
            return "a reviewer confirmed or changed a certainty"
        moved = self._moved(pair, before, after)
        if before.findings != after.findings:
            return "; ".join(("findings were added, changed or removed", *moved))
        return "; ".join(moved) or self.otherwise

    def _moved(self, pair: Pair, before: Summary, after: Summary) -> list[str]:
        """What has another place under the therapy or the condition of the answer."""
        therapy, condition = pair
        included = before.therapies_included + after.therapies_included
        found = self.moves.under("Therapy", therapy, included)
        included = before.conditions_included + after.conditions_included
        found += self.moves.under("Condition", condition, included)
        return [one.what for one in found]


def _judged(summary: Summary) -> list[tuple[Judged, ...]]:
    return [line.judgements for line in summary.lines if line.judgements]
