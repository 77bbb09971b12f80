"""Why an answer changed between two releases: the records that came, went or were edited, in words. Pure."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kb.evidence.certainty import WITHDRAWN_INSIDE
from kb.evidence.evidence import Kind, Vocabulary
from kb.questions.moves import Moves
from kb.questions.replacements import replacements
from schema.citation import Citation
from schema.condition import Condition
from schema.finding import Finding
from schema.record import Part, Record
from schema.release import Release
from schema.study import Study
from schema.summary import Judged, Line, Summary
from schema.terms import CertaintyReason, ChangeReason, RetractionState
from schema.therapy import Therapy

#: Reasons told of one answer; the others are counted.
TOLD = 100

#: What the line of a result tells of its effect.
IN_RESULT = frozenset({"measure", "estimate", "ci_low", "ci_high"})

CONCERN = RetractionState.EXPRESSION_OF_CONCERN


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its kind, the record it is about (label and id; None for the rules), and what happened in words."""

    kind: ChangeReason
    label: str | None
    record: str | None
    what: str


@dataclass(frozen=True, slots=True)
class State:
    """What one release held of the records that may be reasons: by label and id. ``release``: None before the first."""

    records: Mapping[tuple[str, str], Record]
    vocabulary: Vocabulary
    release: Release | None


def reasons(old: Summary | None, new: Summary | None, before: State, after: State) -> list[Reason]:
    """Return why the answer ``old`` became ``new``, what weighs most first. One of the two may be missing."""
    found = [*_replacements(old or new, before, after), *_citations(old, new, before, after)]
    for label, joined, changed, left in (
        ("Study", ChangeReason.STUDY_JOINED, ChangeReason.STUDY_CHANGED, ChangeReason.STUDY_LEFT),
        ("Finding", ChangeReason.FINDING_JOINED, ChangeReason.FINDING_CHANGED, ChangeReason.FINDING_LEFT),
    ):
        then, now = rests_on(old, label), rests_on(new, label)
        found += [Reason(joined, label, id, _named(after, label, id)) for id in now if id not in set(then)]
        found += [Reason(left, label, id, _gone(before, after, label, id)) for id in then if id not in set(now)]
        for id in now:
            was, is_ = before.records.get((label, id)), after.records.get((label, id))
            if id in set(then) and was is not None and is_ is not None and was != is_:
                found.append(Reason(changed, label, id, _edited(was, is_)))
    if old is not None and new is not None:
        found += [*_judgements(old, new), *_inside_reviews(old, new)]
        found += _vocabulary(old, new, before, after)
    rules = _rules(before, after)
    if rules is not None and old is not None and new is not None:
        found.append(rules)
    if not found:
        differ = _differing(old, new) if old is not None and new is not None else []
        found.append(Reason(ChangeReason.OTHER, None, None, f"What differs in the answer: {', '.join(differ)}."))
    return list(dict.fromkeys(found))


def only_wording(old: Summary | None, new: Summary | None, found: Iterable[Reason]) -> bool:
    """Return whether the evidence and what it says are the same, and only the words differ."""
    if old is None or new is None or any(one.kind is not ChangeReason.RULES_CHANGED for one in found):
        return False
    return _said(old) == _said(new)


def rests_on(summary: Summary | None, label: str) -> tuple[str, ...]:
    """Return the ids of the records of one label that an answer rests on."""
    if summary is None:
        return ()
    if label == "Study":
        return tuple(dict.fromkeys(summary.studies + summary.retracted_studies))
    return summary.findings if label == "Finding" else summary.citations


def _said(summary: Summary) -> tuple[object, ...]:
    lines = [
        (
            *_line(line),
            line.direction,
            line.certainty,
            line.studies,
            line.participants,
            line.effect,
            line.pooled and (line.pooled.k, line.pooled.estimate, line.pooled.ci_low, line.pooled.ci_high),
            line.absolute and (line.absolute.with_comparator, line.absolute.with_therapy, line.absolute.nnt),
            [(step.reason, step.levels) for step in line.steps],
        )
        for line in summary.lines
    ]
    people = summary.participant_count, summary.harm_differences
    return summary.direction, summary.certainty, summary.studies, summary.turning_studies, people, lines


def _replacements(summary: Summary | None, before: State, after: State) -> Iterator[Reason]:
    """What was merged into the therapy or the condition of an answer, or they into another one."""
    about: dict[Kind, str] = {} if summary is None else {"Therapy": summary.therapy, "Condition": summary.condition}
    for label, id in about.items():
        for one in replacements(label, id, before.vocabulary, after.vocabulary):
            yield Reason(ChangeReason.VOCABULARY_CHANGED, label, one.id, one.what)


