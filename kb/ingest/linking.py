"""Linking: what comes in is pointed at what it means, before it is decided.

Terms that are obsolete give way to their replacements, a medicine's name becomes a therapy, and the studies that are
one trial get one id. Whatever cannot be linked surely is told with what to do, and left as it was or left out.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kb.ingest.current_terms import read_terms, with_current_terms
from kb.ingest.deciding import Deciding
from kb.ingest.decision import Incoming
from kb.ingest.existing import read_existing
from kb.ingest.identity import Contradiction
from kb.ingest.medicines import Medicines, read_guidelines
from kb.ingest.trials import entry_of, read_studies_of, read_trials
from kb.questions.records import read_all_records
from kb.store import Reads
from schema.citation import Citation
from schema.condition import Condition
from schema.finding import Finding
from schema.gene_drug_pair import GeneDrugPair
from schema.ontology_term import OntologyTerm
from schema.parsed import Parsed
from schema.record import DRAFT
from schema.study import Study
from schema.therapy import Therapy


class Linking:
    """Links the records of one load, kind by kind in the order in which they are decided."""

    def __init__(self, store: Reads, deciding: Deciding) -> None:
        self.store = store
        self.deciding = deciding
        #: Ids of studies that came in, and the id under which each trial is known.
        self.trials: dict[str, str] = {}

    async def link(self, label: str, incoming: Sequence[Incoming]) -> Sequence[Incoming]:
        """Return the records of one kind as they are to be decided."""
        if label in (Therapy.label, Condition.label):
            return await self._with_current_terms(label, incoming)
        if label == GeneDrugPair.label and incoming:
            return await self._with_medicines(incoming)
        if label == Study.label and incoming:
            return await self._with_included(await self._one_by_trial(incoming))
        if label == Finding.label and self.trials:
            return [_changed(one, study=self.trials.get(_finding(one).study, _finding(one).study)) for one in incoming]
        return incoming

    async def _with_current_terms(self, label: str, incoming: Sequence[Incoming]) -> Sequence[Incoming]:
        """Move xrefs from obsolete terms: of what comes in, and of what the graph holds when the terms come in."""
        given = {one.id: one for one in self.deciding.of(OntologyTerm)}
        ready = list(incoming)
        if obsolete := {id_ for id_, term in given.items() if term.obsolete}:
            ready += await self._pointing_at(label, obsolete, {one.parsed.record.id for one in incoming})
        mapped = [one.parsed.record for one in ready if isinstance(one.parsed.record, Therapy | Condition)]
        terms = await read_terms(self.store, mapped, given)
        for at, (one, record) in enumerate(zip(ready, mapped, strict=True)):
            current, told = with_current_terms(record, terms)
            ready[at] = replace(one, parsed=Parsed(current, one.parsed.where))
            self.deciding.tell(one, told)
        return ready

    async def _pointing_at(self, label: str, obsolete: set[str], coming: set[str]) -> list[Incoming]:
        """Return the records of the graph that point at these terms, as if their own source brought them again."""
        pointing = {
            id_: next(xref.curie for xref in record.xrefs if xref.curie in obsolete)
            for id_, record in (await read_all_records(self.store, label, DRAFT)).items()
            if isinstance(record, Therapy | Condition) and obsolete & {xref.curie for xref in record.xrefs}
        }
        found: list[Incoming] = []
        for id_, one in (await read_existing(self.store, label, pointing.keys() - coming)).items():
            term = self.deciding.decisions[OntologyTerm.label, pointing[id_]].incoming
            parsed = Parsed(one.record, term.parsed.where)
            found.append(replace(term, parsed=parsed, source=one.source_of("xrefs")))
        return found

    async def _with_medicines(self, incoming: Sequence[Incoming]) -> list[Incoming]:
        """Link pairs to the therapy that the medicine's name means, and to the guideline that is held."""
        pairs = [one.parsed.record for one in incoming if isinstance(one.parsed.record, GeneDrugPair)]
        cited = self.deciding.of(Citation)
        guidelines = await read_guidelines(self.store, pairs, cited)
        held = (await read_all_records(self.store, Therapy.label, DRAFT)).values()
        medicines = Medicines(
            (*self.deciding.of(Therapy), *(one for one in held if isinstance(one, Therapy))), guidelines
        )
        ready: list[Incoming] = []
        for one, pair in zip(incoming, pairs, strict=True):
            linked = medicines.linked(pair)
            if linked is None:
                advice = "add it to the therapies (kind MEDICATION), or to the synonyms of one, then load this again"
                self.deciding.tell(
                    one, [f"no medicine of the vocabulary is called {pair.drug!r}; {advice}"], rejected=True
                )
            else:
                ready.append(replace(one, parsed=Parsed(linked, one.parsed.where)))
        return ready

    async def _one_by_trial(self, incoming: Sequence[Incoming]) -> list[Incoming]:
        """Give the studies that are one trial one id, those of the registries last, and link their results."""
        studies = [one.parsed.record for one in incoming if isinstance(one.parsed.record, Study)]
        trials = await read_trials(self.store, studies, self.deciding.of(Citation))
        ready: list[Incoming] = []
        together = zip(incoming, studies, strict=True)
        for one, study in sorted(together, key=lambda pair: entry_of(pair[1]) is not None):
            try:
                same = trials.same(study)
            except Contradiction as contradiction:
                self.deciding.tell(one, [str(contradiction)], rejected=True)
                continue
            changed: dict[str, Any] = {"id": same}
            if entry_of(study) is not None:
                changed["citations"], told = trials.linked(study, same)
                self.deciding.tell(one, told)
            elif same != study.id:
                self.trials[study.id] = same
                self.deciding.tell(one, [f"is the registered trial {same} and keeps that id"])
            trials.add(study)
            ready.append(_changed(one, **changed))
        if not self.trials:
            return ready
        return [_changed(one, includes=self._moved(_study(one).includes)) for one in ready]

    async def _with_included(self, incoming: Sequence[Incoming]) -> list[Incoming]:
        """Let reviews include the studies whose reports they list, those of this load too; the rest stays listed."""
        ready = list(incoming)
        listed = {self._held_as(id_) for one in incoming for id_ in _study(one).included_reports}
        if not listed:
            return ready
        rows = await self.store.read("nodes_exist", {"Label": Citation.label}, ids=sorted(listed))
        there = {row["id"] for row in rows} | {one.id for one in self.deciding.of(Citation)}
        of: dict[str, set[str]] = {}
        for report, study in await read_studies_of(self.store, listed):
            of.setdefault(report, set()).add(study)
        for one in incoming:
            for report in _study(one).citations:
                of.setdefault(self._held_as(report), set()).add(one.parsed.record.id)
        for at, one in enumerate(incoming):
            review = _study(one)
            reports = dict.fromkeys(self._held_as(id_) for id_ in review.included_reports)
            if lost := [id_ for id_ in reports if id_ not in there]:
                self.deciding.tell(
                    one, [f"it included {', '.join(lost)}, which could not be loaded: they are listed as printed"]
                )
            found = {study for report in reports for study in of.get(report, ())} - {review.id}
            included = tuple(dict.fromkeys((*review.includes, *sorted(found))))
            kept = tuple(id_ for id_ in reports if id_ in there)
            ready[at] = _changed(one, includes=included, included_reports=kept)
        return ready

    def _held_as(self, citation: str) -> str:
        return self.deciding.renamed.get(citation, citation)

    def _moved(self, ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.trials.get(id_, id_) for id_ in ids)


def _changed(one: Incoming, **fields: Any) -> Incoming:
    return replace(one, parsed=Parsed(one.parsed.record.model_copy(update=fields), one.parsed.where))


def _finding(one: Incoming) -> Finding:
    assert isinstance(one.parsed.record, Finding)
    return one.parsed.record


def _study(one: Incoming) -> Study:
    assert isinstance(one.parsed.record, Study)
    return one.parsed.record
