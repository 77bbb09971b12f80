"""Revisions: which record of a paper stands where its source holds several, and which identifiers a source takes back.

Of several records of one paper in a source the one that was revised later stands whole, and one that was revised before
what the graph holds says nothing. What these earlier ones say of a paper's identifiers is not so any more: no other
record may be found by it. Nor by an identifier that the source of a citation gave and does not give now.
"""

from collections.abc import Iterable, Sequence

from kb.ingest.decision import Incoming
from kb.ingest.existing import Existing
from kb.ingest.merge import Age, age_of, voice
from schema.citation import Citation

#: Identifiers that may turn out to be another paper's; a PMID is the record of PubMed itself.
CORRECTED = ("doi", "pmcid")


class Revisions:
    """The citations of a load beside each other, and beside what the graph holds under their ids and PMIDs."""

    def __init__(self, incoming: Sequence[Incoming], existing: Iterable[Existing]) -> None:
        self._held: dict[str, Existing] = {}
        for known in existing:
            if isinstance(known.record, Citation) and known.record.pmid:
                self._held[f"pmid:{known.record.pmid}"] = known
            self._held[known.record.id] = known
        self._latest: dict[tuple[str, str], Incoming] = {}
        #: Identifiers of records without a PMID, with the source: they may be of a paper that has one.
        self._alone: set[tuple[str, str, str]] = set()
        for one in incoming:
            if getattr(one.parsed.record, "pmid", None) is None:
                values = ((name, getattr(one.parsed.record, name, None)) for name in CORRECTED)
                self._alone |= {(one.source, name, value) for name, value in values if value}
            known_latest = self._latest.get(_key(one))
            if known_latest is None or _revised(one) > _revised(known_latest):
                self._latest[_key(one)] = one

    def later(self, one: Incoming) -> Incoming | None:
        """Return the record of the same paper and source that was revised later than this one."""
        latest = self._latest[_key(one)]
        return latest if _revised(latest) > _revised(one) else None

    def past(self, one: Incoming) -> Existing | None:
        """Return what the graph holds of a paper, where that was revised later than this record."""
        held = self._held.get(one.parsed.record.id)
        return held if held and age_of(held, one.parsed.record, one.source) is Age.OLDER else None

    def given_up(self, one: Incoming) -> list[tuple[str, str]]:
        """Return the identifiers, with their values, that a record takes back from its citation of the graph.

        Those that its own source gave it: now it has another one there, or none.
        """
        held, latest = self._held.get(one.parsed.record.id), self._latest[_key(one)]
        if held is None or latest is not one:
            return []
        age = age_of(held, one.parsed.record, one.source)
        found: list[tuple[str, str]] = []
        for name in CORRECTED:
            old, new, owner = getattr(held.record, name), getattr(one.parsed.record, name), held.source_of(name)
            newer = age is Age.NEWER and voice(owner) == voice(one.source)
            own = owner == one.source and age is not Age.OLDER
            if old and old != new and (newer or own) and (one.source, name, old) not in self._alone:
                found.append((name, old))
        return found


def _key(one: Incoming) -> tuple[str, str]:
    return one.source, one.parsed.record.id


def _revised(one: Incoming) -> str:
    """When a record was revised; one that does not say it is the older."""
    return getattr(one.parsed.record, "revised", None) or ""
