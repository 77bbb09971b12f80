"""Merging what two sources say of one record, field by field.

The written ranking: for a citation, PubMed goes before the curated seeds, because it is the index of record for
bibliography, links and retractions; reference files (RIS, BibTeX, tables …) come last, because nobody answers for
them. What only one source says is kept from that one. A field belongs to the source it came from, or to a higher one
that says the same: that source may change or clear it; another one of the same or a lower rank only fills what is
empty. The seeds are one source, whatever the file; every other file is a source by its name, so that loading a
corrected file again corrects, and two exports of one paper do not overwrite each other in turn. Whether a list of
authors is complete belongs to that list; a complete one goes before an incomplete one of its rank. An article may be
told more exactly by any source; what was not read as any kind of publication (OTHER) is filled by whatever has no
lower rank. Files from PubMed speak with one voice: of two records the one that PubMed revised later stands whole,
whichever is loaded last, and one that names no day of revision is the older. A retraction is never weakened by another
source that does not know of it; a reinstatement takes back what is known to be before it, and nothing else. What ``kb
retractions`` marks is judged by all notices, what the graph says included: it stands before every other source.

What a check against the bibliographic sources found (kb/verification) goes before what any source says of its own
verification. CPIC goes before the seeds for the levels of its own pairs, an ontology before a set of mappings for its
own terms; a registry, a vocabulary and CPIC are one source each, as the seeds are. The mappings that one set gives of a
term replace those that it gave before, and leave the ones of other sets.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from kb.ingest.existing import Existing
from schema.citation import Author, Citation, Retraction
from schema.ontology_term import OntologyTerm, TermMapping
from schema.record import Record
from schema.terms import CitationType, RetractionState

#: Higher goes first. A format that is not named ranks 1.
RANKS = {
    "verification": 4,
    "pubmed": 3,
    "cpic": 3,
    "seeds": 2,
    "clinicaltrials": 1,
    "obo": 1,
    "mesh": 1,
    "sssom": 0,
    "retraction-watch": 0,
    "retraction-links": 0,
}

#: Formats of which every file is a source of its own, though they rank: their records say when they were revised.
BY_FILE = frozenset({"pubmed"})

#: Sources that say what became of a citation, and nothing else of it.
MARKS = frozenset({"retraction-watch", "retraction-links"})

#: Ends the name of a source that comes with a second record of the same thing in one load; a number follows from the
#: third on, each a source of its own: what one of them gave no other of them may change.
AGAIN = "#again"
_AGAIN = re.compile(rf"{AGAIN}\d*$")

#: How grave a state is: the graver one stands until its own source takes it back.
GRAVITY = {
    RetractionState.NONE_FOUND: 0,
    RetractionState.REINSTATED: 1,
    RetractionState.CORRECTED: 1,
    RetractionState.EXPRESSION_OF_CONCERN: 2,
    RetractionState.RETRACTED: 3,
    RetractionState.REMOVED: 3,
}


class _Authors(NamedTuple):
    """The authors of a citation, and whether they are all: one source says both."""

    authors: tuple[Author, ...]
    authors_complete: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """A record made of several sources, and which source gave each field that is not the main source's."""

    record: Record
    source: str
    field_sources: dict[str, str]

    def changes(self, before: Existing, content_hash: str) -> bool:
        """Return whether the graph's record becomes another one; ``content_hash``: this record's."""
        return content_hash != before.content_hash or self.field_sources != before.field_sources


def merge(existing: Existing, incoming: Record, source: str, field_sources: Mapping[str, str] | None = None) -> Merged:
    """Merge an incoming record of ``source`` (:func:`source_of`) into what the graph holds, keeping the graph's id.

    ``field_sources``: the sources of its fields that are not from ``source``.
    """
    incoming = _with_other_mappings(existing.record, incoming)
    given = field_sources or {}
    owners = {existing.source, *existing.field_sources.values()}
    if incoming == existing.record and max(map(_rank, (source, *given.values()))) <= min(map(_rank, owners)):
        return Merged(incoming, existing.source, existing.field_sources)
    age = age_of(existing, incoming, source)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, info in type(incoming).model_fields.items():
        if name in ("id", "authors_complete"):
            continue
        old, new = _said(existing.record, name), _said(incoming, name)
        owner, giver = existing.source_of(name), given.get(name, source)
        # A field that must be given may still be given as unknown, such as a title.
        empty = None if info.is_required() else info.get_default(call_default_factory=True)
        if isinstance(new, _Authors):
            empty = _Authors((), new.authors_complete)
        since = age if giver == source and voice(owner) == voice(source) else Age.UNKNOWN
        # What is gone from the later revision is not filled in from an earlier one.
        silent = giver == source and age is Age.OLDER
        taken = new if not silent and _takes(old, new, empty, owner, giver, since) else old
        values |= _fields(name, taken)
        gives = new != old or since is Age.NEWER or (new != empty and _confirms(new, owner, giver))
        if gives and taken == new and not silent:
            owner = giver
        sources |= dict.fromkeys(_fields(name, taken), owner)
    record = type(incoming).model_validate({"id": existing.record.id, **values})
    others = {name: owner for name, owner in sources.items() if owner != existing.source}
    return Merged(record, existing.source, others)


