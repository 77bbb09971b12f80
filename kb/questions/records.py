"""Records as a release holds them: the current content, or what it said before it was edited."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from typing import Any

import orjson

from kb.ahead import ahead
from kb.store import Reads, Row, Store, portions
from schema.page import Reference, Statement
from schema.record import DRAFT, Record
from schema.records import DERIVED, RECORDS

#: Records asked for in one statement.
AT_ONCE = 1_000


async def current_release(store: Store) -> int:
    """Return the number of the newest release, 0 before the first."""
    rows = await store.read("current_release")
    return (rows[0]["number"] or 0) if rows else 0


async def read_records(store: Store, label: str, ids: Iterable[str], release: int) -> dict[str, Record]:
    """Return the records of one label with these ids as ``release`` holds them; those it does not hold are missing."""
    found: dict[str, Record] = {}
    # Making records of what was read takes as long as reading it.
    async with aclosing(ahead(_nodes(store, label, sorted(set(ids))))) as reading:
        async for some, nodes in reading:
            found |= await at_release(store, label, nodes, release)
            gone = sorted(set(some) - {node["id"] for node in nodes})
            found |= await in_revisions(store, label, gone, release)
    return found


async def _nodes(store: Store, label: str, ids: Sequence[str]) -> AsyncGenerator[tuple[list[str], list[Row]]]:
    for some in portions(ids, AT_ONCE):
        yield some, await store.nodes(label, some)


async def read_all_records(store: Reads, label: str, release: int) -> dict[str, Record]:
    """Return every record of one (small) label as ``release`` holds it. The draft number gives the newest content."""
    return await at_release(store, label, await all_nodes(store, label), release)


async def all_nodes(store: Reads, label: str) -> list[dict[str, Any]]:
    """Return the properties of all nodes of one (small) label."""
    (row,) = await store.read("all_nodes", {"Label": label})
    found: list[dict[str, Any]] = row["nodes"]
    return found


async def read_parts(store: Store, label: str, pages: Iterable[str], release: int) -> dict[str, Record]:
    """Return the statements, or the references, of pages as ``release`` holds them, without those withdrawn."""
    wanted = sorted(set(pages))
    rows = await store.read("parts_of_pages", {"Label": label}, ids=wanted)
    found = await read_records(store, label, [row["id"] for row in rows], release)
    return {
        id_: one
        for id_, one in found.items()
        if isinstance(one, Statement | Reference) and one.page in wanted and not one.withdrawn
    }


async def at_release(store: Reads, label: str, nodes: list[dict[str, Any]], release: int) -> dict[str, Record]:
    """Return the records of some nodes of one label as ``release`` holds them; those it does not hold are missing."""
    standing, edited = parted(label, nodes, release)
    made = RECORDS[label].from_properties
    return {node["id"]: made(node) for node in standing} | await in_revisions(store, label, edited, release)


def parted(label: str, nodes: Iterable[dict[str, Any]], release: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the nodes that say what ``release`` holds, and the ids of those that were edited since."""
    if RECORDS[label] in DERIVED:
        # Never edited: it stands in a range of releases, or since it was made.
        return [node for node in nodes if node.get("first", 0) <= release < node.get("until", release + 1)], []
    standing: list[dict[str, Any]] = []
    edited: list[str] = []
    for node in nodes:
        if node["since"] <= release:
            standing.append(node)
        elif node["first_release"] <= release:
            edited.append(node["id"])
    return standing, edited


async def in_revisions(store: Reads, label: str, ids: list[str], release: int) -> dict[str, Record]:
    """Return what a release held of records that were edited since, or merged into another one."""
    if not ids or release >= DRAFT:
        return {}
    rows = await store.read("revisions_at", ids=ids, label=label, release=release)
    return {row["id"]: RECORDS[label].model_validate(orjson.loads(row["content"])) for row in rows}


async def edited_ids(store: Reads, label: str, release: int) -> list[str]:
    """Return the ids of the records of one label that a release holds otherwise than they are now.

    Their relationships are those of now. Ask after these were read, for an edit may land in between.
    """
    return [row["id"] for row in await store.read("edited_nodes", label=label, release=release)]
