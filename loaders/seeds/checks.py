"""Checks across files: every reference resolves, hierarchies have no circle, no name means two things."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from loaders.seeds.fields import closest
from schema.comparator import Comparator
from schema.condition import Condition
from schema.ids import fold
from schema.marker import Marker
from schema.outcome import Outcome
from schema.parsed import Parsed, Problem
from schema.record import Record
from schema.study import Study
from schema.therapy import Therapy


def check(parsed: Iterable[Parsed]) -> list[Problem]:
    """Return what is wrong between the records of all files together; empty when they fit."""
    items = list(parsed)
    known: dict[str, dict[str, str]] = defaultdict(dict)
    problems: list[Problem] = []
    for item in items:
        label, identifier = item.record.label, item.record.id
        if identifier in known[label]:
            first = known[label][identifier]
            problems.append(Problem(item.where, f"{label} {identifier} is already at {first}; keep one of the two"))
        known[label].setdefault(identifier, item.where)
    for item in items:
        problems += _dangling(item, known)
    problems += _circles(items)
    problems += _rings(items)
    problems += _homonyms(items)
    return problems


def _dangling(item: Parsed, known: dict[str, dict[str, str]]) -> Iterator[Problem]:
    for edge in item.record.edges():
        if edge.target not in known[edge.label]:
            yield _unknown(item, edge.field, edge.label, edge.target, known)
    if isinstance(item.record, Study):
        for harm in item.record.harms:
            if harm.outcome is not None and harm.outcome not in known["Outcome"]:
                yield _unknown(item, "harms.outcome", "Outcome", harm.outcome, known)
        for part in (*item.record.harms, *item.record.readings):
            if part.citation not in item.record.citations:
                reports = ", ".join(item.record.citations)
                kind = type(part).__name__.lower()
                yield Problem(item.where, f"{kind} cites {part.citation}; the study's reports are {reports}")


def _unknown(item: Parsed, field: str, label: str, target: str, known: dict[str, dict[str, str]]) -> Problem:
    hint = closest(target, known[label])
    name = f"{item.record.label} {item.record.id}"
    return Problem(item.where, f"{name}: {field} names {label} '{target}', which no file defines{hint}")


def _circles(items: list[Parsed]) -> Iterator[Problem]:
    above: dict[tuple[str, str], tuple[str, ...]] = {}
    for item in items:
        if isinstance(item.record, Therapy | Condition | Outcome):
            above[item.record.label, item.record.id] = item.record.broader
    for item in items:
        label, start = item.record.label, item.record.id
        trail, reached = [(label, start)], set[str]()
        while trail:
            for parent in above.get(trail.pop(), ()):
                if parent not in reached:
                    reached.add(parent)
                    trail.append((label, parent))
        if start in reached:
            yield Problem(item.where, f"{label} {start} is broader than itself; cut the circle in 'broader'")


def _rings(items: list[Parsed]) -> Iterator[Problem]:
    replaced = _replaced(items)
    for item in items:
        label, start = item.record.label, item.record.id
        if start == _end(label, start, replaced) and (label, start) in replaced:
            yield Problem(item.where, f"{label} {start} leads round in a ring; cut it in 'replaced_by'")


def _replaced(items: list[Parsed]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for item in items:
        if isinstance(item.record, Therapy | Condition) and item.record.replaced_by is not None:
            found[item.record.label, item.record.id] = item.record.replaced_by
    return found


def _end(label: str, start: str, replaced: dict[tuple[str, str], str]) -> str:
    """What stands in the place of an entry; of the members of a ring each one itself."""
    at, passed = start, set[str]()
    while (label, at) in replaced and at not in passed:
        passed.add(at)
        at = replaced[label, at]
    return start if at in passed else at


def _names(record: Record) -> Iterator[str]:
    if isinstance(record, Therapy | Condition | Outcome | Comparator | Marker):
        yield from (record.id, record.name, *record.synonyms)
    if isinstance(record, Therapy | Condition | Marker):
        yield from record.abbreviations
    if isinstance(record, Therapy | Condition | Outcome | Comparator):
        for label in record.labels:
            yield from (label.name, *label.synonyms)


def _homonyms(items: list[Parsed]) -> Iterator[Problem]:
    owners: dict[tuple[str, str], Parsed] = {}
    replaced = _replaced(items)
    for item in items:
        label, identifier = item.record.label, item.record.id
        for name in _names(item.record):
            owner = owners.setdefault((label, fold(name)), item)
            if _end(label, owner.record.id, replaced) != _end(label, identifier, replaced):
                message = (
                    f"{label} {identifier}: the name '{name}' belongs to {owner.record.id} ({owner.where}) as well; "
                    "keep it in one of the two, or in neither where it is ambiguous"
                )
                yield Problem(item.where, message)
