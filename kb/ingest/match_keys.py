"""The match keys of a graph's citations: made again when a graph is older than they are, or than their rules."""

from kb.ingest.existing import existing_from
from kb.matching import KEYS, VERSION, match_keys
from kb.store import Store
from schema.citation import Citation


async def match_keys_made(store: Store) -> bool:
    """Say whether every citation has its match keys."""
    return await store.read("match_mark") == [{"version": VERSION}]


async def ensure_match_keys(store: Store) -> int:
    """Give every citation its match keys, unless that was done; return how many got new ones.

    It may be cut short: the next call goes on. New citations are written with theirs.
    """
    if await match_keys_made(store):
        return 0
    changed = 0
    async for nodes in store.every("Citation"):
        rows: list[dict[str, str | None]] = []
        for node in nodes:
            record = existing_from("Citation", node).record
            assert isinstance(record, Citation)
            keys = match_keys(record)
            if any(node.get(name) != keys.get(name) for name in KEYS):
                rows.append({"id": record.id} | {name: keys.get(name) for name in KEYS})
        if rows:
            await store.write("set_match_keys", rows=rows)
            changed += len(rows)
    await store.write("match_mark_set", version=VERSION)
    return changed