def _citations(old: Summary | None, new: Summary | None, before: State, after: State) -> Iterator[Reason]:
    for id in dict.fromkeys(rests_on(old, "Citation") + rests_on(new, "Citation")):
        was, is_ = before.records.get(("Citation", id)), after.records.get(("Citation", id))
        if not isinstance(was, Citation) or not isinstance(is_, Citation) or was.retraction == is_.retraction:
            continue
        state = is_.retraction.state
        if is_.retracted and not was.retracted:
            kind = ChangeReason.CITATION_RETRACTED
        elif was.retracted and not is_.retracted:
            kind = ChangeReason.CITATION_REINSTATED
        elif state is CONCERN and was.retraction.state is not CONCERN:
            kind = ChangeReason.CITATION_CONCERN
        else:
            kind = ChangeReason.CITATION_NOTICE
        notice = is_.retraction.notice_doi or is_.retraction.notice_pmid
        said = [_words(state.value), is_.retraction.date, is_.retraction.reason, notice and f"notice {notice}"]
        name = is_.title or id
        yield Reason(kind, "Citation", id, f"{name} ({id}): {', '.join(part for part in said if part)}")


def _judgements(old: Summary, new: Summary) -> Iterator[Reason]:
    """What reviewers judged of the lines that both answers have, in the order of the newer one."""
    then = {_line(line): line for line in old.lines}
    for line in new.lines:
        was = {one.reason: one for one in then[_line(line)].judgements} if _line(line) in then else {}
        is_ = {one.reason: one for one in line.judgements}
        for reason in dict.fromkeys((*is_, *was)):
            before, after = was.get(reason), is_.get(reason)
            if before == after:
                continue
            where = f"{_words(line.domain.value)}, {_words(line.comparator.value)}, {_words(line.window.value)}"
            if before is None and after is not None:
                yield Reason(ChangeReason.JUDGEMENT_JOINED, None, None, f"{where}: {_judged(after)}")
            elif after is None and before is not None:
                yield Reason(ChangeReason.JUDGEMENT_LEFT, None, None, f"{where}: {_judged(before)}")
            elif before is not None and after is not None:
                changed = f"{where}: {_judged(before)} → {_judged(after)}"
                yield Reason(ChangeReason.JUDGEMENT_CHANGED, None, None, changed)


def _line(line: Line) -> tuple[object, ...]:
    return line.domain, line.outcome, line.responders, line.comparator, line.window, line.predicts


def _judged(one: Judged) -> str:
    what = "confirmed" if one.reason is None else f"{_words(one.reason.value)} {one.levels:+d}"
    who = f"{one.who} (clinician)" if one.clinician else one.who
    return f"{what}, {who}, {one.when}: {one.why}"


def _inside_reviews(old: Summary, new: Summary) -> Iterator[Reason]:
    """Retractions of trials that the answer holds only inside a review: the steps of the certainty name them."""
    then, now = _withdrawn(old), _withdrawn(new)
    kind = ChangeReason.INCLUDED_TRIAL_RETRACTED
    yield from (Reason(kind, None, None, figure) for figure in now if figure not in then)
    yield from (Reason(kind, None, None, f"no longer: {figure}") for figure in then if figure not in now)


def _withdrawn(summary: Summary) -> list[str]:
    figures = [
        step.figure
        for line in summary.lines
        for step in line.steps
        if step.reason is CertaintyReason.RISK_OF_BIAS and step.figure.startswith(WITHDRAWN_INSIDE)
    ]
    return list(dict.fromkeys(figures))


def _vocabulary(old: Summary, new: Summary, before: State, after: State) -> Iterator[Reason]:
    kind = ChangeReason.VOCABULARY_CHANGED
    then, now = before.vocabulary, after.vocabulary
    moves = Moves(then, now)
    places: tuple[tuple[Kind, str, tuple[str, ...]], ...] = (
        ("Therapy", old.therapy, old.therapies_included + new.therapies_included),
        ("Condition", old.condition, old.conditions_included + new.conditions_included),
    )
    for label, top, included in places:
        below_then, below_now = then.tree(label).narrower(top), now.tree(label).narrower(top)
        for id in dict.fromkeys(included):
            if merged := [one for one in replacements(label, id, then, now) if one.id == id]:
                yield from (Reason(kind, label, id, one.what) for one in merged)
            elif (id in below_then) != (id in below_now):
                counts = "counts" if id in below_now else "no longer counts"
                what = f"{now.name_of(label, id)} {counts} as {now.name_of(label, top)}"
                yield Reason(kind, label, id, what)
        moved = moves.under(label, top, included)
        yield from (Reason(kind, label, one.id, one.what) for one in moved)
        for id in dict.fromkeys((top, *included)):
            yield from _edited_entry(label, id, before, after, {one.id for one in moved})
    spoken = {("Outcome", line.outcome) for line in old.lines + new.lines if line.outcome is not None}
    for id in dict.fromkeys(old.findings + new.findings):
        finding = after.records.get(("Finding", id))
        if isinstance(finding, Finding):
            spoken |= {("Outcome", each) for each in finding.outcomes}
            spoken |= {("Comparator", each) for each in finding.comparators}
            spoken |= {("Instrument", finding.instrument)} if finding.instrument else set()
    for id in dict.fromkeys(old.studies + new.studies):
        study = after.records.get(("Study", id))
        if isinstance(study, Study):
            spoken |= {("Outcome", harm.outcome) for harm in study.harms if harm.outcome}
    for label, id in sorted(spoken):
        yield from _edited_entry(label, id, before, after)


