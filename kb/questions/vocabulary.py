"""The vocabulary of one release: names that find things, near names, and the hierarchies.

A therapy or condition that is mapped to a term of a loaded ontology as the same (match EXACT) is found by that term's
name and its synonyms of scope EXACT too, unless the name is our own for something, or leads to two of ours. The names
of an entry that was merged into another one lead to that one.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from rapidfuzz import fuzz, process

from kb.errors import NotFound, UsageError
from kb.evidence.evidence import Kind, Named, Vocabulary
from kb.evidence.replaced import Replaced
from kb.evidence.rollup import Hierarchy
from kb.questions.held import Held, read_held, read_places
from kb.questions.records import read_records
from kb.store import Store
from schema.comparator import Comparator
from schema.condition import Condition
from schema.ids import fold
from schema.instrument import Instrument
from schema.ontology_term import OntologyTerm
from schema.outcome import Outcome
from schema.record import Record
from schema.terms import MappingMatch, SynonymScope
from schema.therapy import Therapy

R = TypeVar("R", bound=Record)

#: The labels of which a vocabulary is made.
VOCABULARY = frozenset({"Therapy", "Condition", "Outcome", "Comparator", "Instrument"})

#: How like a typed name must be to be offered (per cent), and how many are offered.
LIKENESS = 60
OFFERED = 5
NOT_FAR_BEHIND = 0.7


def names_of(record: Named) -> Iterator[str]:
    """Yield every name that finds the record: its id, name, abbreviations and synonyms, then those of its labels."""
    yield from _own_names(record)
    yield from _names_elsewhere(record)


def _own_names(record: Named) -> Iterator[str]:
    yield record.id
    yield record.name
    if not isinstance(record, Outcome):
        yield from record.abbreviations
    yield from record.synonyms


def _names_elsewhere(record: Named) -> Iterator[str]:
    for label in record.labels:
        yield label.name
        yield from label.synonyms


@dataclass(frozen=True)
class Catalogue:
    """A vocabulary with an index of its names."""

    vocabulary: Vocabulary
    #: Terms of ontologies that therapies and conditions are mapped to, by CURIE.
    terms: Mapping[str, OntologyTerm] = field(default_factory=dict[str, OntologyTerm])

    def _replaced_by(self, kind: Kind, id: str) -> list[Named]:
        """The entries that were merged into this one."""
        replaced = self.vocabulary.replaced
        return [replaced.entries[kind, old] for old in replaced.merged_into(kind, id)]

    def _folded(self, kind: Kind, record: Named) -> Iterator[str]:
        return (fold(name) for one in (record, *self._replaced_by(kind, record.id)) for name in names_of(one))

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        kinds: tuple[Kind, ...] = ("Therapy", "Condition", "Outcome")
        found: dict[str, dict[str, str]] = {}
        for kind in kinds:
            index = found[kind] = {}
            records = [(record.id, record) for record in self.vocabulary.of(kind).values()]
            # The names of an entry lead to the one that took its place.
            records += [(id, record) for id, _ in records for record in self._replaced_by(kind, id)]
            # A name in another language may be an English one of something else, which it never hides.
            for names in (_own_names, _names_elsewhere):
                for id, record in records:
                    for name in names(record):
                        index.setdefault(fold(name), id)
            outside: dict[str, set[str]] = {}
            for id, record in records:
                for name in self._names_of_terms(record):
                    outside.setdefault(fold(name), set()).add(id)
            for name, ids in outside.items():
                if name and len(ids) == 1:
                    index.setdefault(name, next(iter(ids)))
        return found

    def _names_of_terms(self, record: Named) -> Iterator[str]:
        """Yield the names that an ontology gives to the same thing."""
        for xref in () if isinstance(record, Outcome) else record.xrefs:
            term = self.terms.get(xref.curie)
            if xref.match is MappingMatch.EXACT and term is not None and not term.obsolete:
                yield term.name or ""
                yield from (one.text for one in term.synonyms if one.scope is SynonymScope.EXACT)

    def find(self, kind: Kind, text: str) -> Named | None:
        """Return the record that a name, synonym, abbreviation or id means, however it is spelled."""
        found = self._names[kind].get(fold(text))
        return None if found is None else self.vocabulary.of(kind)[found]

    def get(self, kind: Kind, text: str) -> Named:
        """Like :meth:`find`, but raise NotFound with the nearest names."""
        if not text.strip():
            raise UsageError(f"The name of the {kind.lower()} is empty.", "Give a name, a synonym or an id.")
        found = self.find(kind, text)
        if found is None:
            raise NotFound(text, self.nearest(kind, text), f"No {kind.lower()}")
        return found

    def below(self, kind: Kind, text: str) -> frozenset[str]:
        """Return the ids of what a name means and all below it, with those that were merged into them.

        Under the latter stand records that name them, and answers of earlier releases. Raises NotFound.
        """
        return self.vocabulary.replaced.held_as(kind, self.vocabulary.tree(kind).narrower(self.get(kind, text).id))

    def nearest(self, kind: Kind, text: str) -> list[str]:
        """Return the names of the records whose names come closest, best first."""
        index = self._names[kind]
        matches = process.extract(
            fold(text), index.keys(), scorer=fuzz.WRatio, limit=OFFERED * 4, score_cutoff=LIKENESS
        )
        # A near miss of the whole name counts more than a hit inside a long one, and leaves out what is far behind it.
        likeness = {name: fuzz.ratio(fold(text), name) for name, _, _ in matches}
        best = max(likeness.values(), default=0)
        ranked = sorted(matches, key=lambda match: (-likeness[match[0]], -match[1], match[0]))
        names = dict.fromkeys(
            self.vocabulary.of(kind)[index[name]].name
            for name, _, _ in ranked
            if likeness[name] >= NOT_FAR_BEHIND * best
        )
        return list(names)[:OFFERED]

    def search(self, kind: Kind, text: str) -> list[Named]:
        """Return the records with a name that holds the text; that of an entry merged into them counts as theirs.

        A blank text is in every name; one of signs and letters that no name is folded to (*, 腰痛) is in none.
        """
        wanted = fold(text)
        if text.strip() and not wanted:
            return []
        return [
            record
            for record in self.vocabulary.of(kind).values()
            if any(wanted in name for name in self._folded(kind, record))
        ]

    def replaced(self, kind: Kind, text: str) -> str | None:
        """Say in a sentence that the entry of this name was merged into another one; None where it was not."""
        current = self.find(kind, text)
        if current is None:
            return None
        named = (one for one in self._replaced_by(kind, current.id) if fold(text) in map(fold, names_of(one)))
        old = next(named, None)
        return None if old is None else f"{old.name} was merged into {current.name}."


async def read_catalogue(store: Store, release: int) -> Catalogue:
    """Read the vocabulary that a release holds with its names; the draft number gives the newest content."""
    vocabulary = await read_vocabulary(store, release)
    named = (*vocabulary.therapies.values(), *vocabulary.conditions.values(), *vocabulary.replaced.entries.values())
    curies = {xref.curie for one in named for xref in one.xrefs}
    terms = await read_records(store, "OntologyTerm", curies, release)
    return Catalogue(vocabulary, {curie: one for curie, one in terms.items() if isinstance(one, OntologyTerm)})


async def read_vocabulary(store: Store, release: int, *, places: bool = False) -> Vocabulary:
    """Read what the rules of evidence need of the vocabulary that a release holds: the records of VOCABULARY.

    ``places``: of therapies and conditions the places alone; see :meth:`Held.read` and :func:`with_what_it_asks_for`.
    """
    read = read_places if places else read_held
    all_therapies, all_conditions, outcomes, comparators, instruments = await asyncio.gather(
        read(store, Therapy, release),
        read(store, Condition, release),
        read_held(store, Outcome, release),
        read_held(store, Comparator, release),
        read_held(store, Instrument, release),
    )
    merged = await _replacing(store, all_therapies), await _replacing(store, all_conditions)
    replaced = Replaced((*merged[0], *merged[1]))
    therapies, conditions = all_therapies.standing(replaced), all_conditions.standing(replaced)
    return Vocabulary(
        therapies=therapies,
        conditions=conditions,
        outcomes=outcomes,
        comparators=comparators.standing(replaced),
        instruments=instruments,
        therapy_tree=_tree(therapies, replaced),
        condition_tree=_tree(conditions, replaced),
        outcome_tree=_tree(outcomes, replaced),
        replaced=replaced,
    )


async def _replacing(store: Store, entries: Held[R]) -> list[R]:
    """The entries that were merged into others, and those others."""
    merged = {id: into for id, into in entries.named("replaced_by") if into is not None}
    both = [id for id in {**merged, **dict.fromkeys(merged.values())} if id in entries]
    await entries.read(store, both)
    return [entries[id] for id in both]


def _tree(entries: Held[R], replaced: Replaced) -> Hierarchy:
    label = entries.label
    return Hierarchy(
        {id: replaced.moved_ids(label, broader or (), (label, id)) for id, broader in entries.named("broader")}
    )
