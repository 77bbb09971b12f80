"""Every question that the API, the pages and the command line may ask."""

from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from kb.errors import NotFound, UnknownRelease, UsageError
from kb.evidence.replaced import names_entries
from kb.questions.merged import citations_with, follow, read_merged
from kb.questions.paging import Page, PageRequest, page_of
from kb.questions.receipts import Receipts
from kb.questions.records import current_release, read_all_records, read_parts, read_records
from kb.questions.vocabulary import Catalogue, Named, read_catalogue
from kb.store import Store
from schema.citation import Citation
from schema.condition import Condition
from schema.finding import Finding
from schema.gene_drug_pair import GeneDrugPair
from schema.ids import BadIdentifier, normalise_doi, normalise_pmcid, normalise_pmid, term_id
from schema.ontology_term import OntologyTerm
from schema.outcome import Outcome
from schema.page import Page as PageRecord
from schema.page import Statement
from schema.possible_duplicate import PossibleDuplicate
from schema.record import DRAFT, Record
from schema.records import LOADED
from schema.release import Release
from schema.study import Study
from schema.summary import Summary
from schema.terms import Certainty, ConditionKind, Direction, DuplicateState, OutcomeDomain, TherapyKind
from schema.therapy import Therapy

#: Best first.
CERTAINTIES = (Certainty.HIGH, Certainty.MODERATE, Certainty.LOW, Certainty.VERY_LOW)
DIRECTIONS = (Direction.BENEFIT, Direction.NO_DIFFERENCE, Direction.HARM, Direction.MIXED, Direction.UNCLEAR)

#: Vocabularies kept in memory: what a release holds never changes.
KEPT = 4

