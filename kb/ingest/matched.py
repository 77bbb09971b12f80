"""Citations of a load that are one beyond their identifiers, and what is kept so that a wrong match can be split."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from kb.ingest.content import Content
from kb.ingest.existing import Existing, read_candidates, read_pairs
from kb.ingest.merge import Merged, merge
from kb.matching import Absorbed, Candidate, Facts, Grouping, group
from kb.questions.merged import read_merged_into
from kb.store import Reads
from schema.citation import Citation
from schema.merged_citation import MergedCitation, Moved, Replaced
from schema.possible_duplicate import PossibleDuplicate, duplicate_id
from schema.record import DRAFT, Record
from schema.records import IDENTIFIERS
from schema.terms import DuplicateState


@dataclass(frozen=True, slots=True)
class Arrival:
    """A citation that comes in, and the one that it is by its identifiers (its own id where it is new)."""

    place: int
    record: Citation
    citation: str
    content: Content

    @property
    def facts(self) -> Facts:
        """What it is compared by."""
        assert self.content.facts is not None
        return self.content.facts


async def match(
    store: Reads, arrivals: Sequence[Arrival], existing: Mapping[str, Existing]
) -> tuple[Grouping, dict[str, PossibleDuplicate]]:
    """Match citations beyond identifiers, with each other and with the graph; return the known pairs too.

    Costs with the arrivals: the graph is asked for their match keys only.
    """
    here = {one.citation: one for one in arrivals}
    held = {id_: one for id_, one in existing.items() if id_ in here}
    found = await read_candidates(store, (one.content.match_keys for one in arrivals), held)
    candidates = [Candidate(one.citation, one.facts, one.content.match_keys, known=False) for one in arrivals]
    candidates += [Candidate.of(id_, Facts.of(record), known=True) for id_, record in found.items()]
    for id_, one in held.items():
        assert isinstance(one.record, Citation)
        # What is loaded again is compared by what was read of it just now.
        same = one.content_hash == here[id_].content.hash
        candidates.append(Candidate.of(id_, here[id_].facts if same else Facts.of(one.record), known=True))
        found[id_] = one.record
    absorbed = await _absorbed(store, found)
    grouping = group(candidates, absorbed=absorbed)
    involved = {id_ for pair in grouping.unsure for id_ in (pair.one, pair.other)}
    involved |= grouping.joined.keys() | set(grouping.joined.values())
    if not involved:
        return grouping, {}
    pairs = await read_pairs(store, involved)
    apart = {id_ for id_, pair in pairs.items() if pair.state is DuplicateState.DIFFERENT}
    return group(candidates, lambda one, other: duplicate_id(one, other) in apart, absorbed), pairs


async def _absorbed(store: Reads, found: Mapping[str, Citation]) -> list[Absorbed]:
    """Return the records without identifiers that became part of citations of the graph.

    A citation that came without an identifier counts as such a record: what gave it one was merged into it.
    """
    made: list[Absorbed] = []
    for one in await read_merged_into(store, found):
        record = Citation.model_validate_json(one.content)
        if not any(getattr(record, name) for name in IDENTIFIERS):
            made.append(Absorbed(one.id, one.into, Facts.of(record)))
        elif one.into.startswith("local:"):
            before = {field.field: orjson.loads(field.before) for field in one.replaced}
            kept = Citation.model_validate(found[one.into].model_dump(mode="json") | before)
            made.append(Absorbed(one.into, one.into, Facts.of(kept)))
    return made


def absorb(
    earlier: MergedCitation | None, base: Existing, record: Citation, source: str, merged: Merged, told: dict[str, str]
) -> MergedCitation:
    """Return what is kept of a record that was merged into ``base`` and made ``merged`` of it.

    ``earlier``: what is kept of it already. ``told``: its id, the reason, when and who.
    """
    sources: dict[str, str] = {}
    if earlier is not None:
        kept = merge(restored(earlier), record, source)
        content, source, sources = kept.record, kept.source, kept.field_sources
        assert isinstance(content, Citation)
        told = {"id": earlier.id, "reason": earlier.reason, "merged": earlier.merged, "who": earlier.who}
    else:
        content = record.model_copy(update={"id": told["id"]})
    before = {one.field: one for one in earlier.replaced} if earlier else {}
    return MergedCitation(
        **told,
        into=base.record.id,
        pmid=content.pmid,
        doi=content.doi,
        pmcid=content.pmcid,
        content=content.model_dump_json(exclude_defaults=True),
        source=source,
        field_sources=orjson.dumps(sources, option=orjson.OPT_SORT_KEYS).decode(),
        first_release=earlier.first_release if earlier else DRAFT,
        load_run=earlier.load_run if earlier else None,
        replaced=tuple(replaced(base, merged, before)),
        moved=earlier.moved if earlier else (),
    )


def with_identifiers_of(kept: Record, record: Citation) -> Citation:
    """Return a merged record with the identifiers that its citation has; its own ones lead there (MergedCitation)."""
    differing = {
        name: value
        for name in IDENTIFIERS
        if (value := getattr(kept, name)) and getattr(record, name) not in (None, value)
    }
    return record.model_copy(update=differing) if differing else record


def restored(merged: MergedCitation) -> Existing:
    """Return a merged citation as it would stand in the graph."""
    record = Citation.model_validate_json(merged.content)
    return Existing(
        record=record,
        content_hash=record.content_hash(),
        since=DRAFT,
        first_release=merged.first_release,
        load_run=merged.load_run or "",
        source=merged.source,
        field_sources=orjson.loads(merged.field_sources),
    )


def replaced(base: Existing, after: Merged, known: Mapping[str, Replaced]) -> Iterable[Replaced]:
    """Yield the fields that a merge changed, or gave to another source, as they were before the first of several."""
    old, new = base.record.model_dump(mode="json"), after.record.model_dump(mode="json")
    for name in old:
        first = known.get(name)
        if old[name] != new[name] or base.source_of(name) != after.field_sources.get(name, after.source):
            yield Replaced(
                field=name,
                before=first.before if first else orjson.dumps(old[name]).decode(),
                source=first.source if first else base.source_of(name),
                after=orjson.dumps(new[name]).decode(),
            )
        elif first:
            yield first


def moved(merged: MergedCitation, old: Record, new: Record) -> MergedCitation:
    """Note that a record which named the merged citation is pointed at the kept one."""
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    changed: list[str] = [name for name in before if before[name] != after[name]]
    entry = Moved(record_label=new.label, record_id=new.id, before=_of(before, changed), after=_of(after, changed))
    others = tuple(one for one in merged.moved if (one.record_label, one.record_id) != (new.label, new.id))
    return merged.model_copy(update={"moved": (*others, entry)})


def _of(dump: dict[str, Any], names: Iterable[str]) -> str:
    return orjson.dumps({name: dump[name] for name in names}).decode()
