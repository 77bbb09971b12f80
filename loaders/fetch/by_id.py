"""Records by identifier: each from the best source that has it.

A PMID is asked of PubMed; a PMCID of PubMed, else Europe PMC; a DOI of PubMed, else Crossref, else Europe PMC; an NCT
number of ClinicalTrials.gov. An identifier that no source knows is a problem of its own, and so is one whose source
does not answer: both cost the others nothing. Nobody is said not to have a record who was not asked for it.
"""

from collections.abc import AsyncGenerator, Awaitable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from loaders.fetch.client import Web
from loaders.fetch.clinicaltrials import fetch_trial
from loaders.fetch.crossref import fetch_work
from loaders.fetch.errors import FetchError, NotThere
from loaders.fetch.europe_pmc import by_doi, by_pmcid, search
from loaders.fetch.pubmed import BATCH, fetch_pubmed, pmid_of_doi, pmids_of_pmcids
from schema.parsed import Problem

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An identifier that is asked for, and where it was named."""

    #: pmid, pmcid, doi or nct.
    kind: str
    #: Normalised.
    value: str
    where: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A reply with records, under the name of its source and of what was asked."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An identifier whose source could not be asked, or did not answer as it should: later it may."""

    wanted: Wanted
    error: FetchError


async def fetch_by_id(web: Web, wanted: Sequence[Wanted]) -> AsyncGenerator[Fetched | Problem | Unanswered]:
    """Yield replies, a Problem for each identifier that nobody knows, and those that are unanswered. Never raises."""
    of_kind = {kind: {one.value: one for one in wanted if one.kind == kind} for kind in ("pmid", "pmcid", "doi", "nct")}
    by_pmid = dict(of_kind["pmid"])
    elsewhere: list[tuple[Wanted, FetchError | None]] = []
    async for one, pmid, error in _pmids(web, of_kind["pmcid"], of_kind["doi"]):
        if pmid is None:
            elsewhere.append((one, error))
        else:
            by_pmid.setdefault(pmid, one)
    async for item in _from_pubmed(web, by_pmid):
        yield item
    for one, error in elsewhere:
        async for item in _from_others(web, one, error):
            yield item
    for one in of_kind["nct"].values():
        yield await _from_registry(web, one)


async def _pmids(
    web: Web, pmcids: dict[str, Wanted], dois: dict[str, Wanted]
) -> AsyncGenerator[tuple[Wanted, str | None, FetchError | None]]:
    """Yield what PubMed's own number of each identifier is, or why that could not be found out."""
    names = list(pmcids)
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        known, error = await _tried(pmids_of_pmcids(web, batch))
        for name in batch:
            yield pmcids[name], (known or {}).get(name), error
    for doi, one in dois.items():
        yield one, *await _tried(pmid_of_doi(web, doi))


async def _tried(asked: Awaitable[T]) -> tuple[T | None, FetchError | None]:
    """Return what a source answers, or why it does not; neither where it has nothing."""
    try:
        return await asked, None
    except NotThere:
        return None, None
    except FetchError as error:
        return None, error


async def _from_pubmed(web: Web, by_pmid: dict[str, Wanted]) -> AsyncGenerator[Fetched | Problem | Unanswered]:
    number = 0
    async for batch in fetch_pubmed(web, by_pmid):
        number += 1
        if batch.error is not None:
            for pmid in batch.pmids:
                yield Unanswered(by_pmid[pmid], batch.error)
            continue
        yield Fetched(f"PubMed, reply {number}", batch.content)
        for pmid in batch.missing:
            yield Problem(by_pmid[pmid].where, f"PubMed has no record with PMID {pmid}; check the number")


async def _from_others(
    web: Web, one: Wanted, by_pubmed: FetchError | None
) -> AsyncGenerator[Fetched | Problem | Unanswered]:
    """What Crossref (for a DOI), else Europe PMC has. ``by_pubmed``: why PubMed did not say whether it has it."""
    silent = [by_pubmed] if by_pubmed else []
    found: Fetched | None = None
    if one.kind == "doi":
        content, error = await _tried(fetch_work(web, one.value))
        found = Fetched(f"Crossref {one.value}", content) if content else None
        silent += [error] if error else []
    if found is None:
        content, error = await _tried(_first(web, by_doi(one.value) if one.kind == "doi" else by_pmcid(one.value)))
        found = Fetched(f"Europe PMC {one.value}", content) if content else None
        silent += [error] if error else []
    if found is not None:
        yield found
        if silent:
            taken = f"is taken from {found.name}, for a better source did not answer: {silent[0].message}"
            yield Problem(one.where, f"{taken} Load it again later.", rejected=False)
    elif silent:
        yield Unanswered(one, silent[0])
    else:
        asked = "PubMed, Crossref nor Europe PMC" if one.kind == "doi" else "PubMed nor Europe PMC"
        hint = "check the DOI for a typing error" if one.kind == "doi" else "check the number"
        yield Problem(one.where, f"neither {asked} has {one}; {hint}")


async def _first(web: Web, query: str) -> bytes | None:
    return await anext(search(web, query, limit=1), None)


async def _from_registry(web: Web, one: Wanted) -> Fetched | Problem | Unanswered:
    content, error = await _tried(fetch_trial(web, one.value))
    if content:
        return Fetched(f"ClinicalTrials.gov {one.value}", content)
    if error:
        return Unanswered(one, error)
    return Problem(one.where, f"ClinicalTrials.gov has no study {one.value}; check the number")
