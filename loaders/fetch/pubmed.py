"""PubMed: records by PMID, and the PMIDs of PMCIDs and DOIs.

Sources: NCBI, Entrez Programming Utilities Help (NBK25501): at most 200 ids in one address, ``tool`` and ``email``
told; the PMC ID Converter API.
"""

import json
import re
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from typing import Any, cast

from loaders.fetch.client import Web
from loaders.fetch.errors import Unreadable
from loaders.json_values import is_json

#: Ids in one request.
BATCH = 200

_RECORD = re.compile(rb"<(?:MedlineCitation|BookDocument)\b[^>]*>\s*<PMID[^>]*>\s*(\d+)")


async def fetch_pubmed(web: Web, pmids: Iterable[str]) -> AsyncGenerator[tuple[bytes, list[str]]]:
    """Yield PubMed XML of up to 200 records, with the PMIDs that were asked for and are not in it."""
    wanted = list(dict.fromkeys(pmids))
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        params = {"db": "pubmed", "id": ",".join(batch), "retmode": "xml"}
        address = f"{web.access.sources.pubmed}/efetch.fcgi"
        content = await web.get(address, params, personal=_who(web), whole=_ends)
        held = {match.decode() for match in _RECORD.findall(content)}
        yield content, [pmid for pmid in batch if pmid not in held]


async def pmids_of_pmcids(web: Web, pmcids: Sequence[str]) -> dict[str, str]:
    """Return the PMID of each PMCID that PubMed knows."""
    found: dict[str, str] = {}
    for start in range(0, len(pmcids), BATCH):
        batch = pmcids[start : start + BATCH]
        params = {"ids": ",".join(batch), "format": "json"}
        answer = _object(await web.get(web.access.sources.pmc_ids, params, personal=_who(web), whole=is_json))
        for record in cast("list[dict[str, Any]]", answer.get("records") or []):
            pmcid, pmid = record.get("pmcid"), record.get("pmid")
            if pmcid and pmid:
                found[str(pmcid)] = str(pmid)
    return {pmcid: found[pmcid] for pmcid in pmcids if pmcid in found}


async def pmid_of_doi(web: Web, doi: str) -> str | None:
    """Return the PMID of the one record with this DOI; None where PubMed has none, or several."""
    params = {"db": "pubmed", "term": f'"{doi}"[AID]', "retmode": "json"}
    address = f"{web.access.sources.pubmed}/esearch.fcgi"
    answer = _object(await web.get(address, params, personal=_who(web), whole=is_json))
    result = cast("Mapping[str, Any]", answer.get("esearchresult") or {})
    # A term that is not found is searched for in pieces, and finds something else.
    if result.get("errorlist") or result.get("warninglist"):
        return None
    pmids = cast("list[str]", result.get("idlist") or [])
    return pmids[0] if len(pmids) == 1 else None


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


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise Unreadable("NCBI's answer is no JSON.", "Try again; the service may be down.") from wrong
    if not isinstance(answer, dict):
        raise Unreadable("NCBI's answer is not what its documentation promises.", "Try again later.")
    return cast("dict[str, Any]", answer)
