"""Crossref: works by DOI, and by what is printed of them.

Source: https://github.com/CrossRef/rest-api-doc; ``mailto`` asks for the polite pool.
"""

from urllib.parse import quote

from loaders.fetch.client import Web
from loaders.json_values import holds

_ANSWER = holds("message", "message-type")


async def fetch_work(web: Web, doi: str) -> bytes:
    """Return the reply with the work of a DOI. Raises NotThere where Crossref has none."""
    address = f"{web.access.sources.crossref}/works/{quote(doi, safe='')}"
    return await web.find(address, personal=_who(web), whole=_ANSWER)


async def search_works(web: Web, printed: str, rows: int = 5) -> bytes:
    """Return the reply with the works that are most like a reference as it is printed, the likest first."""
    params = {"query.bibliographic": printed[:1000], "rows": str(rows)}
    return await web.get(f"{web.access.sources.crossref}/works", params, personal=_who(web), whole=_ANSWER)


def _who(web: Web) -> dict[str, str]:
    return {"mailto": web.access.contact} if web.access.contact else {}
