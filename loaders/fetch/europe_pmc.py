"""Europe PMC: records by identifier or by query.

Source: https://europepmc.org/RestfulWebService (search, ``resultType=core``, pages by ``cursorMark``).
"""

from collections.abc import AsyncGenerator

from loaders.fetch.client import Web
from loaders.json_values import json_object

#: Results in one reply; Europe PMC gives up to 1000.
PAGE = 100


async def search(web: Web, query: str, limit: int = PAGE) -> AsyncGenerator[bytes]:
    """Yield replies with up to ``limit`` full records for a query in Europe PMC's own syntax; none if it has none."""
    mark, seen, found = "*", 0, 1
    while seen < min(limit, found):
        size = min(PAGE, limit - seen)
        params = {"query": query, "resultType": "core", "format": "json", "pageSize": str(size), "cursorMark": mark}
        content = await web.get(f"{web.access.sources.europe_pmc}/search", params, whole=_is_answer)
        answer = json_object(content)
        found = int(answer["hitCount"])
        if found:
            yield content
        seen += size
        following = answer.get("nextCursorMark")
        if not following or following == mark:
            return
        mark = str(following)


def _is_answer(content: bytes) -> bool:
    answer = json_object(content)
    return isinstance(answer.get("hitCount"), int) and "resultList" in answer


def by_doi(doi: str) -> str:
    """Return the query for one DOI."""
    return f'DOI:"{_quoted(doi)}"'


def by_pmid(pmid: str) -> str:
    """Return the query for one PMID."""
    return f"EXT_ID:{pmid} AND SRC:MED"


def by_pmcid(pmcid: str) -> str:
    """Return the query for one PMCID."""
    return f"PMCID:{pmcid}"


def by_title(title: str) -> str:
    """Return the query for a title."""
    return f'TITLE:"{_quoted(title)}"'


def _quoted(text: str) -> str:
    """Quotes and backslashes would end the phrase."""
    return " ".join(text.replace("\\", " ").replace('"', " ").split())
