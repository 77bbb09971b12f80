"""Checks: what bibliographic sources held against citations, and which of it is due again."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import orjson

from kb.questions.records import read_records
from kb.store import Store
from schema.check import Check, check_id
from schema.citation import Citation
from schema.record import DRAFT
from schema.terms import BibliographicSource

#: How long a check stands.
FRESH = timedelta(days=365)

#: What a check rests on.
COMPARED = {
    "title", "authors", "year", "published", "journal", "journal_abbreviation", "issns", "volume", "pages", "pmid",
    "doi", "pmcid",
}  # fmt: skip


def compared_hash(citation: Citation) -> str:
    """Return a hash of the fields that a check compares."""
    content = citation.model_dump(mode="json", include=COMPARED)
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def is_stale(check: Check, citation: Citation, at: datetime | None = None) -> bool:
    """Say whether a check is older than a year at ``at`` (now), or the citation was corrected since."""
    asked = datetime.fromisoformat(check.checked)
    return (at or datetime.now(UTC)) - asked > FRESH or check.compared != compared_hash(citation)


async def read_checks(store: Store, citations: Iterable[str]) -> dict[str, dict[BibliographicSource, Check]]:
    """Return the checks of each citation by source."""
    wanted = list(citations)
    found = await read_records(store, Check.label, (id_ for one in wanted for id_ in check_ids(one)), DRAFT)
    checks: dict[str, dict[BibliographicSource, Check]] = {one: {} for one in wanted}
    for check in found.values():
        assert isinstance(check, Check)
        checks[check.citation][check.source] = check
    return checks


def check_ids(citation: str) -> list[str]:
    """Return the ids under which the checks of a citation are kept."""
    return [check_id(citation, source) for source in BibliographicSource]