def _said(record: Record, name: str) -> Any:
    if name == "authors" and isinstance(record, Citation):
        return _Authors(record.authors, record.authors_complete)
    return getattr(record, name)


def _fields(name: str, said: Any) -> dict[str, Any]:
    return said._asdict() if isinstance(said, _Authors) else {name: said}


class Age(Enum):
    """How an incoming record stands to what its own voice gave before."""

    #: Neither is known to be the later one.
    UNKNOWN = 0
    OLDER = 1
    NEWER = 2


def age_of(existing: Existing, incoming: Record, source: str) -> Age:
    """Say whether a record of ``source`` (:func:`source_of`) was revised before or after what the graph holds."""
    old, new = getattr(existing.record, "revised", None), getattr(incoming, "revised", None)
    giver = existing.source_of("revised")
    if new == old or (old and voice(giver) != voice(source)):
        return Age.UNKNOWN
    if not new:
        return Age.UNKNOWN if giver == source else Age.OLDER
    return Age.NEWER if not old or new > old else Age.OLDER


def _takes(old: Any, new: Any, empty: Any, owner: str, source: str, age: Age) -> bool:
    """Whether the incoming value replaces the one that is there. ``age``: unknown where another voice gave that one."""
    corrects = owner == source or age is Age.NEWER
    if isinstance(old, Retraction) and isinstance(new, Retraction) and (not corrects or source in MARKS):
        return source in MARKS or _outweighs(new, old)
    if corrects:
        # Of two records of one source none says that the other's is not so.
        return new != empty or not _AGAIN.search(source)
    above = _rank(source) - _rank(owner)
    match old, new:
        case (_Authors(), _Authors()) if old.authors and new.authors:
            return above > 0 or (above == 0 and new.authors_complete and not old.authors_complete)
        case (_Authors(), _Authors()):
            return bool(new.authors)
        case (CitationType.OTHER, _) if above >= 0:
            return new is not old
        case (_, CitationType.OTHER):
            return above > 0
        case _:
            return new != empty and (old == empty or above > 0)


def _confirms(value: Any, owner: str, giver: str) -> bool:
    """Whether a value belongs from now on to a source that gives it too, because that goes before its owner."""
    if isinstance(value, Retraction) and owner in MARKS:
        return False
    return _rank(giver) > _rank(owner)


def _outweighs(new: Retraction, old: Retraction) -> bool:
    """Whether what another source says of a citation stands before what is known."""
    if old.state is RetractionState.REINSTATED and _before(new, old):
        return False
    if new.state is RetractionState.REINSTATED and _before(old, new):
        return True
    return GRAVITY[new.state] > GRAVITY[old.state]


def _before(one: Retraction, other: Retraction) -> bool:
    """Whether one is known to be before the other; dates are written year first, as far as they are known."""
    return bool(one.date and other.date and one.date < other.date[: len(one.date)])


def _with_other_mappings(known: Record, incoming: Record) -> Record:
    if not isinstance(known, OntologyTerm) or not isinstance(incoming, OntologyTerm):
        return incoming
    sets = {one.mapping_set for one in incoming.mappings}
    others = (one for one in known.mappings if one.mapping_set not in sets)
    mappings = sorted((*others, *incoming.mappings), key=TermMapping.order)
    return incoming.model_copy(update={"mappings": tuple(mappings)})


def source_of(form: str, name: str) -> str:
    """Return the source that the fields of a file belong to: the format, or the format and the file's name."""
    return form if form in RANKS and form not in BY_FILE else f"{form}:{name}"


def voice(source: str) -> str:
    """Return who speaks in a source: the format where it ranks, whatever the file, else the file."""
    form = source.partition(":")[0]
    return form if form in RANKS and not _AGAIN.search(source) else source


def further(source: str, heard: int) -> str:
    """Return the source of one more record of the same thing, after ``heard`` of them in one load."""
    return f"{source}{AGAIN}{heard + 1 if heard > 1 else ''}"


def beside(source: str, kept: str) -> str:
    """Return the source of a record that was merged into a citation of ``kept``: of one voice, the kept one stands."""
    return f"{source}{AGAIN}" if voice(source) == voice(kept) else source


def _rank(source: str) -> int:
    return RANKS.get(_AGAIN.sub("", source.partition(":")[0]), 1)
