"""Citations that were merged into others: where their ids lead."""

from collections.abc import Iterable

from kb.store import Store
from schema.merged_citation import MergedCitation


async def read_merged(store: Store, ids: Iterable[str]) -> dict[str, MergedCitation]:
    """Return those of these ids whose citation was merged into another one."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = await store.read("nodes_by_id", {"Label": "MergedCitation"}, ids=wanted)
    return {row["node"]["id"]: MergedCitation.from_properties(row["node"]) for row in rows}


async def follow(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """Return for each id the one that it leads to now: itself, or what it was merged into, however often."""
    leads = {id_: id_ for id_ in ids}
    ends = set(leads.values())
    while ends:
        further = {id_: one.into for id_, one in (await read_merged(store, ends)).items()}
        leads = {id_: further.get(end, end) for id_, end in leads.items()}
        ends = set(further.values())
    return leads
