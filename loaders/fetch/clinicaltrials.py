"""ClinicalTrials.gov: one registered study by its number.

Source: https://clinicaltrials.gov/data-api/api (version 2).
"""

from urllib.parse import quote

from loaders.fetch.client import Web
from loaders.json_values import is_json


async def fetch_trial(web: Web, nct: str) -> bytes:
    """Return the record of a study as JSON. Raises NotThere where the registry has none."""
    address = f"{web.access.sources.clinicaltrials}/studies/{quote(nct, safe='')}"
    return await web.get(address, {"format": "json"}, whole=is_json)
