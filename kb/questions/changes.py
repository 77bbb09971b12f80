"""What changed between two releases: each answer before and after, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.errors import UsageError
from kb.evidence.evidence import Vocabulary
from kb.evidence.rollup import Hierarchy
from kb.questions.paging import Page, PageRequest, page_of
from kb.questions.questions import Questions
from kb.questions.reasons import TOLD, Reason, State, entries, only_wording, reasons, rests_on
from kb.questions.records import read_records
from kb.questions.summaries import Version, read_summaries, read_versions
from kb.store import portions
from schema.record import Record
from schema.records import LOADED
from schema.summary import Summary

Pair = tuple[str, str]

#: Ids looked up at once.
AT_ONCE = 5000

#: What was known before the first release.
NOTHING = Vocabulary({}, {}, {}, {}, {}, Hierarchy({}), Hierarchy({}), Hierarchy({}))


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One answer before and after. ``before`` None: there was none; ``after`` None: there is none any more.

    ``reasons`` are at most 100 of ``reason_count``. ``only_wording``: the evidence and what it says are the same.
    """

    therapy: str
    condition: str
    before: Summary | None
    after: Summary | None
    reasons: Sequence[Reason]
    reason_count: int
    only_wording: bool


@dataclass(frozen=True, slots=True)
class _Ends:
    """The versions of one pair at the two ends: ids of summaries, None where there is none."""

    pair: Pair
    before: str | None
    after: str | None


async def read_changes(
    questions: Questions,
    page: PageRequest,
    *,
    since: int,
    until: int | None = None,
    therapy: str | None = None,
    condition: str | None = None,
    pairs: frozenset[Pair] | None = None,
) -> Page[AnswerChange]:
    """Return the answers that differ between two releases, by condition and therapy.

    ``since`` 0 compares with nothing at all; ``until`` None is the newest release. ``therapy`` and ``condition`` (any
    name) take in narrower ones; ``pairs`` are the only ones looked at. Raises UnknownRelease, NotFound for a name,
    UsageError where ``since`` comes after ``until``.
    """
    end = await questions.number(until)
    if since != 0:
        await questions.number(since)
    if end == 0:
        return Page((), (), has_next=False, total=0)
    if since > end:
        raise UsageError(f"since ({since}) comes after until ({end}).", "Give the earlier release first.")
    wanted = await _wanted(questions, end, therapy, condition)
    ends = [
        one
        for one in _ends(await read_versions(questions, since, end), since, end)
        if wanted(one.pair) and (pairs is None or one.pair in pairs)
    ]
    shown = page_of(ends, lambda one: (one.pair[1], one.pair[0]), page)
    return Page(
        items=await _changes(questions, shown.items, since, end),
        cursors=shown.cursors,
        has_next=shown.has_next,
        total=shown.total,
    )


async def record_counts(questions: Questions, since: int, until: int) -> dict[str, tuple[int, int]]:
    """Return by label how many records came after release ``since`` up to ``until``, and how many were edited."""
    rows = await questions.store.read("count_edited", since=since, until=until)
    edited = {row["label"]: row["records"] for row in rows}
    found: dict[str, tuple[int, int]] = {}
    for kind in LOADED:
        (row,) = await questions.store.read("count_new", {"Label": kind.label}, since=since, until=until)
        found[kind.label] = (row["records"], edited.get(kind.label, 0))
    return {label: counts for label, counts in found.items() if any(counts)}


class _Wanted:
    """Whether a pair is asked for."""

    def __init__(self, therapies: frozenset[str] | None, conditions: frozenset[str] | None) -> None:
        self._therapies, self._conditions = therapies, conditions

    def __call__(self, pair: Pair) -> bool:
        return (self._therapies is None or pair[0] in self._therapies) and (
            self._conditions is None or pair[1] in self._conditions
        )


async def _wanted(questions: Questions, end: int, therapy: str | None, condition: str | None) -> _Wanted:
    if therapy is None and condition is None:
        return _Wanted(None, None)
    catalogue = await questions.catalogue(end)
    return _Wanted(
        None if therapy is None else catalogue.below("Therapy", therapy),
        None if condition is None else catalogue.below("Condition", condition),
    )


def _ends(versions: Iterable[Version], since: int, until: int) -> list[_Ends]:
    """Return the pairs whose answer at the two ends differs: one that changed and came back is none of them."""
    before: dict[Pair, Version] = {}
    after: dict[Pair, Version] = {}
    for one in versions:
        if one.first <= since:
            before[one.pair] = one
        if one.until > until:
            after[one.pair] = one
    found: list[_Ends] = []
    for pair in before.keys() | after.keys():
        old, new = before.get(pair), after.get(pair)
        if old is not None and new is not None and old.hash is not None and old.hash == new.hash:
            continue
        found.append(_Ends(pair, old.id if old else None, new.id if new else None))
    return found


async def _changes(questions: Questions, shown: Sequence[_Ends], since: int, until: int) -> list[AnswerChange]:
    ids = [id for one in shown for id in (one.before, one.after) if id is not None]
    summaries = await read_summaries(questions, ids)
    pairs = [(one, summaries.get(one.before or ""), summaries.get(one.after or "")) for one in shown]
    before, after = await _states(questions, [(old, new) for _, old, new in pairs], since, until)
    found: list[AnswerChange] = []
    for one, old, new in pairs:
        why = reasons(old, new, before, after)
        found.append(AnswerChange(*one.pair, old, new, tuple(why[:TOLD]), len(why), only_wording(old, new, why)))
    return found


async def _states(
    questions: Questions, pairs: Sequence[tuple[Summary | None, Summary | None]], since: int, until: int
) -> tuple[State, State]:
    """Read what may be a reason, as each of the two releases held it: what is the same in both is not read."""
    then = (await questions.catalogue(since)).vocabulary if since else NOTHING
    now = (await questions.catalogue(until)).vocabulary
    renamed = entries(then) != entries(now)
    old_records: dict[tuple[str, str], Record] = {}
    new_records: dict[tuple[str, str], Record] = {}
    for label in ("Citation", "Study", "Finding"):
        both: set[str] = set()
        spoken: set[str] = set()
        joined: set[str] = set()
        left: set[str] = set()
        for old, new in pairs:
            was, is_ = rests_on(old, label), rests_on(new, label)
            both |= set(was) & set(is_)
            if label != "Citation" and renamed:
                spoken.update(is_[:TOLD])
            if label != "Citation":
                joined |= set([id for id in is_ if id not in set(was)][:TOLD])
                left |= set([id for id in was if id not in set(is_)][:TOLD])
        changed = await _changed_after(questions, label, both, since)
        for records, ids, number in (
            (old_records, changed | left, since),
            (new_records, changed | joined | left | spoken, until),
        ):
            # As they were loaded: a merge of what they name edits none of them, and is a reason of its own.
            found = await read_records(questions.store, label, ids, number) if number and ids else {}
            records.update({(label, id): record for id, record in found.items()})
    return (
        State(old_records, then, await questions.release(since) if since else None),
        State(new_records, now, await questions.release(until)),
    )


async def _changed_after(questions: Questions, label: str, ids: Iterable[str], release: int) -> set[str]:
    """Which of these records were edited, or came, after a release."""
    found: set[str] = set()
    wanted = sorted(set(ids))
    for some in portions(wanted, AT_ONCE):
        rows = await questions.store.read("ids_changed_after", {"Label": label}, ids=some, release=release)
        found |= {row["id"] for row in rows}
    return found
