"""Citations that were merged into others: where their ids lead."""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.store import Reads, Store
from schema.merged_citation import MergedCitation
from schema.record import DRAFT

MERGED_INTO = "merged_into"


@dataclass(frozen=True, slots=True)
class OpenMerge:
    """A merge that no release holds yet: the merged citation, the one it leads to, and the revision readers find."""

    citation: str
    into: str
    revision: str


async def read_merged(store: Reads, ids: Iterable[str], *, split_too: bool = False) -> dict[str, MergedCitation]:
    """Return those of these ids whose citation is merged into another one; ``split_too``: or was, for a time."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    found = map(MergedCitation.from_properties, await store.nodes("MergedCitation", wanted))
    return {one.id: one for one in found if split_too or one.split is None}


async def read_merged_into(store: Reads, ids: Iterable[str]) -> list[MergedCitation]:
    """Return what is merged into these citations, the earliest first."""
    wanted = sorted(set(ids))
    rows = await store.read(MERGED_INTO, ids=wanted) if wanted else []
    return sorted((MergedCitation.from_properties(row["node"]) for row in rows), key=lambda one: (one.merged, one.id))


async def follow(store: Reads, ids: Iterable[str]) -> dict[str, str]:
    """Return for each id the one that it leads to now: itself, or what it was merged into, however often."""
    leads = {id_: id_ for id_ in ids}
    ends = set(leads.values())
    while ends:
        further = {id_: one.into for id_, one in (await read_merged(store, ends)).items()}
        leads = {id_: further.get(end, end) for id_, end in leads.items()}
        ends = set(further.values())
    return leads


async def citations_with(store: Store, name: str, value: str, *, ever: bool = False) -> list[str]:
    """Return the ids of the citations with an outside identifier, those that were merged into others included.

    ``ever``: also of those that had it before they were edited.
    """
    queries = ("citation_ids", "merged_ids", *(["revised_ids"] if ever else []))
    found = [row["id"] for query in queries for row in await store.read(query, {"property": name}, value=value)]
    return list(dict.fromkeys(found))


async def open_merges(store: Store) -> list[OpenMerge]:
    """Return the merged citations that the newest release still holds as they were."""
    rows = await store.read("open_revisions", draft=DRAFT)
    kept = await follow(store, {row["into"] for row in rows})
    return [OpenMerge(row["citation"], kept[row["into"]], row["id"]) for row in rows]
