"""Europe PMC: records by identifier or by query.

Source: https://europepmc.org/RestfulWebService (search, ``resultType=core``, pages by ``cursorMark``).
"""

import json
from collections.abc import AsyncGenerator
from typing import Any, cast

from loaders.fetch.client import Web
from loaders.fetch.errors import Unreadable
from loaders.json_values import is_json

#: Results in one reply; Europe PMC gives up to 1000.
PAGE = 100


async def search(web: Web, query: str, limit: int = PAGE) -> AsyncGenerator[bytes]:
    """Yield replies with up to ``limit`` full records for a query in Europe PMC's own syntax."""
    mark, seen = "*", 0
    while seen < limit:
        size = min(PAGE, limit - seen)
        params = {"query": query, "resultType": "core", "format": "json", "pageSize": str(size), "cursorMark": mark}
        content = await web.get(f"{web.access.sources.europe_pmc}/search", params, whole=is_json)
        yield content
        answer = _object(content)
        seen += size
        following = answer.get("nextCursorMark")
        if not following or following == mark or seen >= int(answer.get("hitCount") or 0):
            return
        mark = str(following)


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


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise Unreadable("Europe PMC's answer is no JSON.", "Try again; the service may be down.") from wrong
    if not isinstance(answer, dict):
        raise Unreadable("Europe PMC's answer is not what its documentation promises.", "Try again later.")
    return cast("dict[str, Any]", answer)