#: Ids looked up at once.
AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an answer: its summary's id, its pair (therapy, condition), and the releases that it stands in.

    ``hash`` is the same for equal answers; None for one that an earlier version of Treatise wrote.
    """

    id: str
    pair: tuple[str, str]
    first: int
    until: int
    hash: str | None


class Questions:
    """Asks the graph. Holds the vocabularies of the releases asked about last, and the newest number seen.

    ``as_of`` is the number of a release; None means the newest one. Raises NotFound for a release that does not
    exist (UnknownRelease) and for names that find nothing (with the nearest ones).
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.receipts = Receipts(store)
        self._catalogues: OrderedDict[int, Catalogue] = OrderedDict()
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
        rows = await self._store.read("nodes_of_label", {"Label": "Release"})
        found = [Release.from_properties(row["node"]) for row in rows]
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
        return page_of([one for one in found if isinstance(one, Therapy)], _by_name, page)

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
        return page_of([one for one in found if isinstance(one, Condition)], _by_name, page)

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
        ids = catalogue.tree(label).narrower(current) - {current}
        return sorted((catalogue.of(label)[one] for one in ids), key=_by_name)

    async def broader(
        self,
        label: Literal["Therapy", "Condition"],
        id: str,
        *,
        as_of: int | None = None,
    ) -> list[Named]:
        """Return the parents, by name."""
        catalogue = await self.catalogue(as_of)
        parents = catalogue.get(label, id).broader
        return sorted((catalogue.of(label)[one] for one in parents), key=_by_name)

    async def evidence(
        self,
        page: PageRequest,
        *,
        condition: str | None = None,
        therapy: str | None = None,
        outcome: str | None = None,
        min_certainty: Certainty | None = None,
        direction: Direction | None = None,
        include_narrower: bool = True,
        as_of: int | None = None,
    ) -> Page[Summary]:
        """Return the answers for a condition, a therapy or both, the surest first.

        Without a therapy, the list holds the therapies that studies name; groups of therapies (neuromodulation)
        answer when asked for by name. ``outcome`` (a domain, or an outcome's name) keeps the answers with a line on
        it; ``include_narrower`` False keeps those that name the condition and the therapy themselves.
        """
        number = await self.number(as_of)
        catalogue = await self.catalogue(number)
        found = await self.answers_of(condition, therapy, number)
        if therapy is None:
            found = [one for one in found if one.names_therapy]
        if condition is None:
            found = [one for one in found if one.names_condition]
        if not include_narrower:
            found = [one for one in found if not one.indirect]
        if outcome is not None:
            domain = _domain(catalogue, outcome)
            found = [one for one in found if any(line.domain is domain for line in one.lines)]
        if min_certainty is not None:
            sure = CERTAINTIES[: CERTAINTIES.index(min_certainty) + 1]
            found = [one for one in found if one.certainty in sure]
        if direction is not None:
            found = [one for one in found if one.direction is direction]
        return page_of(found, _rank, page)

    async def answers_of(self, condition: str | None, therapy: str | None, number: int) -> list[Summary]:
        """Return every answer of a condition, a therapy or both (any name) at a release, groups of them included."""
        catalogue = await self.catalogue(number)
        wanted = None if therapy is None else catalogue.get("Therapy", therapy).id
        if condition is not None:
            asked = catalogue.get("Condition", condition).id
            rows = await self._store.read("summaries_for_condition", condition=asked, release=number)
        elif wanted is not None:
            rows = await self._store.read("summaries_for_therapy", therapy=wanted, release=number)
        else:
            raise UsageError("Evidence needs a condition or a therapy.", "Name at least one of them.")
        found = [Summary.from_properties(row["node"]) for row in rows]
        return [one for one in found if wanted is None or one.therapy == wanted]

    async def every_answer(self, number: int) -> AsyncGenerator[Summary]:
        """Yield every answer that a release holds, by condition and therapy, in bounded memory."""
        async for row in self._store.stream("summaries_at", release=number):
            yield Summary.from_properties(row["node"])

    async def versions(self, since: int, until: int) -> list[Version]:
        """Return the versions of answers that began or ended after release ``since``, up to release ``until``."""
        rows = await self._store.read("summary_versions_between", since=since, until=until)
        return [
            Version(row["id"], (row["therapy"], row["condition"]), row["first"], row["until"], row["hash"])
            for row in rows
        ]

    async def summaries(self, ids: Iterable[str]) -> dict[str, Summary]:
        """Return versions of answers by id, whichever release they belong to."""
        return {node["id"]: Summary.from_properties(node) for node in await self._store.nodes("Summary", ids)}

    async def changed_after(self, label: str, ids: Iterable[str], release: int) -> set[str]:
        """Return which of these records were edited, or came, after a release."""
        found: set[str] = set()
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            rows = await self._store.read("ids_changed_after", {"Label": label}, ids=some, release=release)
            found |= {row["id"] for row in rows}
        return found

    async def record_counts(self, since: int, until: int) -> dict[str, tuple[int, int]]:
        """Return by label how many records came after release ``since`` up to ``until``, and how many were edited."""
        rows = await self._store.read("count_edited", since=since, until=until)
        edited = {row["label"]: row["records"] for row in rows}
        found: dict[str, tuple[int, int]] = {}
        for kind in LOADED:
            (row,) = await self._store.read("count_new", {"Label": kind.label}, since=since, until=until)
            found[kind.label] = (row["records"], edited.get(kind.label, 0))
        return {label: counts for label, counts in found.items() if any(counts)}

    async def without_evidence(self, condition: str, *, as_of: int | None = None) -> list[Therapy]:
        """Return the therapies for which no study of this condition (or a narrower one) is held, by name."""
        number = await self.number(as_of)
        catalogue = await self.catalogue(number)
        answered = {one.therapy for one in await self.answers_of(condition, None, number)}
        therapies = catalogue.vocabulary.therapies
        return sorted((one for one in therapies.values() if one.id not in answered), key=_by_name)

    async def findings(self, summary: Summary, page: PageRequest, *, as_of: int | None = None) -> Page[Finding]:
        """Return the findings of an answer, the leading ones first."""
        place = {id_: position for position, id_ in enumerate(summary.findings)}
        positions = page_of(summary.findings, lambda one: (place[one],), page)
        records = await self.get_many("Finding", positions.items, as_of=as_of)
        kept = [
            (records[one], cursor)
            for one, cursor in zip(positions.items, positions.cursors, strict=True)
            if one in records
        ]
        return Page(
            items=[record for record, _ in kept if isinstance(record, Finding)],
            cursors=[cursor for _, cursor in kept],
            has_next=positions.has_next,
            total=positions.total,
        )

    async def get_many(self, label: str, ids: Iterable[str], *, as_of: int | None = None) -> dict[str, Record]:
        """Return records by id as the release holds them; unknown ones are missing.

        A therapy or condition that they name and that was merged into another one is that other one.
        """
        number = await self.number(as_of)
        return await self._followed(await read_records(self._store, label, ids, number), number)

    async def records_now(self, label: str, ids: Iterable[str]) -> dict[str, Record]:
        """Return records by id with their newest content, published or not: what an editor works on."""
        return await read_records(self._store, label, ids, DRAFT)

    async def study(self, id: str, *, as_of: int | None = None) -> Study:
        """Return one study."""
        found = (await self.get_many("Study", [id], as_of=as_of)).get(id)
        if not isinstance(found, Study):
            raise NotFound(id, (), "No study")
        return found

    async def ontology_term(self, id: str, *, as_of: int | None = None) -> OntologyTerm:
        """Return one term of an ontology by its CURIE, in any spelling."""
        try:
            curie = term_id(id)
        except BadIdentifier as wrong:
            raise UsageError(f"{wrong}.") from None
        found = (await self.get_many("OntologyTerm", [curie], as_of=as_of)).get(curie)
        if not isinstance(found, OntologyTerm):
            raise NotFound(id, (), "No ontology term")
        return found

    async def pairs(self, *, as_of: int | None = None) -> list[GeneDrugPair]:
        """Return all gene-drug pairs."""
        number = await self.number(as_of)
        found = await self._followed(await read_all_records(self._store, "GeneDrugPair", number), number)
        return [one for one in found.values() if isinstance(one, GeneDrugPair)]

    async def pages(self, *, as_of: int | None = None) -> list[PageRecord]:
        """Return all patient-education pages."""
        found = await read_all_records(self._store, "Page", await self.number(as_of))
        return [one for one in found.values() if isinstance(one, PageRecord)]

    async def parts_of_pages(
        self, label: Literal["Statement", "Reference"], pages: Iterable[str], *, as_of: int | None = None
    ) -> dict[str, Record]:
        """Return the statements, or the references, of pages, by id."""
        number = await self.number(as_of)
        return await self._followed(await read_parts(self._store, label, pages, number), number)

    async def statements_about(
        self, label: Literal["Therapy", "Condition"], ids: Iterable[str], *, as_of: int | None = None
    ) -> list[Statement]:
        """Return the statements of all pages that claim something about one of these therapies, or conditions."""
        wanted = set(ids)
        rows = await self._store.read("statements_about", {"Label": label}, ids=sorted(wanted))
        found = await self.get_many("Statement", [row["id"] for row in rows], as_of=as_of)
        statements = [one for one in found.values() if isinstance(one, Statement)]
        named = "therapies" if label == "Therapy" else "conditions"
        return [one for one in statements if wanted & set(getattr(one, named))]

    async def registered(self, *, as_of: int | None = None) -> list[Study]:
        """Return the studies that have an entry in a registry."""
        rows = await self._store.read("registered_studies")
        found = await self.get_many("Study", [row["id"] for row in rows], as_of=as_of)
        return [one for one in found.values() if isinstance(one, Study) and one.registration is not None]

    async def finding(self, id: str, *, as_of: int | None = None) -> Finding:
        """Return one result of a study."""
        found = (await self.get_many("Finding", [id], as_of=as_of)).get(id)
        if not isinstance(found, Finding):
            raise NotFound(id, (), "No finding")
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
        keys = [value] if name == "id" else await citations_with(self._store, name, value)
        held = await self.get_many("Citation", keys, as_of=as_of)
        if not held:
            # What was merged into another citation leads there, also in a release before the two were split again.
            earlier = await read_merged(self._store, keys, split_too=True)
            leads = await follow(self._store, [one.into for one in earlier.values()])
            held = await self.get_many("Citation", leads.values(), as_of=as_of)
        # Before a merge the identifier may be that of the citation that was merged later.
        found = next((one for one in held.values() if getattr(one, name) == value), next(iter(held.values()), None))
        if not isinstance(found, Citation):
            raise NotFound(given, (), "No citation")
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
        kept = self._catalogues.get(number)
        if kept is None:
            kept = await read_catalogue(self._store, number)
            if number < DRAFT:
                self._catalogues[number] = kept
        else:
            self._catalogues.move_to_end(number)
        while len(self._catalogues) > KEPT:
            self._catalogues.popitem(last=False)
        return kept

    async def _followed(self, records: dict[str, Record], number: int) -> dict[str, Record]:
        """The records with what they name of the vocabulary as the release has it in place."""
        if not any(map(names_entries, records.values())):
            return records
        replaced = (await self.catalogue(number)).vocabulary.replaced
        return {id_: replaced.moved(one) for id_, one in records.items()}

    def _named(
        self,
        catalogue: Catalogue,
        label: Literal["Therapy", "Condition"],
        kind: TherapyKind | ConditionKind | None,
        broader: str | None,
        search: str | None,
    ) -> Sequence[Named]:
        found = list(catalogue.of(label).values()) if search is None else catalogue.search(label, search)
        if kind is not None:
            found = [one for one in found if not isinstance(one, Outcome) and one.kind == kind]
        if broader is not None:
            under = catalogue.tree(label).narrower(catalogue.get(label, broader).id)
            found = [one for one in found if one.id in under]
        return found


def _by_name(record: Named) -> tuple[str, str]:
    return record.name.casefold(), record.id


def _rank(summary: Summary) -> tuple[int, int, int, str]:
    return (
        CERTAINTIES.index(summary.certainty),
        DIRECTIONS.index(summary.direction),
        -summary.study_count,
        summary.id,
    )


def _domain(catalogue: Catalogue, outcome: str) -> OutcomeDomain:
    if outcome in OutcomeDomain.__members__:
        return OutcomeDomain[outcome]
    found = catalogue.get("Outcome", outcome)
    assert isinstance(found, Outcome)
    return found.domain


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
