"""Records by identifier: each from the best source that has it.

A PMID is asked of PubMed; a PMCID of PubMed, else Europe PMC; a DOI of PubMed, else Crossref, else Europe PMC; an NCT
number of ClinicalTrials.gov. An identifier that no source knows is a problem of its own, and costs the others nothing.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from loaders.fetch.client import Web
from loaders.fetch.clinicaltrials import fetch_trial
from loaders.fetch.crossref import fetch_work
from loaders.fetch.errors import NotThere
from loaders.fetch.europe_pmc import by_doi, by_pmcid, search
from loaders.fetch.pubmed import fetch_pubmed, pmid_of_doi, pmids_of_pmcids
from schema.parsed import Problem


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


async def fetch_by_id(web: Web, wanted: Sequence[Wanted]) -> AsyncGenerator[Fetched | Problem]:
    """Yield replies, and a Problem for each identifier that nobody knows. Raises the errors of the client."""
    of_kind = {kind: {one.value: one for one in wanted if one.kind == kind} for kind in ("pmid", "pmcid", "doi", "nct")}
    by_pmid = dict(of_kind["pmid"])
    known = await pmids_of_pmcids(web, list(of_kind["pmcid"]))
    for pmcid, one in of_kind["pmcid"].items():
        if pmcid in known:
            by_pmid.setdefault(known[pmcid], one)
        else:
            missing = Problem(one.where, f"neither PubMed nor Europe PMC has {pmcid}; check the number")
            yield await _from_europe_pmc(web, one, by_pmcid(pmcid)) or missing
    elsewhere: list[Wanted] = []
    for doi, one in of_kind["doi"].items():
        if pmid := await pmid_of_doi(web, doi):
            by_pmid.setdefault(pmid, one)
        else:
            elsewhere.append(one)
    async for item in _from_pubmed(web, by_pmid):
        yield item
    for one in elsewhere:
        yield await _from_crossref(web, one)
    for one in of_kind["nct"].values():
        yield await _from_registry(web, one)


async def _from_pubmed(web: Web, by_pmid: dict[str, Wanted]) -> AsyncGenerator[Fetched | Problem]:
    number = 0
    async for content, missing in fetch_pubmed(web, by_pmid):
        number += 1
        yield Fetched(f"PubMed, reply {number}", content)
        for pmid in missing:
            yield Problem(by_pmid[pmid].where, f"PubMed has no record with PMID {pmid}; check the number")


async def _from_registry(web: Web, one: Wanted) -> Fetched | Problem:
    try:
        return Fetched(f"ClinicalTrials.gov {one.value}", await fetch_trial(web, one.value))
    except NotThere:
        return Problem(one.where, f"ClinicalTrials.gov has no study {one.value}; check the number")


async def _from_crossref(web: Web, one: Wanted) -> Fetched | Problem:
    try:
        return Fetched(f"Crossref {one.value}", await fetch_work(web, one.value))
    except NotThere:
        pass
    missing = f"neither PubMed, Crossref nor Europe PMC has {one}; check the DOI for a typing error"
    return await _from_europe_pmc(web, one, by_doi(one.value)) or Problem(one.where, missing)


async def _from_europe_pmc(web: Web, one: Wanted, query: str) -> Fetched | None:
    async for content in search(web, query, limit=1):
        if b'"hitCount":0' not in content.replace(b" ", b""):
            return Fetched(f"Europe PMC {one.value}", content)
    return None
