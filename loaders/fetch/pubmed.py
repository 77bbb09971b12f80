"""PubMed: records by PMID, and the PMIDs of PMCIDs and DOIs.

Sources: NCBI, Entrez Programming Utilities Help (NBK25501): at most 200 ids in one address, ``tool`` and ``email``
told; the PMC ID Converter API.
"""

import re
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass

from loaders.fetch.client import Web
from loaders.fetch.errors import FetchError
from loaders.json_values import holds, json_object, mapping, mappings, text_of_value, texts

#: Ids in one request.
BATCH = 200

_RECORD = re.compile(rb"<(?:MedlineCitation|BookDocument)\b[^>]*>\s*<PMID[^>]*>\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that were asked for together, and what became of that."""

    pmids: list[str]
    #: PubMed XML.
    content: bytes = b""
    #: Those that PubMed has not.
    missing: tuple[str, ...] = ()
    #: Why nothing came; then nobody knows what PubMed has.
    error: FetchError | None = None


async def fetch_pubmed(web: Web, pmids: Iterable[str]) -> AsyncGenerator[Batch]:
    """Ask for records, up to 200 at a time, and yield what became of each batch. Never raises.

    A batch that fails costs the others nothing.
    """
    wanted = list(dict.fromkeys(pmids))
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        params = {"db": "pubmed", "id": ",".join(batch), "retmode": "xml"}
        address = f"{web.access.sources.pubmed}/efetch.fcgi"
        try:
            content = await web.get(address, params, personal=_who(web), whole=_ends)
        except FetchError as error:
            yield Batch(batch, error=error)
            continue
        held = {match.decode() for match in _RECORD.findall(content)}
        yield Batch(batch, content, tuple(pmid for pmid in batch if pmid not in held))


async def pmids_of_pmcids(web: Web, pmcids: Sequence[str]) -> dict[str, str]:
    """Return the PMID of each PMCID that PubMed knows."""
    found: dict[str, str] = {}
    for start in range(0, len(pmcids), BATCH):
        batch = pmcids[start : start + BATCH]
        params = {"ids": ",".join(batch), "format": "json"}
        answer = await web.get(web.access.sources.pmc_ids, params, personal=_who(web), whole=holds("records"))
        for record in mappings(json_object(answer)["records"]):
            pmcid, pmid = text_of_value(record.get("pmcid")), text_of_value(record.get("pmid"))
            if pmcid and pmid:
                found[pmcid] = pmid
    return {pmcid: found[pmcid] for pmcid in pmcids if pmcid in found}


async def pmid_of_doi(web: Web, doi: str) -> str | None:
    """Return the PMID of the one record with this DOI; None where PubMed has none, or several."""
    params = {"db": "pubmed", "term": f'"{doi}"[AID]', "retmode": "json"}
    address = f"{web.access.sources.pubmed}/esearch.fcgi"
    answer = await web.get(address, params, personal=_who(web), whole=_is_found)
    result = mapping(json_object(answer)["esearchresult"])
    # A term that is not found is searched for in pieces, and finds something else.
    if result.get("errorlist") or result.get("warninglist"):
        return None
    pmids = texts(result["idlist"])
    return pmids[0] if len(pmids) == 1 else None


def _is_found(content: bytes) -> bool:
    """Tell whether a search was done: where a server behind ESearch fails, an error stands for what was found."""
    return isinstance(mapping(json_object(content).get("esearchresult")).get("idlist"), list)


def _ends(content: bytes) -> bool:
    """Tell whether a set of articles has its end: EFetch breaks off where a server behind it does."""
    return content.rstrip().endswith((b"</PubmedArticleSet>", b"<PubmedArticleSet/>"))


def _who(web: Web) -> dict[str, str]:
    told = {"tool": "treatise"}
    if web.access.contact:
        told["email"] = web.access.contact
    if web.access.ncbi_api_key:
        told["api_key"] = web.access.ncbi_api_key
    return told
