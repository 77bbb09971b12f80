"""ClinicalTrials.gov: one registered study by its number.

Source: https://clinicaltrials.gov/data-api/api (version 2).
"""

from urllib.parse import quote

from loaders.fetch.client import Web
from loaders.json_values import holds


async def fetch_trial(web: Web, nct: str) -> bytes:
    """Return the record of a study as JSON. Raises NotThere where the registry has none."""
    address = f"{web.access.sources.clinicaltrials}/studies/{quote(nct, safe='')}"
    return await web.find(address, {"format": "json"}, whole=holds("protocolSection"))
