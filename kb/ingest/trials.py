"""Which studies are one trial, by registry number, and which reports of it the registry names.

A trial counts once: the entry of a registry joins the study that holds its number, and adds its registration alone, so
that no fact of a registry can change an answer. Where the entry came first, the study takes its place and its id.
A publication that the registry calls a result becomes a report of the trial where the graph holds it, unless that is
the report of another study, or older than the trial: sponsors name such ones too. What is not linked is told.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kb.ingest.existing import read_by_identifier
from kb.ingest.identity import Contradiction
from kb.store import Reads
from schema.citation import Citation
from schema.ids import slug
from schema.record import Record
from schema.study import Study
from schema.terms import PublicationLinkKind

BY_NUMBER, OF_REPORTS = "studies_by_number", "studies_of_reports"


def entry_of(record: Record) -> str | None:
    """Return the number of a record that is nothing but the entry of a registry."""
    if isinstance(record, Study) and record.registration is not None and record.registered_in in record.citations:
        return record.registration.number
    return None


def joined(record: Record, known: Record) -> Record:
    """Return what is known of a trial with the registration of its entry; any other record as it is."""
    if entry_of(record) is None or entry_of(known) is not None:
        return record
    assert isinstance(record, Study)
    assert isinstance(known, Study)
    return known.model_copy(update={"registration": record.registration, "registered_in": record.registered_in})


class Trials:
    """The studies of the graph and of this load by registry number, and the reports that registries name."""

    def __init__(self, studies: Iterable[Study], reports: Mapping[str, "Report"]) -> None:
        self._by_number: dict[str, dict[str, Study]] = {}
        self._reports = reports
        for study in studies:
            self.add(study)

    def add(self, study: Study) -> None:
        """Remember a study."""
        for number in study.registry_numbers:
            self._by_number.setdefault(number, {})[study.id] = study

    def same(self, study: Study) -> str:
        """Return the id under which the trial is known, its own if under none. Raises Contradiction.

        Two curated studies may share a number (a trial and its extension): only an entry joins, or is joined.
        """
        if study.review:
            return study.id
        found = {
            known.id
            for number in study.registry_numbers
            for known in self._by_number.get(number, {}).values()
            if not known.review and (entry_of(study) == number or known.id == slug(number))
        } - {study.id}
        if len(found) > 1:
            one, other = sorted(found)[:2]
            raise Contradiction(
                f"its registry number is that of two studies, {one} and {other}; correct registry_numbers in one"
            )
        return found.pop() if found else study.id

    def linked(self, study: Study, known_as: str) -> tuple[tuple[str, ...], list[str]]:
        """Return the reports of an entry, those that the graph holds included, and what is to be told."""
        registration = study.registration
        assert registration is not None
        reports, told, unknown = list(study.citations), list[str](), list[str]()
        started = int(registration.started.date[:4]) if registration.started else None
        for pmid in _results(study):
            report = self._reports.get(pmid)
            if report is None:
                unknown.append(pmid)
            elif known_as in report.studies or report.id in reports:
                continue
            elif report.studies or known_as != study.id:
                other = min(report.studies, default=known_as)
                told.append(
                    f"the registry names {report.id} as its result, which the study {other} "
                    + (f"reports too: if it is this trial, add {registration.number} to its registry_numbers"
                       if report.studies else "does not list: add it to its citations if it is one of its reports")
                )  # fmt: skip
            elif started is not None and report.year is not None and report.year < started:
                told.append(f"the registry names {report.id} of {report.year} as its result, and began {started}")
            else:
                reports.append(report.id)
        if unknown:
            names = ", ".join(f"PMID {pmid}" for pmid in unknown)
            told.append(f"its results are in publications that the graph does not hold: {names}; load them, then this")
        return tuple(reports), told


@dataclass(frozen=True, slots=True)
class Report:
    """A citation that a registry names, and the studies that it reports."""

    id: str
    year: int | None
    studies: frozenset[str]


async def read_trials(store: Reads, incoming: Iterable[Study], cited: Iterable[Citation]) -> Trials:
    """Read what the graph holds of the trials of a load; ``cited`` are the citations of the load itself."""
    studies = list(incoming)
    numbers = sorted({number for study in studies for number in study.registry_numbers})
    rows = await store.read(BY_NUMBER, numbers=numbers) if numbers else []
    known = [Study.from_properties(row["node"]) for row in rows]
    return Trials(known, await _reports(store, studies, cited))


async def read_studies_of(store: Reads, ids: Iterable[str]) -> list[tuple[str, str]]:
    """Return each of these citations with each study that it reports."""
    rows = await store.read(OF_REPORTS, ids=sorted(ids))
    return [(row["citation"], row["study"]) for row in rows]


async def _reports(store: Reads, studies: Iterable[Study], cited: Iterable[Citation]) -> dict[str, Report]:
    studies = list(studies)
    wanted = {pmid for study in studies for pmid in _results(study)}
    if not wanted:
        return {}
    found = [*(one.record for one in (await read_by_identifier(store, "pmid", wanted)).values()), *cited]
    held = {one.pmid: one for one in found if isinstance(one, Citation) and one.pmid and one.pmid in wanted}
    ids = sorted(citation.id for citation in held.values())
    of: dict[str, set[str]] = {id_: set() for id_ in ids}
    for citation, study in await read_studies_of(store, ids):
        of[citation].add(study)
    for study in studies:
        for id_ in study.citations:
            if id_ in of:
                of[id_].add(study.id)
    return {pmid: Report(one.id, one.year, frozenset(of[one.id])) for pmid, one in held.items()}


def _results(study: Study) -> Iterator[str]:
    if entry_of(study) is not None and study.registration is not None:
        for publication in study.registration.publications:
            if publication.kind is PublicationLinkKind.RESULT and publication.pmid is not None:
                yield publication.pmid