def entries(vocabulary: Vocabulary) -> dict[tuple[str, str], Record]:
    """Return all entries of a vocabulary by label and id."""
    found: dict[tuple[str, str], Record] = {
        (label, id): one for label, kind in vocabulary.by_label.items() for id, one in kind.items()
    }
    return found | {**vocabulary.replaced.entries}


def _edited_entry(
    label: str, id: str, before: State, after: State, moved: Container[str] = frozenset()
) -> Iterator[Reason]:
    """What differs in an entry, but for what was told of it already: that it was merged, or that it moved."""
    was, is_ = before.vocabulary.named(label, id), after.vocabulary.named(label, id)
    if (label, id) in before.vocabulary.replaced.entries.keys() ^ after.vocabulary.replaced.entries.keys():
        return
    if id in moved and isinstance(was, Therapy | Condition) and isinstance(is_, Therapy | Condition):
        was = was.model_copy(update={"broader": is_.broader})
    if was is not None and is_ is not None and was != is_:
        yield Reason(ChangeReason.VOCABULARY_CHANGED, label, id, _edited(was, is_))


def _rules(before: State, after: State) -> Reason | None:
    then = before.release.rules if before.release else None
    now = after.release.rules if after.release else None
    if before.release is None or then == now:
        return None
    return Reason(
        ChangeReason.RULES_CHANGED, None, None, f"The rules or wordings changed: version {then or 'unknown'} → {now}"
    )


def _gone(before: State, after: State, label: str, id: str) -> str:
    now = after.records.get((label, id))
    if isinstance(now, Finding) and now.withdrawn:
        return _named(before, label, id) + ": was withdrawn, its source holds it no longer"
    return _named(before, label, id) + (": is about something else now, or under it no longer" if now else "")


def _named(state: State, label: str, id: str) -> str:
    record = state.records.get((label, id))
    if isinstance(record, Study):
        return f"{record.name} ({id})"
    if isinstance(record, Finding):
        parts = [record.study, record.outcome_as_printed, record.timepoint, _result(record)]
        return ", ".join(part for part in parts if part)
    return id


def _edited(was: Record, is_: Record) -> str:
    if isinstance(was, Finding) and isinstance(is_, Finding):
        arms = list(_arms(was, is_))
        told = ("effect", "favours", "direction", *(["arms"] if arms else []))
        fields = [one for one in _differing(was, is_) if one not in told]
        what = ", ".join(part for part in (is_.study, is_.outcome_as_printed, is_.timepoint) if part)
        then, now = _result(was), _result(is_)
        said = [f"{then} → {now}"] if then != now else []
        return f"{what}: {'; '.join([*said, *_sides(was, is_), *arms, *fields])}"
    name = getattr(is_, "name", None) or getattr(is_, "title", None) or is_.id
    return f"{name} ({is_.id}): {', '.join(_differing(was, is_))}"


def _sides(was: Finding, is_: Finding) -> Iterator[str]:
    """Which arm it favours, and what a result's line leaves out of its effect, before → after."""
    if was.favours is not is_.favours:
        then, now = (_words(one or "not reported") for one in (was.favours, is_.favours))
        yield f"favours {then} → {now}"
    if was.effect is None or is_.effect is None:
        return
    yield from _fields(was.effect, is_.effect, IN_RESULT)


def _arms(was: Finding, is_: Finding) -> Iterator[str]:
    """What differs in the numbers of the arms, by their names; nothing where the two have other arms."""
    if [one.name for one in was.arms] != [one.name for one in is_.arms]:
        return
    for then, now in zip(was.arms, is_.arms, strict=True):
        if numbers := list(_fields(then, now)):
            yield f"{now.name}: {', '.join(numbers)}"


def _fields(was: Part, is_: Part, besides: Collection[str] = ()) -> Iterator[str]:
    """The fields of a part that differ, before → after."""
    for name in type(is_).model_fields:
        then, now = getattr(was, name), getattr(is_, name)
        if name not in besides and then != now:
            yield f"{_words(name)} {_value(then)} → {_value(now)}"


def _value(value: object) -> str:
    if value is None:
        return "not reported"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _result(finding: Finding) -> str:
    effect = finding.effect
    if effect is None:
        return _words(finding.direction.value)
    estimate, low, high = map(_value, (effect.estimate, effect.ci_low, effect.ci_high))
    # A test of non-inferiority prints one end alone.
    interval = "" if effect.ci_low is None and effect.ci_high is None else f" ({low} to {high})"
    measure = effect.measure or effect.measure_as_printed or "effect"
    return f"{measure} {estimate}{interval}, {_words(finding.direction.value)}"


def _differing(was: Record, is_: Record) -> list[str]:
    own = ("id", "first", "until") if isinstance(was, Summary) else ("id",)
    names = (name for name in type(was).model_fields if name not in own)
    return [_words(name) for name in names if getattr(was, name) != getattr(is_, name)]


def _words(term: str) -> str:
    return term.replace("_", " ").lower()
