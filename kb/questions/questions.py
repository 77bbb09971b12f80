"""What every question begins with: which release is read, what names mean, and single records."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from kb.errors import NotFound, UnknownRelease, UsageError
from kb.evidence.replaced import names_entries
from kb.questions.merged import citations_with, follow, read_merged
from kb.questions.paging import Page, PageRequest, page_of
from kb.questions.receipts import Receipts
from kb.questions.records import all_nodes, current_release, read_records
from kb.questions.vocabulary import Catalogue, Named, read_catalogue
from kb.store import Store
from schema.citation import Citation
from schema.condition import Condition
from schema.finding import Finding
from schema.ids import BadIdentifier, normalise_doi, normalise_pmcid, normalise_pmid, term_id
from schema.ontology_term import OntologyTerm
from schema.outcome import Outcome
from schema.possible_duplicate import PossibleDuplicate
from schema.record import DRAFT, Record
from schema.release import Release
from schema.study import Study
from schema.terms import ConditionKind, DuplicateState, TherapyKind
from schema.therapy import Therapy

#: Vocabularies kept in memory: what a release holds never changes.
KEPT = 4


class Questions:
    """Asks the graph. Holds the vocabularies of the releases asked about last, and the newest number seen.

    ``as_of`` is the number of a release; None means the newest one. Raises NotFound for a release that does not
    exist (UnknownRelease) and for names that find nothing (with the nearest ones).
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.receipts = Receipts(store)
        self._catalogues: OrderedDict[int, asyncio.Future[Catalogue]] = OrderedDict()
        self._newest_seen = 0

    @property
    def store(self) -> Store:
        """The graph that is asked, for the rooms of ``kb`` that work an answer out (kb/retractions)."""
        return self._store

    async def number(self, as_of: int | None = None) -> int:
        """Return the number of the release to read at; 0 before the first release."""
        if as_of is not None and 0 < as_of <= self._newest_seen:
            return as_of  # a release that was there stays there
        newest = self._newest_seen = await current_release(self._store)
        if as_of is None or as_of == newest:
            return newest
        if not 0 < as_of < newest:
            raise UnknownRelease(as_of, newest)
        return as_of

    async def release(self, as_of: int | None = None) -> Release | None:
        """Return a release; None before the first."""
        number = await self.number(as_of)
        found = await self._store.nodes("Release", [str(number)])
        return Release.from_properties(found[0]) if found else None

    async def releases(self, page: PageRequest, *, as_of: int | None = None) -> Page[Release]:
        """Return the releases up to one, newest first."""
        number = await self.number(as_of)
        nodes = await all_nodes(self._store, "Release")
        found = [Release.from_properties(node) for node in nodes]
        return page_of([one for one in found if one.number <= number], lambda one: (-one.number, one.id), page)

    async def therapy(self, *, id: str | None = None, name: str | None = None, as_of: int | None = None) -> Therapy:
        """Return the therapy of an id or of any name, synonym or abbreviation."""
        found = (await self.catalogue(as_of)).get("Therapy", _one_of(id=id, name=name)[1])
        assert isinstance(found, Therapy)
        return found

    async def condition(self, *, id: str | None = None, name: str | None = None, as_of: int | None = None) -> Condition:
        """Return the condition of an id or of any name, synonym or abbreviation."""
        found = (await self.catalogue(as_of)).get("Condition", _one_of(id=id, name=name)[1])
        assert isinstance(found, Condition)
        return found

    async def therapies(
        self,
        page: PageRequest,
        *,
        kind: TherapyKind | None = None,
        broader: str | None = None,
        search: str | None = None,
        as_of: int | None = None,
    ) -> Page[Therapy]:
        """Return therapies by name: of one kind, under a broader one (any depth), with a name that holds a text."""
        found = self._named(await self.catalogue(as_of), "Therapy", kind, broader, search)
        return page_of([one for one in found if isinstance(one, Therapy)], by_name, page)

    async def conditions(
        self,
        page: PageRequest,
        *,
        kind: ConditionKind | None = None,
        broader: str | None = None,
        search: str | None = None,
        as_of: int | None = None,
    ) -> Page[Condition]:
        """Return conditions by name: of one kind, under a broader one (any depth), with a name that holds a text."""
        found = self._named(await self.catalogue(as_of), "Condition", kind, broader, search)
        return page_of([one for one in found if isinstance(one, Condition)], by_name, page)

    async def narrower(
        self,
        label: Literal["Therapy", "Condition"],
        id: str,
        *,
        as_of: int | None = None,
    ) -> list[Named]:
        """Return all narrower records at any depth, by name: what a question about this one takes in."""
        catalogue = await self.catalogue(as_of)
        current = catalogue.get(label, id).id
        ids = catalogue.vocabulary.tree(label).narrower(current) - {current}
        return sorted((catalogue.vocabulary.of(label)[one] for one in ids), key=by_name)

    async def get_many(self, label: str, ids: Iterable[str], *, as_of: int | None = None) -> dict[str, Record]:
        """Return records by id as the release holds them (:meth:`followed`); unknown ones are missing."""
        number = await self.number(as_of)
        return await self.followed(await read_records(self._store, label, ids, number), number)

    async def followed(self, records: dict[str, Record], release: int) -> dict[str, Record]:
        """Return records of a release: what they name and was merged into something else is that other thing."""
        if not any(map(names_entries, records.values())):
            return records
        replaced = (await self.catalogue(release)).vocabulary.replaced
        return {id_: replaced.moved(one) for id_, one in records.items()}

    async def records_now(self, label: str, ids: Iterable[str]) -> dict[str, Record]:
        """Return records by id with their newest content, published or not: what an editor works on."""
        return await read_records(self._store, label, ids, DRAFT)

    async def study(self, id: str, *, as_of: int | None = None) -> Study:
        """Return one study."""
        found = (await self.get_many("Study", [id], as_of=as_of)).get(id)
        if not isinstance(found, Study):
            raise NotFound(id, kind="No study")
        return found

    async def ontology_term(self, id: str, *, as_of: int | None = None) -> OntologyTerm:
        """Return one term of an ontology by its CURIE, in any spelling."""
        try:
            curie = term_id(id)
        except BadIdentifier as wrong:
            raise UsageError(f"{wrong}.") from None
        found = (await self.get_many("OntologyTerm", [curie], as_of=as_of)).get(curie)
        if not isinstance(found, OntologyTerm):
            raise NotFound(id, kind="No ontology term")
        return found

    async def finding(self, id: str, *, as_of: int | None = None) -> Finding:
        """Return one result of a study."""
        found = (await self.get_many("Finding", [id], as_of=as_of)).get(id)
        if not isinstance(found, Finding):
            raise NotFound(id, kind="No finding")
        return found

    async def citation(
        self,
        *,
        id: str | None = None,
        pmid: str | None = None,
        doi: str | None = None,
        pmcid: str | None = None,
        as_of: int | None = None,
    ) -> Citation:
        """Return one citation by its key or by an outside identifier in any spelling."""
        name, given = _one_of(id=id, pmid=pmid, doi=doi, pmcid=pmcid)
        value = given if name == "id" else _normal(name, given)
        keys = [value] if name == "id" else await citations_with(self._store, name, value, ever=True)
        found = _having(name, value, await self.get_many("Citation", keys, as_of=as_of))
        if found is None:
            # What was merged into another citation leads there, also in a release before the two were split again.
            earlier = await read_merged(self._store, keys, split_too=True)
            leads = await follow(self._store, [one.into for one in earlier.values()])
            held = await self.get_many("Citation", leads.values(), as_of=as_of)
            # It may have another identifier of that kind.
            found = _having(name, value, held) or next(iter(held.values()), None)
        if not isinstance(found, Citation):
            raise NotFound(given, kind="No citation")
        return found

    async def possible_duplicates(self, page: PageRequest, state: DuplicateState) -> Page[PossibleDuplicate]:
        """Return the pairs of citations in one state, those found first first; they belong to no release."""
        rows = await self._store.read("possible_duplicates_in_state", state=state.value)
        pairs = [PossibleDuplicate.from_properties(row["node"]) for row in rows]
        if state is DuplicateState.OPEN:
            # A citation that was merged meanwhile is asked about under the one that was kept.
            gone = await read_merged(self._store, {id_ for pair in pairs for id_ in (pair.one, pair.other)})
            pairs = [pair for pair in pairs if pair.one not in gone and pair.other not in gone]
        return page_of(pairs, lambda one: (one.found, one.id), page)

    async def catalogue(self, as_of: int | None = None) -> Catalogue:
        """Return the vocabulary of a release with its index of names."""
        number = await self.number(as_of)
        if number >= DRAFT:
            return await read_catalogue(self._store, number)
        reading = self._catalogues.get(number)
        if reading is None:
            # Read once for all who ask meanwhile, and to its end though whoever asked first has gone: else the
            # questions that come together after a release, each short of time, would all begin anew and none would end.
            reading = self._catalogues[number] = asyncio.ensure_future(read_catalogue(self._store, number))
            reading.add_done_callback(lambda done: self._forget_failed(number, done))
        self._catalogues.move_to_end(number)
        while len(self._catalogues) > KEPT:
            self._catalogues.popitem(last=False)
        return await asyncio.shield(reading)

    def _forget_failed(self, number: int, done: "asyncio.Future[Catalogue]") -> None:
        if (done.cancelled() or done.exception() is not None) and self._catalogues.get(number) is done:
            del self._catalogues[number]

    def _named(
        self,
        catalogue: Catalogue,
        label: Literal["Therapy", "Condition"],
        kind: TherapyKind | ConditionKind | None,
        broader: str | None,
        search: str | None,
    ) -> Sequence[Named]:
        found = list(catalogue.vocabulary.of(label).values()) if search is None else catalogue.search(label, search)
        if kind is not None:
            found = [one for one in found if not isinstance(one, Outcome) and one.kind == kind]
        if broader is not None:
            under = catalogue.vocabulary.tree(label).narrower(catalogue.get(label, broader).id)
            found = [one for one in found if one.id in under]
        return found


def by_name(record: Named) -> tuple[str, str]:
    """Order records by name, whatever the case."""
    return record.name.casefold(), record.id


def _having(name: str, value: str, held: Mapping[str, Record]) -> Record | None:
    """Return the citation that has an identifier: others may have it in another release."""
    return next((one for one in held.values() if getattr(one, name) == value), None)


def _one_of(**given: str | None) -> tuple[str, str]:
    """Return the one argument that is given. Raises UsageError when none is, or several are."""
    found = [(name, value) for name, value in given.items() if value is not None]
    if len(found) != 1:
        names = " or ".join(given)
        raise UsageError(f"Give exactly one of {names}.", f"{len(found)} were given.")
    return found[0]


def _normal(name: str, value: str) -> str:
    try:
        return {"pmid": normalise_pmid, "doi": normalise_doi, "pmcid": normalise_pmcid}[name](value)
    except BadIdentifier as wrong:
        raise UsageError(f"{wrong}.") from None
