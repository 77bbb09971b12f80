"""Settle a possible duplicate: merge the two, keep them apart, or split what was wrongly merged.

Each is one transaction that leaves a note of who decided and when. The changes wait for the next release like any
other; earlier releases stay exactly as they were.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from kb.duplicates.rewriting import Rewriting, records_naming
from kb.errors import NotFound, UsageError
from kb.ingest.apply import merges_unchanged
from kb.ingest.existing import Existing, read_existing, read_pairs
from kb.ingest.matched import moved, replaced, restored, with_identifiers_of
from kb.ingest.merge import Merged, beside, merge
from kb.ingest.references import citations_named, rename
from kb.questions.merged import follow, read_merged, read_merged_into
from kb.store import Store
from schema.citation import Citation
from schema.merged_citation import MergedCitation, Moved
from schema.possible_duplicate import PossibleDuplicate, duplicate_id
from schema.record import Record
from schema.records import IDENTIFIERS
from schema.terms import DuplicateState

BY_HAND = "a person decided"


async def merge_two(store: Store, kept_id: str, lost_id: str, *, who: str) -> MergedCitation:
    """Merge the second citation into the first: fields by the ranking of sources, references to the first.

    Both ids lead to the first one from then on. Raises NotFound, UsageError when they are one already, and StoreBusy.
    """
    kept, lost = await _two(store, kept_id, lost_id)
    rewriting = Rewriting(store, f"kb duplicates --merge {kept.record.id} {lost.record.id}", who)
    assert isinstance(lost.record, Citation)
    merged = _taken_in(kept, lost.record, lost)
    note = MergedCitation(
        id=lost.record.id,
        into=kept.record.id,
        **{name: getattr(lost.record, name) for name in IDENTIFIERS},
        content=lost.record.model_dump_json(exclude_defaults=True),
        source=lost.source,
        field_sources=orjson.dumps(lost.field_sources).decode(),
        first_release=lost.first_release,
        load_run=lost.load_run,
        reason=BY_HAND,
        merged=rewriting.at,
        who=who,
        replaced=tuple(replaced(kept, merged, {})),
    )
    naming = await records_naming(store, lost.record.id)
    for one in naming:
        renamed = rename(one.record, {lost.record.id: kept.record.id})
        note = moved(note, one.record, renamed)
        rewriting.change(one, renamed, one.field_sources)
    rewriting.drop(lost, len(naming))
    # Also where it says nothing new: the release that ends the lost one must hold the kept one.
    rewriting.change(kept, merged.record, merged.field_sources)
    pairs = await read_pairs(store, [lost.record.id, kept.record.id])
    rewriting.make([note, *_inherited(pairs, lost.record.id, kept.record.id)])
    rewriting.make([await _decided(store, kept.record.id, lost.record.id, DuplicateState.SAME, rewriting)])
    await rewriting.write()
    return note


async def keep_apart(store: Store, one: str, other: str, *, who: str) -> PossibleDuplicate:
    """Remember that two citations are two papers. Raises NotFound, and UsageError when they were merged.

    What was decided so before stays, with who decided it and when.
    """
    first, second = await _two(store, one, other)
    for node in await store.nodes(PossibleDuplicate.label, [duplicate_id(first.record.id, second.record.id)]):
        if (before := PossibleDuplicate.from_properties(node)).state is DuplicateState.DIFFERENT:
            return before
    title = f"kb duplicates --keep-apart {first.record.id} {second.record.id}"
    rewriting = Rewriting(store, title, who)
    decided = await _decided(store, first.record.id, second.record.id, DuplicateState.DIFFERENT, rewriting)
    rewriting.make([decided])
    await rewriting.write()
    return decided


async def split(store: Store, id_: str, *, who: str) -> PossibleDuplicate:
    """Undo a merge: restore the citation that was merged and the one that was kept, and what named each.

    What was changed since by other sources stays. Returns the pair, remembered as DIFFERENT. Raises NotFound when
    nothing of that id was merged, and StoreBusy.
    """
    note = (await read_merged(store, [id_])).get(id_)
    if note is None:
        raise NotFound(id_, kind="No merged citation")
    into = (await follow(store, [note.into]))[note.into]
    kept = (await read_existing(store, Citation.label, [into])).get(into)
    if kept is None:
        raise NotFound(into, kind="No citation")
    rewriting = Rewriting(store, f"kb duplicates --split {id_}", who)
    others = [one for one in await read_merged_into(store, [into]) if one.id != id_]
    record, sources = _without(kept, note, others)
    lost = restored(note)
    if clash := [
        name for name in IDENTIFIERS if getattr(record, name) and getattr(record, name) == getattr(lost.record, name)
    ]:
        raise UsageError(
            f"Both would have the {clash[0].upper()} {getattr(record, clash[0])}.",
            "Correct the identifier in its source and load it again, then split.",
        )
    for one, back in await _moved_back(store, note, into):
        rewriting.change(one, back, one.field_sources)
    rewriting.provide(merges_unchanged([note]))
    rewriting.make([note.model_copy(update={"split": rewriting.at, "split_by": who})])
    rewriting.change(kept, record, sources)
    rewriting.create(lost, lost.record)
    decided = await _decided(store, into, id_, DuplicateState.DIFFERENT, rewriting)
    rewriting.make([decided])
    await rewriting.write()
    return decided


def _taken_in(kept: Existing, record: Citation, given: Existing) -> Merged:
    """The kept citation with what a merged one adds, by the ranking of sources."""
    sources = {name: beside(source, kept.source_of(name)) for name, source in given.field_sources.items()}
    return merge(kept, with_identifiers_of(kept.record, record), beside(given.source, kept.source), sources)


async def _two(store: Store, one: str, other: str) -> tuple[Existing, Existing]:
    """The two citations as they are now; an id of a merged one leads to what it was merged into."""
    leads = await follow(store, [one, other])
    if leads[one] == leads[other]:
        raise UsageError(f"{one} and {other} are one citation already.", f"Split them with --split {other}.")
    held = await read_existing(store, Citation.label, leads.values())
    for id_ in (one, other):
        if leads[id_] not in held:
            raise NotFound(id_, kind="No citation")
    return held[leads[one]], held[leads[other]]


async def _decided(
    store: Store, one: str, other: str, state: DuplicateState, rewriting: Rewriting
) -> PossibleDuplicate:
    """The pair with its decision; a pair that nobody was asked about comes about by it."""
    id_ = duplicate_id(one, other)
    nodes = await store.nodes(PossibleDuplicate.label, [id_])
    first, second = sorted((one, other))
    asked = (
        PossibleDuplicate.from_properties(nodes[0])
        if nodes
        else PossibleDuplicate(id=id_, one=first, other=second, reason=BY_HAND, found=rewriting.at)
    )
    return asked.model_copy(update={"state": state, "decided": rewriting.at, "decided_by": rewriting.who})


def _inherited(pairs: Mapping[str, PossibleDuplicate], lost: str, kept: str) -> list[PossibleDuplicate]:
    """What is open or decided of the lost citation and others holds for the kept one, unless that was decided too."""
    found: list[PossibleDuplicate] = []
    for pair in pairs.values():
        if lost not in (pair.one, pair.other) or pair.state is DuplicateState.SAME:
            continue
        third = pair.other if pair.one == lost else pair.one
        known = pairs.get(duplicate_id(kept, third))
        if third != kept and (known is None or known.state is DuplicateState.OPEN):
            one, other = sorted((kept, third))
            changed = {"id": duplicate_id(kept, third), "one": one, "other": other}
            found.append(pair.model_copy(update=changed))
    return found


def _without(kept: Existing, note: MergedCitation, others: Sequence[MergedCitation]) -> tuple[Citation, dict[str, str]]:
    """The kept citation without what the merged one gave it; what the other merged ones say is taken in again."""
    dump = kept.record.model_dump(mode="json")
    sources = dict(kept.field_sources)
    given = restored(note)
    for one in note.replaced:
        giver = beside(given.source_of(one.field), kept.source)
        if dump[one.field] == orjson.loads(one.after) or kept.source_of(one.field) == giver:
            dump[one.field] = orjson.loads(one.before)
            sources.pop(one.field, None)
            if one.source != kept.source:
                sources[one.field] = one.source
    bare = Citation.model_validate(dump)
    for one in others:
        again = restored(one)
        base = Existing(bare, "", kept.since, kept.first_release, kept.load_run, kept.source, sources)
        assert isinstance(again.record, Citation)
        joined = _taken_in(base, again.record, again)
        assert isinstance(joined.record, Citation)
        bare, sources = joined.record, joined.field_sources
    return bare, sources


async def _moved_back(store: Store, note: MergedCitation, into: str) -> list[tuple[Existing, Record]]:
    """The records that named the merged citation, naming it again."""
    found: list[tuple[Existing, Record]] = []
    by_label: dict[str, list[Moved]] = {}
    for one in note.moved:
        by_label.setdefault(one.record_label, []).append(one)
    for label, some in by_label.items():
        held = await read_existing(store, label, (one.record_id for one in some))
        for one in some:
            record = held.get(one.record_id)
            if record is not None and into in citations_named(record.record):
                found.append((record, _named_again(record.record, one, note.id, into)))
    return found


def _named_again(record: Record, move: Moved, lost: str, kept: str) -> Record:
    """A record as it was before the move; a field that was edited since names the lost citation where it must."""
    dump: dict[str, Any] = record.model_dump(mode="json")
    back: dict[str, Any] = {}
    befores, afters = orjson.loads(move.before), orjson.loads(move.after)
    for name, before in befores.items():
        if dump[name] == afters[name]:
            back[name] = before
        elif isinstance(before, str):
            back[name] = lost if dump[name] == kept else dump[name]
        else:
            both = kept in _texts(before)
            back[name] = [again for one in dump[name] for again in _again(one, lost, kept, both)]
    return type(record).model_validate(dump | back)


def _texts(values: Sequence[Any]) -> set[str]:
    return {one if isinstance(one, str) else str(one.get("citation")) for one in values}


def _again(value: Any, lost: str, kept: str, both: bool) -> list[Any]:
    if isinstance(value, str):
        return ([kept, lost] if both else [lost]) if value == kept else [value]
    # A harm or reading that was edited stays with the kept one where both had some: nobody knows whose it is.
    part: Mapping[str, Any] = value
    return [value if both or part.get("citation") != kept else {**part, "citation": lost}]
